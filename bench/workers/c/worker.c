/*
 * One contending process of a round, in C: bench/measure/worker/worker.ts without an engine. It speaks the protocol of
 * PROTOCOL.md. The lock comes before it, in the same unit: see lockbench.h. So do all its parts, that nothing a turn needs is
 * called by way of another unit.
 */
#include "lockbench.h"
#include "job.h"
#include "look-and-pairs.h"
#include "orders.h"
#include "process.h"
#include "round-task.h"

#define LB_PROTOCOL 1

int main(int count, char **words)
{
    if (count < 2) {
        fprintf(stderr, "This program is started by lockbench, which gives it a job; see bench/workers/PROTOCOL.md.\n");
        return EXIT_FAILURE;
    }
    const char *job = words[count - 1];
    const char *protocol = lb_find(job, "protocol");
    if (protocol == NULL || lb_number(job, "protocol") != LB_PROTOCOL)
        lockbench_say_error("the job", "protocol 1 was expected");
    lb_drop(job);
    lb_die_with_parent(job);
    if (lb_is(job, "task", "look"))
        lb_look_task(job);
    else if (lb_is(job, "task", "pairs"))
        lb_pairs_task(job);
    else if (lb_is(job, "task", "round"))
        lb_round_task(job);
    else if (lb_is(job, "task", "obey"))
        lb_orders_task(job);
    else
        lockbench_say_error("the job", "a task was expected: look, pairs, round or obey");
    return EXIT_SUCCESS;
}

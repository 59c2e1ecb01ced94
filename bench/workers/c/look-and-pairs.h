/*
 * What a worker does alone: it tries its lock out, or times it.
 */
#ifndef LOCKBENCH_LOOK_AND_PAIRS_H
#define LOCKBENCH_LOOK_AND_PAIRS_H

#include "messages.h"
#include "turns.h"

/* One acquisition and one release, nobody else being there. */
static void lb_look_task(const char *job)
{
    const struct lb_directory timed = lb_directory_in(job, "timed");
    const struct site site = lb_open(&timed, true);
    const struct lockbench_lock *lock = &lockbench_lock;
    if (lock->begin_acquire != NULL)
        lock->begin_acquire();
    if (lock->try_lock == NULL)
        lock->lock();
    else if (!lock->try_lock())
        lockbench_say_error("this lock", "it is said to be held, though nobody holds it");
    lock->unlock();
    lb_close(&site);
    char members[128];
    lb_describe(members, sizeof members);
    lb_say("{\"at\":\"found\",%s}\n", members);
}

/* A sample is the mean of some pairs: a clock that is read twice costs more than the cheapest pair. */
__attribute__((always_inline)) static inline double lb_sample_by(bool blocks, int64_t pairs)
{
    const int64_t start = lb_now();
    for (int64_t i = 0; i < pairs; i++) {
        lb_acquire_by(blocks, false);
        lockbench_lock.unlock();
    }
    return (double)(lb_now() - start) / (double)pairs;
}

static double lb_sample(int64_t pairs)
{
    return lb_policy.kind == LB_BLOCK ? lb_sample_by(true, pairs) : lb_sample_by(false, pairs);
}

static void lb_pairs_task(const char *job)
{
    const struct lb_directory timed = lb_directory_in(job, "timed");
    const int64_t samples = lb_number(job, "samples");
    const int64_t pairs = lb_number(job, "pairsPerSample");
    lb_policy = lb_policy_in(job);
    lb_require_members();
    const struct site site = lb_open(&timed, true);
    double *ns = calloc((size_t)samples, sizeof *ns);
    if (ns == NULL)
        fail("calloc");
    for (int64_t i = 0; i < samples; i++)
        lb_sample(pairs);
    for (int64_t i = 0; i < samples; i++)
        ns[i] = lb_sample(pairs);
    lb_close(&site);

    FILE *message = fdopen(LB_MESSAGES_FD, "w");
    if (message == NULL)
        fail("fdopen");
    fprintf(message, "{\"at\":\"pairs\",\"ns\":[");
    for (int64_t i = 0; i < samples; i++)
        fprintf(message, "%s%.2f", i == 0 ? "" : ",", ns[i]);
    fprintf(message, "]}\n");
    fclose(message);
}

#endif

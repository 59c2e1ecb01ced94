/*
 * What observes who is inside, in trace and prove rounds, and what delays a worker at random.
 */
#ifndef LOCKBENCH_INSTRUMENTS_H
#define LOCKBENCH_INSTRUMENTS_H

#include "clock.h"
#include "control.h"
#include "round-state.h"
#include <sched.h>

static void lb_violate(int beside)
{
    if (lb_violations.count++ == 0) {
        lb_violations.first_at = lb_now();
        lb_violations.first_turn = lb_violations.turn;
        lb_violations.first_beside = beside;
    }
}

static void lb_enter(void)
{
    if (lb_role == LB_READER) {
        atomic_fetch_add(lb_word(LB_READERS), 1);
        const int seen = atomic_load(lb_word(LB_OWNER));
        if (seen != 0)
            lb_violate(seen - 1);
        return;
    }
    int seen = 0;
    lb_alone = atomic_compare_exchange_strong(lb_word(LB_OWNER), &seen, lb_worker_index + 1);
    if (!lb_alone)
        lb_violate(seen - 1);
    else if (lb_has_readers && atomic_load(lb_word(LB_READERS)) != 0)
        lb_violate(-1);
}

static void lb_leave(void)
{
    if (lb_role == LB_READER) {
        atomic_fetch_sub(lb_word(LB_READERS), 1);
    } else if (lb_alone) {
        int seen = lb_worker_index + 1;
        if (!atomic_compare_exchange_strong(lb_word(LB_OWNER), &seen, 0))
            lb_violate(seen - 1);
    }
    lb_violations.turn++;
}

/* All readers are one: a lock lets them in together, and a proof of many would say nothing about the writer. */
static void lb_count_handoff(void)
{
    const int us = lb_role == LB_READER ? -1 : lb_worker_index + 1;
    const int previous = atomic_exchange(lb_word(LB_LAST), us);
    if (previous == us || previous == 0)
        return;
    if (atomic_fetch_add(lb_word(LB_HANDOFFS), 1) + 1 >= lb_enough_handoffs)
        atomic_store(lb_word(LB_STOP), 1);
}

/* As long as a wake-up takes, so that waiters arrive at every point of a turn. */
#define LB_LONGEST_DELAY_NS 50000

/* Gives the processor away or stops for a while, or neither, drawn anew each time. */
static void lb_random_delay(void)
{
    const double fate = lb_random();
    if (fate < 0.25)
        sched_yield();
    else if (fate < 0.75)
        lb_spin((int64_t)(lb_random() * LB_LONGEST_DELAY_NS));
}

#endif

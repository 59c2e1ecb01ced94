/*
 * The turn: the lock and the way to wait for it, joined; and the loops of the three kinds of rounds.
 */
#ifndef LOCKBENCH_TURNS_H
#define LOCKBENCH_TURNS_H

#include "instruments.h"
#include "site.h"

static void lb_pause(const struct lb_pause *pause)
{
    if (pause->kind == LB_SPIN)
        lb_spin(pause->ns);
    else if (pause->kind == LB_SLEEP)
        lb_sleep(pause->ns);
}

/* The ceiling doubles at each failed try; half of it is drawn, so that two that collided do not collide again in step. */
static void lb_back_off(int64_t attempt)
{
    double ceiling = (double)lb_policy.from_ns;
    for (int64_t i = 0; i < attempt && ceiling < (double)lb_policy.to_ns; i++)
        ceiling *= 2;
    if (ceiling > (double)lb_policy.to_ns)
        ceiling = (double)lb_policy.to_ns;
    lb_sleep((int64_t)(ceiling / 2 + lb_random() * ceiling / 2 + 1));
}

static void lb_after_failed_try(int64_t attempt)
{
    lb_failed_tries++;
    switch (lb_policy.kind) {
    case LB_YIELD:
        sched_yield();
        break;
    case LB_SLEEPING:
        lb_sleep(lb_policy.ns);
        break;
    case LB_BACKOFF:
        lb_back_off(attempt);
        break;
    default:
        relax();
    }
}

__attribute__((always_inline)) static inline void lb_acquire_by(bool blocks, bool shared)
{
    if (lockbench_lock.begin_acquire != NULL)
        lockbench_lock.begin_acquire();
    if (blocks) {
        if (!shared && lockbench_lock.lock != NULL)
            lockbench_lock.lock();
        else if (lockbench_lock.lock_shared != NULL)
            lockbench_lock.lock_shared();
        return;
    }
    for (int64_t attempt = 0;; attempt++) {
        if (!shared && lockbench_lock.try_lock != NULL) {
            if (lockbench_lock.try_lock())
                return;
        } else if (lockbench_lock.try_lock_shared == NULL || lockbench_lock.try_lock_shared()) {
            return;
        }
        lb_after_failed_try(attempt);
    }
}

/* A rogue takes numbers without the lock, whatever lock its program has. */
static inline void lb_acquire(void)
{
    if (lb_role == LB_ROGUE)
        return;
    lb_acquire_by(lb_policy.kind == LB_BLOCK, lb_role == LB_READER);
}

static inline void lb_release(void)
{
    if (lb_role != LB_ROGUE)
        lockbench_lock.unlock();
}

/* Throws out a job that the lock cannot do, before the first turn: the turn itself asks nothing. */
static void lb_require_members(void)
{
    if (lb_role == LB_ROGUE)
        return;
    const struct lockbench_lock *lock = &lockbench_lock;
    const bool shared = lock->lock_shared != NULL && lock->try_lock_shared != NULL;
    if (lb_role == LB_READER ? !shared : lb_policy.kind == LB_BLOCK ? lock->lock == NULL : lock->try_lock == NULL)
        lockbench_say_error("this lock", "it has no such mode, or cannot wait like this");
}

static inline int32_t lb_take_or_look(void)
{
    if (lb_role != LB_READER)
        return lb_take(lb_number_fd);
    lb_number_before = lb_look();
    return lb_number_before;
}

/* A reader reads twice, with the hold time between. */
static inline void lb_hold(void)
{
    lb_pause(&lb_hold_time);
    if (lb_role != LB_READER)
        return;
    const int32_t after = lb_look();
    if (after == -1 || after != lb_number_before)
        lb_changed_reads++;
}

/*
 * The turns that most rounds consist of. What they need is in registers or on the stack: where a system call flushes the TLB,
 * each page that is touched after it costs as much as a cheap lock, and the worker's own variables lie on one of their own.
 */
__attribute__((always_inline)) static inline int64_t lb_bare_turns(bool blocks, int32_t *ledger, int64_t count)
{
    atomic_int *const stop = lb_word(LB_STOP);
    const int number_fd = lb_number_fd;
    for (int64_t i = 0; i < count; i++) {
        if (atomic_load(stop) != 0)
            return i;
        lb_acquire_by(blocks, false);
        ledger[i] = lb_take(number_fd);
        lockbench_lock.unlock();
    }
    return count;
}

/* Turns of a timing round, and of a rehearsal: nothing is observed. */
static int64_t lb_plain_turns(int32_t *ledger, int64_t count)
{
    const bool pauses = lb_hold_time.kind != LB_NO_PAUSE || lb_think_time.kind != LB_NO_PAUSE;
    if (!pauses && lb_role == LB_LOCKER)
        return lb_policy.kind == LB_BLOCK ? lb_bare_turns(true, ledger, count) : lb_bare_turns(false, ledger, count);
    atomic_int *const stop = lb_word(LB_STOP);
    for (int64_t i = 0; i < count; i++) {
        if (atomic_load(stop) != 0)
            return i;
        lb_acquire();
        ledger[i] = lb_take_or_look();
        lb_hold();
        lb_release();
        lb_pause(&lb_think_time);
    }
    return count;
}

/* Where there is room for stamps they are written, too: another worker may have no instructions for the owner word. */
static int64_t lb_proving_turns(int32_t *ledger, int64_t count)
{
    atomic_int *const stop = lb_word(LB_STOP);
    int64_t *stamps = lb_stamp_count > 0 ? lb_stamps : NULL;
    if (stamps != NULL)
        stamps[0] = lb_now();
    for (int64_t i = 0; i < count; i++) {
        if (atomic_load(stop) != 0)
            return i;
        lb_acquire();
        if (stamps != NULL)
            stamps[1] = lb_now();
        lb_enter();
        lb_count_handoff();
        ledger[i] = lb_take_or_look();
        lb_random_delay();
        lb_hold();
        lb_leave();
        if (stamps != NULL)
            stamps[2] = lb_now();
        lb_release();
        lb_pause(&lb_think_time);
        lb_random_delay();
        if (stamps != NULL) {
            stamps += 3;
            stamps[0] = lb_now();
        }
    }
    return count;
}

/* Three stamps a turn: asked for it, got it, about to give it back. A trace round has one lap, and begins here once. */
static int64_t lb_traced_turns(int32_t *ledger, int64_t count)
{
    atomic_int *const stop = lb_word(LB_STOP);
    int64_t *stamps = lb_stamps;
    stamps[0] = lb_now();
    for (int64_t i = 0; i < count; i++) {
        if (atomic_load(stop) != 0)
            return i;
        lb_acquire();
        stamps[1] = lb_now();
        lb_enter();
        ledger[i] = lb_take_or_look();
        lb_hold();
        lb_leave();
        stamps[2] = lb_now();
        lb_release();
        lb_pause(&lb_think_time);
        stamps += 3;
        stamps[0] = lb_now();
    }
    return count;
}

static int64_t lb_turns(int32_t *ledger, int64_t count)
{
    switch (lb_kind) {
    case LB_TRACE:
        return lb_traced_turns(ledger, count);
    case LB_PROVE:
        return lb_proving_turns(ledger, count);
    default:
        return lb_plain_turns(ledger, count);
    }
}

#endif

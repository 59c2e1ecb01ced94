/*
 * A round, from its job to its figures.
 */
#ifndef LOCKBENCH_ROUND_TASK_H
#define LOCKBENCH_ROUND_TASK_H

#include "messages.h"
#include "process.h"
#include "turns.h"
#include <sys/resource.h>
#include <sys/time.h>

static int64_t lb_ns_of(struct timeval time)
{
    return (int64_t)time.tv_sec * 1000000000 + (int64_t)time.tv_usec * 1000;
}

static void lb_say_exclusion(char *text, size_t room, int64_t gate_ns)
{
    if (lb_kind == LB_TIMING) {
        snprintf(text, room, "null");
        return;
    }
    char first[128] = "null";
    char beside[16] = "null";
    if (lb_violations.first_beside != -1)
        snprintf(beside, sizeof beside, "%d", lb_violations.first_beside);
    if (lb_violations.count > 0)
        snprintf(first, sizeof first, "{\"atNs\":%lld,\"turn\":%lld,\"beside\":%s}",
                 (long long)(lb_violations.first_at - gate_ns), (long long)lb_violations.first_turn, beside);
    snprintf(text, room, "{\"violations\":%lld,\"first\":%s}", (long long)lb_violations.count, first);
}

/* Laps, until the round has lasted long enough, the ledger is full or the parent says stop. */
static void lb_timed_turns(const char *job, int32_t *ledger)
{
    const int64_t lap = lb_number(job, "lap");
    const int64_t capacity = lb_number(job, "capacity");
    const int64_t at_least_ns = lb_number(job, "atLeastNs");
    lb_failed_tries = lb_changed_reads = 0;
    const int64_t migrations = lb_migrations();
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    lb_say("{\"at\":\"ready\"}\n");
    lb_wait_for(LB_TIMED);

    const int64_t gate_ns = lb_gate_ns();
    const int64_t start = lb_now();
    int64_t turns = 0;
    int64_t done;
    do {
        done = lb_turns(ledger + turns, lap);
        turns += done;
    } while (done == lap && turns + lap <= capacity && lb_now() - gate_ns < at_least_ns);
    const int64_t end = lb_now();
    getrusage(RUSAGE_SELF, &after);
    const int64_t migrations_after = lb_migrations();

    char exclusion[256];
    lb_say_exclusion(exclusion, sizeof exclusion, gate_ns);
    char migrated[32] = "null";
    if (migrations != -1 && migrations_after != -1)
        snprintf(migrated, sizeof migrated, "%lld", (long long)(migrations_after - migrations));
    lb_say("{\"at\":\"done\",\"figures\":{\"startNs\":%lld,\"endNs\":%lld,\"turns\":%lld,\"changedReads\":%lld,"
           "\"exclusion\":%s,\"failedTries\":%lld,\"userNs\":%lld,\"systemNs\":%lld,\"voluntarySwitches\":%ld,"
           "\"involuntarySwitches\":%ld,\"migrations\":%s}}\n",
           (long long)(start - gate_ns), (long long)(end - gate_ns), (long long)turns, (long long)lb_changed_reads,
           exclusion, (long long)lb_failed_tries, (long long)(lb_ns_of(after.ru_utime) - lb_ns_of(before.ru_utime)),
           (long long)(lb_ns_of(after.ru_stime) - lb_ns_of(before.ru_stime)), after.ru_nvcsw - before.ru_nvcsw,
           after.ru_nivcsw - before.ru_nivcsw, migrated);
}

static void lb_read_round(const char *job)
{
    const char *conditions = lb_member(job, "conditions");
    lb_kind = lb_is(job, "kind", "timing") ? LB_TIMING : lb_is(job, "kind", "trace") ? LB_TRACE : LB_PROVE;
    lb_role = lb_is(job, "role", "reader") ? LB_READER : lb_is(job, "role", "rogue") ? LB_ROGUE : LB_LOCKER;
    lb_policy = lb_policy_in(job);
    lb_hold_time = lb_pause_in(conditions, "hold");
    lb_think_time = lb_pause_in(conditions, "think");
    lb_worker_index = (int)lb_number(job, "workerIndex");
    lb_has_readers = lb_number(conditions, "readers") > 0;
    lb_enough_handoffs = lb_number(job, "enoughHandoffs");
    lb_random_state = 0x9e3779b9u * (uint32_t)(lb_worker_index + 1);
    lb_require_members();
}

static void lb_round_task(const char *job)
{
    const char *control = lb_member(job, "control");
    const bool kept_open = lb_is(lb_member(job, "conditions"), "number", "kept-open");
    const struct lb_directory rehearsal = lb_directory_in(job, "rehearsal");
    const struct lb_directory timed = lb_directory_in(job, "timed");
    const int64_t rehearsal_turns = lb_number(job, "rehearsalTurns");
    const int64_t capacity = lb_number(job, "capacity");
    lb_read_round(job);
    lb_map_block((size_t)lb_number(control, "bytes"));
    lb_stay_on_processor(job);
    /* The kernel may end a sleep up to 50 µs late, to batch wake-ups; this asks it not to. */
    prctl(PR_SET_TIMERSLACK, 1);

    /* Nothing is compiled while it runs: the rehearsal is enough to warm caches. */
    lb_say("{\"at\":\"warm\",\"turns\":0}\n");
    lb_wait_for(LB_REHEARSAL);
    int32_t *rehearsed = calloc((size_t)rehearsal_turns + 1, sizeof *rehearsed);
    if (rehearsed == NULL)
        fail("calloc");
    struct site site = lb_open(&rehearsal, kept_open);
    lb_plain_turns(rehearsed, rehearsal_turns);
    lb_close(&site);
    free(rehearsed);

    int32_t *ledger = (int32_t *)(lb_block + lb_number(control, "ledger"));
    lb_stamps = (int64_t *)(lb_block + lb_number(control, "stamps"));
    lb_stamp_count = lb_number(control, "stampCount");
    site = lb_open(&timed, kept_open);
    /* Touched now, so that no page is made while the clock runs. */
    memset(ledger, 0, (size_t)capacity * sizeof *ledger);
    if (lb_kind == LB_TRACE)
        memset(lb_stamps, 0, (size_t)lb_stamp_count * sizeof *lb_stamps);
    lb_timed_turns(job, ledger);
    lb_close(&site);
}

#endif

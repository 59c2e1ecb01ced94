/*
 * What a round is, as its turns ask for it, and what is counted of it.
 */
#ifndef LOCKBENCH_ROUND_STATE_H
#define LOCKBENCH_ROUND_STATE_H

#include "job.h"

static enum { LB_TIMING, LB_TRACE, LB_PROVE } lb_kind;
static enum { LB_LOCKER, LB_READER, LB_ROGUE } lb_role;
static struct lb_policy lb_policy;
static struct lb_pause lb_hold_time;
static struct lb_pause lb_think_time;
static int lb_worker_index;
static bool lb_has_readers;
static int64_t lb_enough_handoffs;

static int64_t lb_failed_tries;
static int64_t lb_changed_reads;
static int32_t lb_number_before;

/* The first time that somebody was found inside. */
static struct {
    int64_t count;
    int64_t turn;
    int64_t first_at;
    int64_t first_turn;
    /* Of a worker; -1 for some reader. */
    int first_beside;
} lb_violations;

static bool lb_alone = true;
static int64_t *lb_stamps;
static int64_t lb_stamp_count;

static uint32_t lb_random_state;

/* From 0 to below 1. Source: Marsaglia, "Xorshift RNGs". */
static double lb_random(void)
{
    lb_random_state ^= lb_random_state << 13;
    lb_random_state ^= lb_random_state >> 17;
    lb_random_state ^= lb_random_state << 5;
    return lb_random_state / 4294967296.0;
}

#endif

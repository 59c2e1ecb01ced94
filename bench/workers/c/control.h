/*
 * The control block, which a round's parent and its workers share. See PROTOCOL.md.
 */
#ifndef LOCKBENCH_CONTROL_H
#define LOCKBENCH_CONTROL_H

#include "lockbench.h"

#define LB_CONTROL_FD 3
/* Each word has 128 bytes for itself. */
#define LB_WORD_BYTES 128
enum { LB_STAGE, LB_STOP, LB_GATE, LB_OWNER, LB_READERS, LB_LAST, LB_HANDOFFS, LB_QUESTION, LB_WORDS };
enum { LB_WARM_UP, LB_REHEARSAL, LB_TIMED };

static char *lb_block;

static atomic_int *lb_word(int word)
{
    return (atomic_int *)(lb_block + word * LB_WORD_BYTES);
}

static void lb_map_block(size_t bytes)
{
    lb_block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, LB_CONTROL_FD, 0);
    if (lb_block == MAP_FAILED)
        fail("mmap of the control block");
}

static void lb_wait_for(int stage)
{
    for (int current; (current = atomic_load(lb_word(LB_STAGE))) < stage;)
        futex_wait(lb_word(LB_STAGE), current);
}

static int64_t lb_gate_ns(void)
{
    return atomic_load((_Atomic int64_t *)lb_word(LB_GATE));
}

#endif

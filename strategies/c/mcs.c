/* strategies/mcs.ts: each waiter looks at a word of its own. Source: Mellor-Crummey and Scott 1991, section 2.4. */
#include "lockbench.h"

/* Nodes are named by 1 + the worker's index, since processes map them at different addresses; 0 is none. */
struct node {
    _Alignas(128) atomic_int next;
    atomic_int waits;
};

static struct node *nodes;
static size_t bytes;
static int us;
static bool holds;

/* The end of the queue is the first one's `next`. */
static atomic_int *tail(void) { return &nodes[0].next; }

static void map(const struct site *site)
{
    bytes = (size_t)(site->workers + 2) * sizeof *nodes;
    nodes = map_shared_at(NULL, site, bytes);
    us = site->worker_index + 1;
}

static void lock(void)
{
    nodes[us].next = 0;
    nodes[us].waits = 1;
    const int before = atomic_exchange(tail(), us);
    if (before != 0) {
        nodes[before].next = us;
        for (unsigned looks = 0; atomic_load(&nodes[us].waits) != 0; looks++)
            wait_between(looks);
    }
    holds = true;
}

static bool try_lock(void)
{
    int expected = 0;
    nodes[us].next = 0;
    holds = atomic_compare_exchange_strong(tail(), &expected, us);
    return holds;
}

static void unlock(void)
{
    if (!holds)
        lockbench_say_error("mcs", "only its holder can unlock it");
    holds = false;
    int expected = us;
    if (nodes[us].next == 0 && atomic_compare_exchange_strong(tail(), &expected, 0))
        return;
    /* The next one has come, and is about to say so. */
    for (unsigned looks = 0; nodes[us].next == 0; looks++)
        wait_between(looks);
    nodes[nodes[us].next].waits = 0;
}

static void unmap(void) { munmap(nodes, bytes); }

LOCKBENCH_LOCK(.open = map, .lock = lock, .try_lock = try_lock, .unlock = unlock, .close = unmap, .fifo = true);

/* strategies/clh.ts: each waiter looks at the word of the one before. Source: Craig 1993; Magnusson et al. 1994. */
#include "lockbench.h"

/* At first node 0 is free and the end of the queue, and worker i has node i + 1. `own`: whose node that worker has now. */
struct node {
    _Alignas(128) atomic_int is_taken;
    int own;
};
struct queue {
    _Alignas(128) atomic_int tail;
    struct node nodes[];
};

static struct queue *queue;
static size_t bytes;
static int worker;
static int before;
static bool holds;

static void map(const struct site *site)
{
    bytes = (size_t)(site->workers + 2) * sizeof(struct node);
    queue = map_shared_at(NULL, site, bytes);
    worker = site->worker_index;
    if (queue->nodes[worker].own == 0)
        queue->nodes[worker].own = worker + 1;
}

static void lock(void)
{
    const int own = queue->nodes[worker].own;
    queue->nodes[own].is_taken = 1;
    before = atomic_exchange(&queue->tail, own);
    for (unsigned looks = 0; atomic_load(&queue->nodes[before].is_taken) != 0; looks++)
        wait_between(looks);
    holds = true;
}

static void unlock(void)
{
    if (!holds)
        lockbench_say_error("clh", "only its holder can unlock it");
    holds = false;
    const int own = queue->nodes[worker].own;
    /* Nobody else looks at that one any more. */
    queue->nodes[worker].own = before;
    queue->nodes[own].is_taken = 0;
}

static void unmap(void) { munmap(queue, bytes); }

LOCKBENCH_LOCK(.open = map, .lock = lock, .unlock = unlock, .close = unmap, .fifo = true);

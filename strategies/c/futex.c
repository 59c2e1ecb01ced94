/* strategies/futex.ts in C: a mutex of three states. Source: futex(2); Drepper, "Futexes are tricky". */
#include "lockbench.h"

enum { FREE, HELD, AWAITED };

static atomic_int *const word = (atomic_int *)shared_page;

static void map(const struct site *site)
{
    map_shared_page(site);
}

static bool try_lock(void)
{
    int expected = FREE;
    return atomic_compare_exchange_strong(word, &expected, HELD);
}

/* A process that slept takes it as awaited: there may be others asleep, of which it cannot know. */
static void lock(void)
{
    if (try_lock())
        return;
    while (atomic_exchange(word, AWAITED) != FREE)
        futex_wait(word, AWAITED);
}

static void unlock(void)
{
    if (atomic_exchange(word, FREE) == AWAITED)
        futex_wake_one(word);
}

static void unmap(void)
{
    unmap_shared_page();
}

LOCKBENCH_LOCK(.open = map, .lock = lock, .try_lock = try_lock, .unlock = unlock, .close = unmap);

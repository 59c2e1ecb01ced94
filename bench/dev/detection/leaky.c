/*
 * leaky.ts in C: a lock with a dial, the macro ONE_IN. It lets its caller in once in this many acquisitions whether it is held
 * or not, and else excludes; 0 means that it never leaks.
 */
#include "lockbench.h"
#include <sys/random.h>

static atomic_int *const flag = (atomic_int *)shared_page;
static uint64_t state;
static bool leaks;
static bool mine;

static void map(const struct site *site)
{
    map_shared_page(site);
    if (getrandom(&state, sizeof state, 0) != sizeof state)
        fail("getrandom");
}

/* Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (the finalizer of SplitMix64). */
static uint64_t random_number(void)
{
    uint64_t mixed = state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return mixed ^ mixed >> 31;
}

static void draw(void)
{
    leaks = ONE_IN > 0 && random_number() % (ONE_IN > 0 ? ONE_IN : 1) == 0;
}

static bool try_lock(void)
{
    int expected = 0;
    mine = atomic_compare_exchange_strong(flag, &expected, 1);
    return mine || leaks;
}

/* One who leaked in does not let the others in as well: each leak is one failure. */
static void unlock(void)
{
    if (mine)
        atomic_store(flag, 0);
}

static void unmap(void)
{
    unmap_shared_page();
}

LOCKBENCH_LOCK(.open = map, .begin_acquire = draw, .try_lock = try_lock, .unlock = unlock, .close = unmap);

/* strategies/shm-flag.ts in C: a flag, tested and set in one instruction. Source: shm_overview(7). */
#include "lockbench.h"

static atomic_int *const flag = (atomic_int *)shared_page;

static void map(const struct site *site)
{
    map_shared_page(site);
}

static bool try_lock(void)
{
    int expected = 0;
    return atomic_compare_exchange_strong(flag, &expected, 1);
}

static void unlock(void)
{
    atomic_store(flag, 0);
}

static void unmap(void)
{
    unmap_shared_page();
}

LOCKBENCH_LOCK(.open = map, .try_lock = try_lock, .unlock = unlock, .close = unmap);

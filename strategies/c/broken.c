/* strategies/broken.ts in C: a flag, tested and then set. A control, which must be caught. */
#include "lockbench.h"
#include <sched.h>

static atomic_int *const flag = (atomic_int *)shared_page;

static void map(const struct site *site)
{
    map_shared_page(site);
}

static bool try_lock(void)
{
    if (atomic_load(flag) != 0)
        return false;
    sched_yield();
    atomic_store(flag, 1);
    return true;
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

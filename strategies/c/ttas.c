/* strategies/ttas.ts: looked at before it is written to. Source: Rudolph and Segall 1984. */
#include "lockbench.h"

static atomic_int *const flag = (atomic_int *)shared_page;

static void map(const struct site *site) { map_shared_page(site); }

/* Looking leaves the cache line where it is, shared by all that wait. */
static bool try_lock(void)
{
    int expected = 0;
    return atomic_load_explicit(flag, memory_order_relaxed) == 0 &&
           atomic_compare_exchange_strong_explicit(flag, &expected, 1, memory_order_acquire, memory_order_relaxed);
}

static void unlock(void) { atomic_store_explicit(flag, 0, memory_order_release); }
static void unmap(void) { unmap_shared_page(); }

LOCKBENCH_LOCK(.open = map, .try_lock = try_lock, .unlock = unlock, .close = unmap);

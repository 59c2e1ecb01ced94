/* strategies/ticket.ts in C: served in the order of arrival. Source: Mellor-Crummey and Scott 1991, section 2.2. */
#include "lockbench.h"

static struct counters {
    atomic_int next;
    _Alignas(128) atomic_int serving;
} *const counters = (struct counters *)shared_page;
static int ticket;
static bool waits;

static void map(const struct site *site)
{
    map_shared_page(site);
}

static void draw(void)
{
    ticket = atomic_fetch_add(&counters->next, 1);
    waits = true;
}

static bool try_lock(void)
{
    waits = atomic_load(&counters->serving) != ticket;
    return !waits;
}

static void unlock(void)
{
    atomic_fetch_add(&counters->serving, 1);
}

/* A ticket that is not given back keeps all behind it waiting for ever. */
static void give_back(void)
{
    int drawn = ticket + 1;
    if (waits && !atomic_compare_exchange_strong(&counters->next, &drawn, ticket))
        lockbench_say_error("ticket", "it cannot be given back: others behind it will wait for ever");
    waits = false;
    unmap_shared_page();
}

LOCKBENCH_LOCK(.open = map, .begin_acquire = draw, .try_lock = try_lock, .unlock = unlock, .close = give_back,
               .fifo = true);

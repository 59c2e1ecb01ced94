/* mutex.ts in C: a mutex of POSIX threads of the usual kind. With the macro YIELDS its holder gives the processor up. */
#include "lockbench.h"
#include <pthread.h>

static pthread_mutex_t *const mutex = (pthread_mutex_t *)shared_page;

static void map(const struct site *site)
{
    map_shared_page(site);
}

static void expect_zero(int result)
{
    if (result != 0)
        lockbench_say_error("pthread_mutex", strerror(result));
}

static void lock(void)
{
    expect_zero(pthread_mutex_lock(mutex));
#ifdef YIELDS
    sched_yield();
#endif
}

static void unlock(void) { expect_zero(pthread_mutex_unlock(mutex)); }
static void unmap(void) { unmap_shared_page(); }

LOCKBENCH_LOCK(.open = map, .lock = lock, .unlock = unlock, .close = unmap);

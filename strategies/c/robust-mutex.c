/* strategies/robust-mutex.ts in C. Source: pthread_mutexattr_setrobust(3). */
#include "lockbench.h"
#include <pthread.h>

static pthread_mutex_t *const mutex = (pthread_mutex_t *)shared_page;
static bool owner_died;

static void map(const struct site *site)
{
    map_shared_page(site);
}

/* The calls return the error number. A dead owner's lock is ours, with a warning. */
static bool got(int result)
{
    if (result == EBUSY)
        return false;
    owner_died = result == EOWNERDEAD;
    if (owner_died)
        result = pthread_mutex_consistent(mutex);
    if (result != 0)
        lockbench_say_error("pthread_mutex", strerror(result));
    return true;
}

static void lock(void) { got(pthread_mutex_lock(mutex)); }
static bool try_lock(void) { return got(pthread_mutex_trylock(mutex)); }
static void unlock(void) { got(pthread_mutex_unlock(mutex)); }
static const char *recovery(void) { return owner_died ? "owner-died" : NULL; }
static void unmap(void) { unmap_shared_page(); }

LOCKBENCH_LOCK(.open = map, .lock = lock, .try_lock = try_lock, .unlock = unlock, .close = unmap, .recovery = recovery);

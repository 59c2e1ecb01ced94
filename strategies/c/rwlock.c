/* strategies/rwlock.ts in C. Source: pthread_rwlock_wrlock(3p). */
#include "lockbench.h"
#include <pthread.h>

static pthread_rwlock_t *const rwlock = (pthread_rwlock_t *)shared_page;

static void map(const struct site *site)
{
    map_shared_page(site);
}

/* The calls return the error number. */
static bool got(int result)
{
    if (result != 0 && result != EBUSY)
        lockbench_say_error("pthread_rwlock", strerror(result));
    return result == 0;
}

static void lock(void) { got(pthread_rwlock_wrlock(rwlock)); }
static bool try_lock(void) { return got(pthread_rwlock_trywrlock(rwlock)); }
static void lock_shared(void) { got(pthread_rwlock_rdlock(rwlock)); }
static bool try_lock_shared(void) { return got(pthread_rwlock_tryrdlock(rwlock)); }
static void unlock(void) { got(pthread_rwlock_unlock(rwlock)); }
static void unmap(void) { unmap_shared_page(); }

LOCKBENCH_LOCK(.open = map, .lock = lock, .try_lock = try_lock, .lock_shared = lock_shared,
               .try_lock_shared = try_lock_shared, .unlock = unlock, .close = unmap);

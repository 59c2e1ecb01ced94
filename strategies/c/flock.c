/* strategies/flock.ts in C. Source: flock(2). */
#include "lockbench.h"
#include <sys/file.h>

static int lock_fd;

static void find(const struct site *site)
{
    lock_fd = site->fd;
}

static bool set(int operation)
{
    if (RETRY(flock(lock_fd, operation)) == 0)
        return true;
    if ((operation & LOCK_NB) == 0 || errno != EWOULDBLOCK)
        fail("flock");
    return false;
}

static void lock(void) { set(LOCK_EX); }
static bool try_lock(void) { return set(LOCK_EX | LOCK_NB); }
static void lock_shared(void) { set(LOCK_SH); }
static bool try_lock_shared(void) { return set(LOCK_SH | LOCK_NB); }
static void unlock(void) { set(LOCK_UN); }

LOCKBENCH_LOCK(.open = find, .lock = lock, .try_lock = try_lock, .lock_shared = lock_shared,
               .try_lock_shared = try_lock_shared, .unlock = unlock);

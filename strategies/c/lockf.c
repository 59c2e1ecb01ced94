/* strategies/lockf.ts in C. From the descriptor's offset on, which stays 0. Source: lockf(3). */
#include "lockbench.h"

static int lock_fd;

static void find(const struct site *site)
{
    lock_fd = site->fd;
}

static void lock(void)
{
    if (RETRY(lockf(lock_fd, F_LOCK, 0)) == -1)
        fail("lockf(F_LOCK)");
}

static bool try_lock(void)
{
    if (RETRY(lockf(lock_fd, F_TLOCK, 0)) == 0)
        return true;
    if (errno != EAGAIN && errno != EACCES)
        fail("lockf(F_TLOCK)");
    return false;
}

static void unlock(void)
{
    if (RETRY(lockf(lock_fd, F_ULOCK, 0)) == -1)
        fail("lockf(F_ULOCK)");
}

LOCKBENCH_LOCK(.open = find, .lock = lock, .try_lock = try_lock, .unlock = unlock);

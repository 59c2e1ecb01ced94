/* flock-cycle.ts in C: the sixteen calls of a cycle of `stress-ng --flock`. */
#include "lockbench.h"
#include <sys/file.h>

#define NO_DESCRIPTOR 20001

static int lock_fd;

static void find(const struct site *site)
{
    lock_fd = site->fd;
}

static void taken(int operation)
{
    if (flock(lock_fd, operation) == -1 || flock(lock_fd, LOCK_UN) == -1)
        fail("flock");
}

static void lock(void)
{
    taken(LOCK_EX);
    flock(NO_DESCRIPTOR, LOCK_EX);
    flock(NO_DESCRIPTOR, LOCK_UN);
    taken(LOCK_EX | LOCK_NB);
    flock(lock_fd, LOCK_NB);
    if (flock(lock_fd, LOCK_SH) == -1)
        fail("flock");
}

static void unlock(void)
{
    if (flock(lock_fd, LOCK_UN) == -1)
        fail("flock");
    taken(LOCK_SH | LOCK_NB);
    taken(LOCK_MAND | LOCK_READ);
    taken(LOCK_MAND | LOCK_WRITE);
    flock(lock_fd, LOCK_SH | LOCK_EX);
}

LOCKBENCH_LOCK(.open = find, .lock = lock, .unlock = unlock);

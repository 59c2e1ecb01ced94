/* strategies/fcntl.ts in C: a record lock over the whole file. Source: fcntl_locking(2). */
#include "lockbench.h"

static int lock_fd;

static void find(const struct site *site)
{
    lock_fd = site->fd;
}

static bool set(int command, short type)
{
    struct flock whole_file = {.l_type = type, .l_whence = SEEK_SET};
    if (RETRY(fcntl(lock_fd, command, &whole_file)) == 0)
        return true;
    if (command == F_SETLKW || (errno != EAGAIN && errno != EACCES))
        fail("fcntl");
    return false;
}

static void lock(void) { set(F_SETLKW, F_WRLCK); }
static bool try_lock(void) { return set(F_SETLK, F_WRLCK); }
static void lock_shared(void) { set(F_SETLKW, F_RDLCK); }
static bool try_lock_shared(void) { return set(F_SETLK, F_RDLCK); }
static void unlock(void) { set(F_SETLK, F_UNLCK); }

LOCKBENCH_LOCK(.open = find, .lock = lock, .try_lock = try_lock, .lock_shared = lock_shared,
               .try_lock_shared = try_lock_shared, .unlock = unlock);

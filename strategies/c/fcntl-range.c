/* strategies/fcntl-range.ts in C: one byte, while each process holds a hundred others. Source: fcntl_locking(2). */
#include "lockbench.h"

/* Every other one, since the kernel joins neighbours to one lock. */
#define OTHER_LOCKS 100
#define REGION_BYTES (1 << 20)

static int lock_fd;
static off_t region;

static bool set(int command, short type, off_t start, off_t length)
{
    struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    if (RETRY(fcntl(lock_fd, command, &range)) == 0)
        return true;
    if (command == F_SETLKW || (errno != EAGAIN && errno != EACCES))
        fail("fcntl");
    return false;
}

static void take_others(const struct site *site)
{
    lock_fd = site->fd;
    region = (off_t)(site->worker_index + 1) * REGION_BYTES;
    for (int i = 0; i < OTHER_LOCKS; i++)
        set(F_SETLK, F_WRLCK, region + 2 * i, 1);
}

static void lock(void) { set(F_SETLKW, F_WRLCK, 0, 1); }
static bool try_lock(void) { return set(F_SETLK, F_WRLCK, 0, 1); }
static void lock_shared(void) { set(F_SETLKW, F_RDLCK, 0, 1); }
static bool try_lock_shared(void) { return set(F_SETLK, F_RDLCK, 0, 1); }
static void unlock(void) { set(F_SETLK, F_UNLCK, 0, 1); }
static void drop_others(void) { set(F_SETLK, F_UNLCK, region, 2 * OTHER_LOCKS); }

LOCKBENCH_LOCK(.open = take_others, .lock = lock, .try_lock = try_lock, .lock_shared = lock_shared,
               .try_lock_shared = try_lock_shared, .unlock = unlock, .close = drop_others);

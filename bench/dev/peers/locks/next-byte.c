/* next-byte.ts in C: the bytes of a ring, as Samba's ping_pong takes them. */
#include "lockbench.h"

static int lock_fd;
static int bytes;
static int mine;
static int earlier;

/* ping_pong gives a byte back by the command that waits, too. A length of 0 is the whole file. */
static void set(short type, off_t start, off_t length)
{
    struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    if (RETRY(fcntl(lock_fd, F_SETLKW, &range)) == -1)
        fail("fcntl");
}

static void join(const struct site *site)
{
    lock_fd = site->fd;
    bytes = site->workers + 1;
    mine = site->worker_index % bytes;
    set(F_WRLCK, mine, 1);
}

static void lock(void)
{
    earlier = mine;
    mine = mine + 1 == bytes ? 0 : mine + 1;
    set(F_WRLCK, mine, 1);
}

static void unlock(void) { set(F_UNLCK, earlier, 1); }

/* The others go round without this process from now on. */
static void leave(void) { set(F_UNLCK, 0, 0); }

LOCKBENCH_LOCK(.open = join, .lock = lock, .unlock = unlock, .close = leave);

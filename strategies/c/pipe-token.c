/* strategies/pipe-token.ts in C: who reads the byte from the pipe holds the lock. Source: pipe(7), fifo(7). */
#include "lockbench.h"

static int waiting;
static int trying;

/* For reading and writing, so that neither opening nor writing depends on who else is there. */
static int open_pipe(const char *path, int flags)
{
    const int fd = open(path, O_RDWR | O_CLOEXEC | flags);
    if (fd == -1)
        fail("open");
    return fd;
}

static void open_both(const struct site *site)
{
    char *path = path_of(site, "pipe");
    waiting = open_pipe(path, 0);
    trying = open_pipe(path, O_NONBLOCK);
    free(path);
}

static void lock(void)
{
    char byte;
    if (RETRY(read(waiting, &byte, 1)) == -1)
        fail("read");
}

static bool try_lock(void)
{
    char byte;
    const ssize_t length = RETRY(read(trying, &byte, 1));
    if (length == -1 && errno != EAGAIN)
        fail("read(O_NONBLOCK)");
    return length == 1;
}

static void unlock(void)
{
    if (RETRY(write(waiting, "", 1)) == -1)
        fail("write");
}

static void close_both(void)
{
    close(waiting);
    close(trying);
}

LOCKBENCH_LOCK(.open = open_both, .lock = lock, .try_lock = try_lock, .unlock = unlock, .close = close_both);

/* strategies/excl.ts in C: who creates the name holds the lock. Source: open(2). */
#include "lockbench.h"

static char *name;

static void choose_name(const struct site *site)
{
    name = path_of(site, "lock");
}

static bool try_lock(void)
{
    const int fd = RETRY(open(name, O_RDWR | O_CREAT | O_EXCL, 0644));
    if (fd == -1 && errno != EEXIST)
        fail("open(O_CREAT|O_EXCL)");
    if (fd != -1 && close(fd) == -1)
        fail("close");
    return fd != -1;
}

static void unlock(void)
{
    if (unlink(name) == -1)
        fail("unlink");
}

static void forget_name(void)
{
    free(name);
}

LOCKBENCH_LOCK(.open = choose_name, .try_lock = try_lock, .unlock = unlock, .close = forget_name);

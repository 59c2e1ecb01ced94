/* strategies/trunc.ts in C: nobody but root may open a file of mode 0 once more. Source: open(2). */
#include "lockbench.h"

static char *name;

static void choose_name(const struct site *site)
{
    /* EACCES would else mean "held" where we may not write at all. */
    if (access(site->directory, W_OK | X_OK) == -1)
        fail("access");
    name = path_of(site, "lock");
}

static bool try_lock(void)
{
    const int fd = RETRY(open(name, O_CREAT | O_WRONLY | O_TRUNC, 0));
    if (fd == -1 && errno != EACCES)
        fail("open(O_CREAT|O_TRUNC)");
    if (fd != -1 && close(fd) == -1)
        fail("close");
    return fd != -1;
}

/* As root two can hold it; the second to unlock finds the name gone. */
static void unlock(void)
{
    if (unlink(name) == -1 && errno != ENOENT)
        fail("unlink");
}

static void forget_name(void)
{
    free(name);
}

LOCKBENCH_LOCK(.open = choose_name, .try_lock = try_lock, .unlock = unlock, .close = forget_name);

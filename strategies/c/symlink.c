/* strategies/symlink.ts in C: a symbolic link whose text names its holder. Source: symlink(2). */
#include "lockbench.h"

static char *name;
static char *us;

static void choose_name(const struct site *site)
{
    name = path_of(site, "lock");
    us = own_path_of(site, "holder");
}

/* Over NFS a call that succeeded may be told to have failed: then the link is ours. */
static bool is_ours(void)
{
    char there[PATH_MAX];
    const ssize_t length = readlink(name, there, sizeof there);
    if (length == -1 && errno != ENOENT)
        fail("readlink");
    return length == (ssize_t)strlen(us) && memcmp(there, us, (size_t)length) == 0;
}

static bool try_lock(void)
{
    if (symlink(us, name) == 0)
        return true;
    if (errno != EEXIST)
        fail("symlink");
    return is_ours();
}

static void unlock(void)
{
    if (unlink(name) == -1)
        fail("unlink");
}

static void forget_name(void)
{
    free(name);
    free(us);
}

LOCKBENCH_LOCK(.open = choose_name, .try_lock = try_lock, .unlock = unlock, .close = forget_name);

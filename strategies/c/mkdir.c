/* strategies/mkdir.ts in C: who makes the directory holds the lock. Source: mkdir(2). */
#include "lockbench.h"
#include <sys/stat.h>

static char *name;

static void choose_name(const struct site *site)
{
    name = path_of(site, "lock");
}

static bool try_lock(void)
{
    if (mkdir(name, 0755) == 0)
        return true;
    if (errno != EEXIST)
        fail("mkdir");
    return false;
}

static void unlock(void)
{
    if (rmdir(name) == -1)
        fail("rmdir");
}

static void forget_name(void)
{
    free(name);
}

LOCKBENCH_LOCK(.open = choose_name, .try_lock = try_lock, .unlock = unlock, .close = forget_name);

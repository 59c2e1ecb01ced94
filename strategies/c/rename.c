/* strategies/rename.ts in C: who renames the token holds the lock. Source: rename(2). */
#include "lockbench.h"

static char *token;
static char *own;

static void choose_names(const struct site *site)
{
    token = path_of(site, "free");
    own = own_path_of(site, "held");
}

static bool try_lock(void)
{
    if (rename(token, own) == 0)
        return true;
    if (errno != ENOENT)
        fail("rename");
    /* Over NFS a call that succeeded may be told to have failed. */
    return access(own, F_OK) == 0;
}

static void unlock(void)
{
    if (rename(own, token) == -1)
        fail("rename");
}

static void forget_names(void)
{
    free(token);
    free(own);
}

LOCKBENCH_LOCK(.open = choose_names, .try_lock = try_lock, .unlock = unlock, .close = forget_names);

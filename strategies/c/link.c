/* strategies/link.ts in C: a second name for a file of one's own. Source: link(2), open(2). */
#include "lockbench.h"
#include <sys/stat.h>

static char *own;
static char *agreed;

static void choose_names(const struct site *site)
{
    own = own_path_of(site, "own");
    agreed = path_of(site, "lock");
}

static void make_own(void)
{
    const int fd = RETRY(open(own, O_WRONLY | O_CREAT | O_EXCL, 0644));
    if (fd == -1)
        fail("open(O_CREAT|O_EXCL)");
    if (close(fd) == -1)
        fail("close");
}

/* Over NFS a link that succeeded may be told to have failed: the number of names tells. */
static bool has_two_names(void)
{
    struct stat found;
    if (stat(own, &found) == -1)
        fail("stat");
    return found.st_nlink == 2;
}

static bool try_lock(void)
{
    if (link(own, agreed) == -1) {
        if (errno != EEXIST)
            fail("link");
        if (!has_two_names())
            return false;
    }
    if (unlink(own) == -1)
        fail("unlink");
    return true;
}

static void unlock(void)
{
    if (unlink(agreed) == -1)
        fail("unlink");
}

static void forget_names(void)
{
    unlink(own);
    free(own);
    free(agreed);
}

LOCKBENCH_LOCK(.open = choose_names, .begin_acquire = make_own, .try_lock = try_lock, .unlock = unlock,
               .close = forget_names);

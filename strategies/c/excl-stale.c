/* strategies/excl-stale.ts in C: a lock file with a lease. Source: open(2), rename(2), statx(2). */
#include "lockbench.h"
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define LEASE_NS 500000000

/* Two looks that agree in both saw the same file, left alone since. */
struct change {
    uint64_t inode;
    struct statx_timestamp changed;
};

static char *name;
static char *own;
static int guard;
static struct change ours;
static struct change seen;
static int64_t seen_since;
static bool took_over;

static int64_t clock_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* At a name, or, if the path is empty, at the file that `fd` is open on; asked of the server where there is one. */
static bool look_at(int fd, const char *path, struct change *at)
{
    struct statx found;
    if (statx(fd, path, AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_INO | STATX_CTIME, &found) == -1) {
        if (errno != ENOENT)
            fail("statx");
        return false;
    }
    *at = (struct change){.inode = found.stx_ino, .changed = found.stx_ctime};
    return true;
}

/* False if the name is not there. */
static bool look(struct change *at)
{
    return look_at(AT_FDCWD, name, at);
}

static bool is_same(const struct change *a, const struct change *b)
{
    return a->inode == b->inode && a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

static bool set_guard(int operation)
{
    if (RETRY(flock(guard, operation)) == 0)
        return true;
    if (errno != EWOULDBLOCK)
        fail("flock");
    return false;
}

static void choose_names(const struct site *site)
{
    name = path_of(site, "lock");
    own = own_path_of(site, "own");
    char *path = path_of(site, "guard");
    guard = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (guard == -1)
        fail(path);
    free(path);
    seen = (struct change){0};
}

static int make(const char *path)
{
    return RETRY(open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
}

/* Whether this process has seen the file unchanged for longer than a lease; its first look begins the time. */
static bool has_run_out(void)
{
    struct change there;
    if (!look(&there))
        return false;
    if (is_same(&there, &seen))
        return clock_ns() - seen_since > LEASE_NS;
    seen = there;
    seen_since = clock_ns();
    return false;
}

/* Under the guard: look again, so that nobody renews it meanwhile, and put a file of ours in its place. */
static bool take_over(void)
{
    if (!set_guard(LOCK_EX | LOCK_NB))
        return false;
    took_over = has_run_out();
    if (took_over) {
        const int fd = make(own);
        if (fd == -1)
            fail("open(O_CREAT|O_EXCL)");
        close(fd);
        if (rename(own, name) == -1)
            fail("rename");
        look(&ours);
    }
    set_guard(LOCK_UN);
    return took_over;
}

static bool try_lock(void)
{
    took_over = false;
    const int fd = make(name);
    if (fd == -1) {
        if (errno != EEXIST)
            fail("open(O_CREAT|O_EXCL)");
        return has_run_out() && take_over();
    }
    look_at(fd, "", &ours);
    if (close(fd) == -1)
        fail("close");
    return true;
}

/* Leaves the guard before it fails: who goes on after an error shall not keep it. */
static void while_ours(void (*action)(void))
{
    struct change there;
    set_guard(LOCK_EX);
    const bool is_ours = look(&there) && is_same(&there, &ours);
    if (is_ours)
        action();
    set_guard(LOCK_UN);
    if (!is_ours)
        lockbench_say_error("the lock is ours no more", "its lease ran out, or somebody removed it; two may have held it");
}

static void drop(void)
{
    if (unlink(name) == -1)
        fail("unlink");
}

static void begin_anew(void)
{
    if (utimensat(AT_FDCWD, name, NULL, 0) == -1)
        fail("utimensat");
    look(&ours);
}

static void unlock(void) { while_ours(drop); }
static void renew(void) { while_ours(begin_anew); }
static const char *recovery(void) { return took_over ? "taken-over" : NULL; }

static void forget_names(void)
{
    free(name);
    free(own);
    close(guard);
}

LOCKBENCH_LOCK(.open = choose_names, .try_lock = try_lock, .unlock = unlock, .close = forget_names, .renew = renew,
               .recovery = recovery);

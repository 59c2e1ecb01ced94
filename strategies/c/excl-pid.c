/*
 * strategies/excl-pid.ts in C: a lock file that names its holder. Within a round all processes are of one boot and one pid
 * namespace, so that a name is a pid and when that process started. Source: link(2), rename(2), kill(2), proc_pid_stat(5).
 */
#include "lockbench.h"
#include <signal.h>
#include <sys/file.h>

#define NAME_ROOM 64

static char *name;
static char *own;
static int guard;
static char us[NAME_ROOM];
static bool took_over;

/* The state and the start of a process, in clock ticks since boot; false if there is none, or none that we may see. */
static bool look_at(long pid, char *state, unsigned long long *start)
{
    char path[40];
    char text[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return false;
    const ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    text[length > 0 ? length : 0] = '\0';
    /* The command's name may hold spaces and parentheses; the start is the twentieth field behind it. */
    char *field = strrchr(text, ')');
    if (field == NULL || sscanf(field + 1, " %c", state) != 1)
        return false;
    field++;
    for (int i = 0; i < 20 && field != NULL; i++)
        field = strchr(field + 1, ' ');
    return field != NULL && sscanf(field, "%llu", start) == 1;
}

/* Whether who stands in the file has surely ended. A zombie has: it unlocks nothing any more. */
static bool has_ended(const char *who)
{
    long pid;
    unsigned long long started, start;
    char state;
    if (sscanf(who, "%ld.%llu", &pid, &started) != 2 || pid <= 0)
        return false;
    if (kill((pid_t)pid, 0) == -1 && errno == ESRCH)
        return true;
    return look_at(pid, &state, &start) && (start != started || state == 'Z');
}

static void make_own(const struct site *site)
{
    unsigned long long start = 0;
    char state;
    look_at(getpid(), &state, &start);
    snprintf(us, sizeof us, "%d.%llu", getpid(), start);
    name = path_of(site, "lock");
    own = own_path_of(site, "own");
    char *path = path_of(site, "guard");
    guard = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (guard == -1)
        fail(path);
    free(path);
    const int fd = open(own, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd == -1 || write(fd, us, strlen(us)) != (ssize_t)strlen(us))
        fail(own);
    close(fd);
}

/* What stands in the lock file; false if there is none. */
static bool read_holder(char *who)
{
    const int fd = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd == -1) {
        if (errno != ENOENT)
            fail("open");
        return false;
    }
    const ssize_t length = pread(fd, who, NAME_ROOM - 1, 0);
    if (length == -1)
        fail("pread");
    who[length] = '\0';
    close(fd);
    return true;
}

static bool set_guard(int operation)
{
    if (RETRY(flock(guard, operation)) == 0)
        return true;
    if (errno != EWOULDBLOCK)
        fail("flock");
    return false;
}

/* Under the guard: if the same dead one stands there still, only we can change that. */
static bool take_over_from(const char *dead)
{
    char who[NAME_ROOM];
    if (!set_guard(LOCK_EX | LOCK_NB))
        return false;
    took_over = read_holder(who) && strcmp(who, dead) == 0;
    if (took_over && rename(own, name) == -1)
        fail("rename");
    if (took_over && link(name, own) == -1)
        fail("link");
    set_guard(LOCK_UN);
    return took_over;
}

static bool try_lock(void)
{
    char who[NAME_ROOM];
    took_over = false;
    if (link(own, name) == 0)
        return true;
    if (errno != EEXIST)
        fail("link");
    if (!read_holder(who))
        return false;
    /* Over NFS a link that succeeded may be told to have failed: then the file is ours. */
    return strcmp(who, us) == 0 || (has_ended(who) && take_over_from(who));
}

static void unlock(void)
{
    if (unlink(name) == -1)
        fail("unlink");
}

static const char *recovery(void) { return took_over ? "taken-over" : NULL; }

static void forget_names(void)
{
    unlink(own);
    free(own);
    free(name);
    close(guard);
}

LOCKBENCH_LOCK(.open = make_own, .try_lock = try_lock, .unlock = unlock, .close = forget_names, .recovery = recovery);

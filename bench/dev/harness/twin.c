/*
 * The C twin of the timed loop: under each strategy the same system calls a turn as a worker makes, in the same order, and
 * no engine around them. What a turn costs here is the kernel's price; what it costs more in a worker is TypeScript's.
 *
 * Usage: twin STRATEGY DIRECTORY TURNS [KEY]; a System V semaphore is made under KEY, so that who kills us can remove it.
 * Takes the turns twice, on fresh names in DIRECTORY: once untimed, so that memory and caches are as warm as a worker's,
 * then timed. Prints of the second time the nanoseconds by the clock and of processor time, and the number that stands in the
 * file then, 1 + TURNS.
 * The strategy "empty" has neither lock nor file. Removes what it made; exits 1 and says why if a call fails.
 *
 * It is alone in DIRECTORY under names of its own: a lock found held is an error, not a reason to wait.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "twin.h"

#define ROOM_FOR_NUMBER 24
#define FIRST_NUMBER "1\n"

static char number_path[PATH_MAX];
char lock_path[PATH_MAX];
char own_path[PATH_MAX];
int number_fd = -1;

void fail(const char *call)
{
    perror(call);
    exit(EXIT_FAILURE);
}

static void remove_names(void)
{
    unlink(number_path);
    /* A file, or a directory. */
    remove(lock_path);
    unlink(own_path);
}

static void nothing(void)
{
}

/* The number: taking it adds one to what is there, and returns the sum. */

static int32_t number_in_memory;

static int32_t take_from_memory(void)
{
    return ++number_in_memory;
}

static int32_t take_from_file(void)
{
    char line[ROOM_FOR_NUMBER];
    ssize_t length = RETRY(pread(number_fd, line, sizeof line, 0));
    if (length == -1)
        fail("pread");
    int32_t number = 0;
    ssize_t digits = 0;
    for (; digits < length && line[digits] >= '0' && line[digits] <= '9'; digits++)
        number = number * 10 + (line[digits] - '0');
    if (digits == 0) {
        fprintf(stderr, "%s: a number was expected\n", number_path);
        exit(EXIT_FAILURE);
    }
    number++;

    char *const end = line + sizeof line;
    char *begin = end;
    *--begin = '\n';
    for (int32_t rest = number; rest > 0; rest /= 10)
        *--begin = '0' + rest % 10;
    if (RETRY(pwrite(number_fd, begin, end - begin, 0)) != end - begin)
        fail("pwrite");
    return number;
}

struct strategy {
    const char *name;
    void (*open)(long key); /* NULL: there is nothing to open */
    void (*acquire)(void);
    int32_t (*take)(void);
    void (*release)(void);
};

static const struct strategy strategies[] = {
    {"empty", NULL, nothing, take_from_memory, nothing},
    {"none", NULL, nothing, take_from_file, nothing},
    {"fcntl", NULL, fcntl_acquire, take_from_file, fcntl_release},
    {"fcntl-range", lock_other_ranges, range_acquire, take_from_file, range_release},
    {"ofd", NULL, ofd_acquire, take_from_file, ofd_release},
    {"lockf", NULL, lockf_acquire, take_from_file, lockf_release},
    {"flock", NULL, flock_acquire, take_from_file, flock_release},
    {"excl", NULL, excl_acquire, take_from_file, name_release},
    {"excl-pid", make_own_file, own_acquire, take_from_file, name_release},
    {"excl-stale", open_guard, stale_acquire, take_from_file, stale_release},
    {"link", NULL, link_acquire, take_from_file, name_release},
    {"symlink", NULL, symlink_acquire, take_from_file, name_release},
    {"mkdir", NULL, mkdir_acquire, take_from_file, mkdir_release},
    {"rename", make_token, rename_acquire, take_from_file, rename_release},
    {"trunc", NULL, trunc_acquire, take_from_file, name_release},
    {"shm-flag", open_words, flag_acquire, take_from_file, flag_release},
    {"ticket", open_words, ticket_acquire, take_from_file, ticket_release},
    {"futex", open_words, futex_acquire, take_from_file, futex_release},
    {"robust-mutex", open_mutex, mutex_acquire, take_from_file, mutex_release},
    {"rwlock", open_rwlock, rwlock_acquire, take_from_file, rwlock_release},
    {"posix-sem", open_posix_semaphore, posix_acquire, take_from_file, posix_release},
    {"sysv-sem", open_sysv, sysv_acquire, take_from_file, sysv_release},
    {"sysv-sem-undo", open_sysv_undone, sysv_acquire, take_from_file, sysv_release},
    {"pipe-token", open_pipe, pipe_acquire, take_from_file, pipe_release},
    {"eventfd", open_eventfd, eventfd_acquire, take_from_file, eventfd_release},
    {"port", choose_port, socket_acquire, take_from_file, socket_release},
    {"abstract-socket", choose_abstract_name, socket_acquire, take_from_file, socket_release},
};

static const struct strategy *strategy_named(const char *name)
{
    for (size_t i = 0; i < sizeof strategies / sizeof *strategies; i++)
        if (strcmp(strategies[i].name, name) == 0)
            return &strategies[i];
    fprintf(stderr, "a strategy was expected, got \"%s\"\n", name);
    exit(EXIT_FAILURE);
}

static int64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t cpu_ns(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    const int64_t seconds = (int64_t)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec;
    const int64_t microseconds = (int64_t)usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    return seconds * 1000000000 + microseconds * 1000;
}

struct spent {
    int64_t wall_ns;
    int64_t cpu_ns;
};

/* The timed loop, its clocks read in the order in which a worker reads them. */
static struct spent take_turns(const struct strategy *strategy, int32_t *taken, long turns)
{
    const int64_t cpu_before = cpu_ns();
    const int64_t start = now_ns();
    for (long i = 0; i < turns; i++) {
        strategy->acquire();
        taken[i] = strategy->take();
        strategy->release();
    }
    const int64_t end = now_ns();
    return (struct spent){.wall_ns = end - start, .cpu_ns = cpu_ns() - cpu_before};
}

static void open_number(void)
{
    number_fd = RETRY(open(number_path, O_RDWR | O_CREAT | O_EXCL, 0600));
    if (number_fd == -1)
        fail("open");
}

/* Through the descriptor that stays open: closing one would drop record locks. */
static void set_number(void)
{
    number_in_memory = 1;
    if (ftruncate(number_fd, 0) == -1)
        fail("ftruncate");
    if (RETRY(pwrite(number_fd, FIRST_NUMBER, strlen(FIRST_NUMBER), 0)) == -1)
        fail("pwrite");
}

static long number_in_file(void)
{
    char line[ROOM_FOR_NUMBER + 1] = "";
    if (RETRY(pread(number_fd, line, ROOM_FOR_NUMBER, 0)) == -1)
        fail("pread");
    return strtol(line, NULL, 10);
}

static void set_path(char *path, const char *directory, const char *name)
{
    if (snprintf(path, PATH_MAX, "%s/twin.%d.%s", directory, getpid(), name) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        fail(directory);
    }
}

static long turns_from(const char *text)
{
    char *end;
    const long turns = strtol(text, &end, 10);
    if (*text != '\0' && *end == '\0' && turns >= 1 && turns < INT32_MAX)
        return turns;
    fprintf(stderr, "a number of turns was expected, got \"%s\"\n", text);
    exit(EXIT_FAILURE);
}

int main(int count, char **words)
{
    if (count != 4 && count != 5) {
        fprintf(stderr, "usage: twin STRATEGY DIRECTORY TURNS [KEY]\n");
        return EXIT_FAILURE;
    }
    const struct strategy *strategy = strategy_named(words[1]);
    const long turns = turns_from(words[3]);
    set_path(number_path, words[2], "number");
    set_path(lock_path, words[2], "lock");
    set_path(own_path, words[2], "own");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
        fail("prctl");
    int32_t *taken = calloc(turns, sizeof *taken);
    if (taken == NULL)
        fail("calloc");

    atexit(remove_names);
    open_number();
    if (strategy->open != NULL)
        strategy->open(count == 5 ? strtol(words[4], NULL, 10) : IPC_PRIVATE);
    set_number();
    take_turns(strategy, taken, turns);

    set_number();
    const struct spent spent = take_turns(strategy, taken, turns);
    printf("%lld %lld %ld\n", (long long)spent.wall_ns, (long long)spent.cpu_ns,
           strategy->take == take_from_memory ? (long)taken[turns - 1] : number_in_file());
    free(taken);
    return EXIT_SUCCESS;
}

/*
 * One contending process of a round, in C: bench/measure/worker/worker.ts without an engine. It speaks the protocol of
 * PROTOCOL.md. The lock comes before it, in the same unit: see lockbench.h.
 *
 * From top to bottom: the clock and the messages, who one is, the number, the control block, the instruments, the turn,
 * and the three tasks.
 */
#include "lockbench.h"
#include "job.h"
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#define LB_PROTOCOL 1
#define LB_CONTROL_FD 3
#define LB_MESSAGES_FD 4

/* ---- The clock and the messages ---- */

static int64_t lb_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void lb_spin(int64_t ns)
{
    const int64_t end = lb_now() + ns;
    while (lb_now() < end)
        ;
}

static void lb_sleep(int64_t ns)
{
    struct timespec left = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
        ;
}

/* A line of text for the parent, in one write. */
__attribute__((format(printf, 1, 2))) static void lb_say(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vdprintf(LB_MESSAGES_FD, format, values);
    va_end(values);
}

/* A text within a string of JSON. */
static void lb_escape(char *to, size_t room, const char *from)
{
    char *const end = to + room - 7;
    for (; *from != '\0' && to < end; from++) {
        if ((unsigned char)*from < ' ')
            to += sprintf(to, "\\u%04x", *from);
        else {
            if (*from == '"' || *from == '\\')
                *to++ = '\\';
            *to++ = *from;
        }
    }
    *to = '\0';
}

_Noreturn void lockbench_say_error(const char *what, const char *why)
{
    char text[2][1024];
    lb_escape(text[0], sizeof text[0], what);
    lb_escape(text[1], sizeof text[1], why);
    lb_say("{\"at\":\"error\",\"message\":\"%s: %s\"}\n", text[0], text[1]);
    _exit(EXIT_FAILURE);
}

/* ---- Who one is ---- */

/* Becomes that user for good. The order matters: without its uid a process may not change its groups. */
static void lb_drop(const char *job)
{
    const char *identity = lb_member(job, "identity");
    if (lb_is_null(identity))
        return;
    if (setgroups(0, NULL) == -1)
        fail("setgroups");
    if (setgid((gid_t)lb_number(identity, "gid")) == -1)
        fail("setgid");
    if (setuid((uid_t)lb_number(identity, "uid")) == -1)
        fail("setuid");
}

/* Changing one's uid clears the wish, so it comes after; a parent that died before the call goes unnoticed. */
static void lb_die_with_parent(const char *job)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
        fail("prctl");
    if (getppid() != lb_number(job, "parentPid"))
        lockbench_say_error("the parent", "it has ended, or it is not the process that the job names");
}

static void lb_stay_on_processor(const char *job)
{
    if (lb_is_null(lb_member(job, "processor")))
        return;
    const int processor = (int)lb_number(job, "processor");
    cpu_set_t *set = CPU_ALLOC(processor + 1);
    const size_t bytes = CPU_ALLOC_SIZE(processor + 1);
    if (set == NULL)
        fail("CPU_ALLOC");
    CPU_ZERO_S(bytes, set);
    CPU_SET_S(processor, bytes, set);
    if (sched_setaffinity(0, bytes, set) == -1)
        fail("sched_setaffinity");
    CPU_FREE(set);
}

/* ---- The site and the number ---- */

/* The directory that the parent made, and no other that has its name by now. `name`: what kernel file locks apply to. */
static struct site lb_open_site(const struct lb_directory *directory, int worker_index, const char *name)
{
    const int way = open(directory->path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (way == -1)
        fail(directory->path);
    struct stat found;
    if (fstat(way, &found) == -1)
        fail("fstat");
    if (found.st_ino != strtoull(directory->inode, NULL, 10))
        lockbench_say_error(directory->path, "another process has put something else in the place of this directory");
    const int fd = openat(way, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd == -1)
        fail(name);
    close(way);
    return (struct site){
        .directory = directory->path,
        .token = directory->token,
        .key = directory->key,
        .workers = directory->workers,
        .worker_index = worker_index,
        .fd = fd,
    };
}

#define LB_ROOM_FOR_NUMBER 24

/* What the number lies in: open all the time, or opened anew by each turn, which makes a client of NFS ask the server. */
static int lb_number_fd = -1;
static char *lb_number_path;

static int lb_open_number(int kept_open)
{
    if (kept_open != -1)
        return kept_open;
    const int fd = RETRY(open(lb_number_path, O_RDWR));
    if (fd == -1)
        fail(lb_number_path);
    return fd;
}

static void lb_close_number(int kept_open, int fd)
{
    if (kept_open == -1 && close(fd) == -1)
        fail("close");
}

/* Adds one to the number in the file; returns what it wrote. `kept_open`: the file's descriptor, or -1. */
static inline int32_t lb_take(int kept_open)
{
    const int fd = lb_open_number(kept_open);
    char line[LB_ROOM_FOR_NUMBER];
    const ssize_t length = RETRY(pread(fd, line, sizeof line, 0));
    if (length == -1)
        fail("pread");
    int32_t number = 0;
    ssize_t digits = 0;
    for (; digits < length && line[digits] >= '0' && line[digits] <= '9'; digits++)
        number = number * 10 + (line[digits] - '0');
    if (digits == 0)
        lockbench_say_error("the number file", "a line with a decimal number was expected");
    number++;

    char *const end = line + sizeof line;
    char *begin = end;
    *--begin = '\n';
    for (int32_t rest = number; rest > 0; rest /= 10)
        *--begin = (char)('0' + rest % 10);
    if (RETRY(pwrite(fd, begin, (size_t)(end - begin), 0)) != end - begin)
        fail("pwrite");
    lb_close_number(kept_open, fd);
    return number;
}

/* The number that stands there, or -1 if it is not a whole line with a number, as a reader beside a writer may see. */
static int32_t lb_look(void)
{
    const int fd = lb_open_number(lb_number_fd);
    char line[LB_ROOM_FOR_NUMBER];
    const ssize_t length = RETRY(pread(fd, line, sizeof line, 0));
    if (length == -1)
        fail("pread");
    lb_close_number(lb_number_fd, fd);
    int32_t number = 0;
    for (ssize_t i = 0; i < length; i++) {
        if (line[i] == '\n')
            return i == 0 ? -1 : number;
        if (line[i] < '0' || line[i] > '9')
            return -1;
        number = number * 10 + (line[i] - '0');
    }
    return -1;
}

/* ---- The control block ---- */

/* Each word has 128 bytes for itself. */
#define LB_WORD_BYTES 128
enum { LB_STAGE, LB_STOP, LB_GATE, LB_OWNER, LB_READERS, LB_LAST, LB_HANDOFFS, LB_WORDS };
enum { LB_WARM_UP, LB_REHEARSAL, LB_TIMED };

static char *lb_block;

static atomic_int *lb_word(int word)
{
    return (atomic_int *)(lb_block + word * LB_WORD_BYTES);
}

static void lb_map_block(size_t bytes)
{
    lb_block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, LB_CONTROL_FD, 0);
    if (lb_block == MAP_FAILED)
        fail("mmap of the control block");
}

static void lb_wait_for(int stage)
{
    for (int current; (current = atomic_load(lb_word(LB_STAGE))) < stage;)
        futex_wait(lb_word(LB_STAGE), current);
}

static int64_t lb_gate_ns(void)
{
    return atomic_load((_Atomic int64_t *)lb_word(LB_GATE));
}

/* ---- The job of a round, and what it counts ---- */

static enum { LB_TIMING, LB_TRACE, LB_PROVE } lb_kind;
static enum { LB_LOCKER, LB_READER, LB_ROGUE } lb_role;
static struct lb_policy lb_policy;
static struct lb_pause lb_hold_time;
static struct lb_pause lb_think_time;
static int lb_worker_index;
static bool lb_has_readers;
static int64_t lb_enough_handoffs;

static int64_t lb_failed_tries;
static int64_t lb_changed_reads;
static int32_t lb_number_before;

/* The first time that somebody was found inside. */
static struct {
    int64_t count;
    int64_t turn;
    int64_t first_at;
    int64_t first_turn;
    /* Of a worker; -1 for some reader. */
    int first_beside;
} lb_violations;

static bool lb_alone = true;
static int64_t *lb_stamps;
static int64_t lb_stamp_count;

static uint32_t lb_random_state;

/* From 0 to below 1. Source: Marsaglia, "Xorshift RNGs". */
static double lb_random(void)
{
    lb_random_state ^= lb_random_state << 13;
    lb_random_state ^= lb_random_state >> 17;
    lb_random_state ^= lb_random_state << 5;
    return lb_random_state / 4294967296.0;
}

/* ---- The instruments of prove and trace rounds ---- */

static void lb_violate(int beside)
{
    if (lb_violations.count++ == 0) {
        lb_violations.first_at = lb_now();
        lb_violations.first_turn = lb_violations.turn;
        lb_violations.first_beside = beside;
    }
}

static void lb_enter(void)
{
    if (lb_role == LB_READER) {
        atomic_fetch_add(lb_word(LB_READERS), 1);
        const int seen = atomic_load(lb_word(LB_OWNER));
        if (seen != 0)
            lb_violate(seen - 1);
        return;
    }
    int seen = 0;
    lb_alone = atomic_compare_exchange_strong(lb_word(LB_OWNER), &seen, lb_worker_index + 1);
    if (!lb_alone)
        lb_violate(seen - 1);
    else if (lb_has_readers && atomic_load(lb_word(LB_READERS)) != 0)
        lb_violate(-1);
}

static void lb_leave(void)
{
    if (lb_role == LB_READER) {
        atomic_fetch_sub(lb_word(LB_READERS), 1);
    } else if (lb_alone) {
        int seen = lb_worker_index + 1;
        if (!atomic_compare_exchange_strong(lb_word(LB_OWNER), &seen, 0))
            lb_violate(seen - 1);
    }
    lb_violations.turn++;
}

/* All readers are one: a lock lets them in together, and a proof of many would say nothing about the writer. */
static void lb_count_handoff(void)
{
    const int us = lb_role == LB_READER ? -1 : lb_worker_index + 1;
    const int previous = atomic_exchange(lb_word(LB_LAST), us);
    if (previous == us || previous == 0)
        return;
    if (atomic_fetch_add(lb_word(LB_HANDOFFS), 1) + 1 >= lb_enough_handoffs)
        atomic_store(lb_word(LB_STOP), 1);
}

/* As long as a wake-up takes, so that waiters arrive at every point of a turn. */
#define LB_LONGEST_DELAY_NS 50000

/* Gives the processor away or stops for a while, or neither, drawn anew each time. */
static void lb_random_delay(void)
{
    const double fate = lb_random();
    if (fate < 0.25)
        sched_yield();
    else if (fate < 0.75)
        lb_spin((int64_t)(lb_random() * LB_LONGEST_DELAY_NS));
}

/* ---- The turn ---- */

static void lb_pause(const struct lb_pause *pause)
{
    if (pause->kind == LB_SPIN)
        lb_spin(pause->ns);
    else if (pause->kind == LB_SLEEP)
        lb_sleep(pause->ns);
}

/* The ceiling doubles at each failed try; half of it is drawn, so that two that collided do not collide again in step. */
static void lb_back_off(int64_t attempt)
{
    double ceiling = (double)lb_policy.from_ns;
    for (int64_t i = 0; i < attempt && ceiling < (double)lb_policy.to_ns; i++)
        ceiling *= 2;
    if (ceiling > (double)lb_policy.to_ns)
        ceiling = (double)lb_policy.to_ns;
    lb_sleep((int64_t)(ceiling / 2 + lb_random() * ceiling / 2 + 1));
}

static void lb_after_failed_try(int64_t attempt)
{
    lb_failed_tries++;
    switch (lb_policy.kind) {
    case LB_YIELD:
        sched_yield();
        break;
    case LB_SLEEPING:
        lb_sleep(lb_policy.ns);
        break;
    case LB_BACKOFF:
        lb_back_off(attempt);
        break;
    default:
        relax();
    }
}

__attribute__((always_inline)) static inline void lb_acquire_by(bool blocks, bool shared)
{
    if (lockbench_lock.begin_acquire != NULL)
        lockbench_lock.begin_acquire();
    if (blocks) {
        if (!shared && lockbench_lock.lock != NULL)
            lockbench_lock.lock();
        else if (lockbench_lock.lock_shared != NULL)
            lockbench_lock.lock_shared();
        return;
    }
    for (int64_t attempt = 0;; attempt++) {
        if (!shared && lockbench_lock.try_lock != NULL) {
            if (lockbench_lock.try_lock())
                return;
        } else if (lockbench_lock.try_lock_shared == NULL || lockbench_lock.try_lock_shared()) {
            return;
        }
        lb_after_failed_try(attempt);
    }
}

static inline void lb_acquire(void)
{
    lb_acquire_by(lb_policy.kind == LB_BLOCK, lb_role == LB_READER);
}

/* Throws out a job that the lock cannot do, before the first turn: the turn itself asks nothing. */
static void lb_require_members(void)
{
    const struct lockbench_lock *lock = &lockbench_lock;
    const bool shared = lock->lock_shared != NULL && lock->try_lock_shared != NULL;
    if (lb_role == LB_READER ? !shared : lb_policy.kind == LB_BLOCK ? lock->lock == NULL : lock->try_lock == NULL)
        lockbench_say_error("this lock", "it has no such mode, or cannot wait like this");
}

static inline int32_t lb_take_or_look(void)
{
    if (lb_role != LB_READER)
        return lb_take(lb_number_fd);
    lb_number_before = lb_look();
    return lb_number_before;
}

/* A reader reads twice, with the hold time between. */
static inline void lb_hold(void)
{
    lb_pause(&lb_hold_time);
    if (lb_role != LB_READER)
        return;
    const int32_t after = lb_look();
    if (after == -1 || after != lb_number_before)
        lb_changed_reads++;
}

/*
 * The turns that most rounds consist of. What they need is in registers or on the stack: where a system call flushes the TLB,
 * each page that is touched after it costs as much as a cheap lock, and the worker's own variables lie on one of their own.
 */
__attribute__((always_inline)) static inline int64_t lb_bare_turns(bool blocks, int32_t *ledger, int64_t count)
{
    atomic_int *const stop = lb_word(LB_STOP);
    const int number_fd = lb_number_fd;
    for (int64_t i = 0; i < count; i++) {
        if (atomic_load(stop) != 0)
            return i;
        lb_acquire_by(blocks, false);
        ledger[i] = lb_take(number_fd);
        lockbench_lock.unlock();
    }
    return count;
}

/* Turns of a timing round, and of a rehearsal: nothing is observed. */
static int64_t lb_plain_turns(int32_t *ledger, int64_t count)
{
    const bool pauses = lb_hold_time.kind != LB_NO_PAUSE || lb_think_time.kind != LB_NO_PAUSE;
    if (!pauses && lb_role != LB_READER)
        return lb_policy.kind == LB_BLOCK ? lb_bare_turns(true, ledger, count) : lb_bare_turns(false, ledger, count);
    atomic_int *const stop = lb_word(LB_STOP);
    for (int64_t i = 0; i < count; i++) {
        if (atomic_load(stop) != 0)
            return i;
        lb_acquire();
        ledger[i] = lb_take_or_look();
        lb_hold();
        lockbench_lock.unlock();
        lb_pause(&lb_think_time);
    }
    return count;
}

static int64_t lb_proving_turns(int32_t *ledger, int64_t count)
{
    atomic_int *const stop = lb_word(LB_STOP);
    for (int64_t i = 0; i < count; i++) {
        if (atomic_load(stop) != 0)
            return i;
        lb_acquire();
        lb_enter();
        lb_count_handoff();
        ledger[i] = lb_take_or_look();
        lb_random_delay();
        lb_hold();
        lb_leave();
        lockbench_lock.unlock();
        lb_pause(&lb_think_time);
        lb_random_delay();
    }
    return count;
}

/* Three stamps a turn: asked for it, got it, about to give it back. A trace round has one lap, and begins here once. */
static int64_t lb_traced_turns(int32_t *ledger, int64_t count)
{
    atomic_int *const stop = lb_word(LB_STOP);
    int64_t *stamps = lb_stamps;
    stamps[0] = lb_now();
    for (int64_t i = 0; i < count; i++) {
        if (atomic_load(stop) != 0)
            return i;
        lb_acquire();
        stamps[1] = lb_now();
        lb_enter();
        ledger[i] = lb_take_or_look();
        lb_hold();
        lb_leave();
        stamps[2] = lb_now();
        lockbench_lock.unlock();
        lb_pause(&lb_think_time);
        stamps += 3;
        stamps[0] = lb_now();
    }
    return count;
}

static int64_t lb_turns(int32_t *ledger, int64_t count)
{
    switch (lb_kind) {
    case LB_TRACE:
        return lb_traced_turns(ledger, count);
    case LB_PROVE:
        return lb_proving_turns(ledger, count);
    default:
        return lb_plain_turns(ledger, count);
    }
}

/* ---- Opening ---- */

/* What one worker works at: an open lock, and the number beside it. */
static struct site lb_open(const struct lb_directory *directory, bool kept_open)
{
    const struct site site = lb_open_site(directory, lb_worker_index, kept_open ? "number" : "locked");
    free(lb_number_path);
    lb_number_path = path_of(&site, "number");
    lb_number_fd = kept_open ? site.fd : -1;
    if (lockbench_lock.open != NULL)
        lockbench_lock.open(&site);
    return site;
}

static void lb_close(const struct site *site)
{
    if (lockbench_lock.close != NULL)
        lockbench_lock.close();
    close(site->fd);
}

/* ---- The tasks ---- */

static const char *lb_truth(bool value)
{
    return value ? "true" : "false";
}

/* One acquisition and one release, nobody else being there. */
static void lb_look_task(const char *job)
{
    const struct lb_directory timed = lb_directory_in(job, "timed");
    const struct site site = lb_open(&timed, true);
    const struct lockbench_lock *lock = &lockbench_lock;
    if (lock->begin_acquire != NULL)
        lock->begin_acquire();
    if (lock->try_lock == NULL)
        lock->lock();
    else if (!lock->try_lock())
        lockbench_say_error("this lock", "it is said to be held, though nobody holds it");
    lock->unlock();
    lb_close(&site);
    const bool shared = lock->lock_shared != NULL && lock->try_lock_shared != NULL;
    lb_say("{\"at\":\"found\",\"members\":{\"lock\":%s,\"tryLock\":%s,\"shared\":%s,\"fifo\":%s}}\n",
           lb_truth(lock->lock != NULL), lb_truth(lock->try_lock != NULL), lb_truth(shared), lb_truth(lock->fifo));
}

/* A sample is the mean of some pairs: a clock that is read twice costs more than the cheapest pair. */
__attribute__((always_inline)) static inline double lb_sample_by(bool blocks, int64_t pairs)
{
    const int64_t start = lb_now();
    for (int64_t i = 0; i < pairs; i++) {
        lb_acquire_by(blocks, false);
        lockbench_lock.unlock();
    }
    return (double)(lb_now() - start) / (double)pairs;
}

static double lb_sample(int64_t pairs)
{
    return lb_policy.kind == LB_BLOCK ? lb_sample_by(true, pairs) : lb_sample_by(false, pairs);
}

static void lb_pairs_task(const char *job)
{
    const struct lb_directory timed = lb_directory_in(job, "timed");
    const int64_t samples = lb_number(job, "samples");
    const int64_t pairs = lb_number(job, "pairsPerSample");
    lb_policy = lb_policy_in(job);
    lb_require_members();
    const struct site site = lb_open(&timed, true);
    double *ns = calloc((size_t)samples, sizeof *ns);
    if (ns == NULL)
        fail("calloc");
    for (int64_t i = 0; i < samples; i++)
        lb_sample(pairs);
    for (int64_t i = 0; i < samples; i++)
        ns[i] = lb_sample(pairs);
    lb_close(&site);

    FILE *message = fdopen(LB_MESSAGES_FD, "w");
    if (message == NULL)
        fail("fdopen");
    fprintf(message, "{\"at\":\"pairs\",\"ns\":[");
    for (int64_t i = 0; i < samples; i++)
        fprintf(message, "%s%.2f", i == 0 ? "" : ",", ns[i]);
    fprintf(message, "]}\n");
    fclose(message);
}

/* How often the kernel moved this process to another processor; -1 where it does not tell. */
static int64_t lb_migrations(void)
{
    int64_t count = -1;
    FILE *file = fopen("/proc/self/sched", "re");
    if (file == NULL)
        return count;
    for (char line[256]; fgets(line, sizeof line, file) != NULL;)
        if (strstr(line, "nr_migrations") != NULL && strchr(line, ':') != NULL)
            count = strtoll(strchr(line, ':') + 1, NULL, 10);
    fclose(file);
    return count;
}

static int64_t lb_ns_of(struct timeval time)
{
    return (int64_t)time.tv_sec * 1000000000 + (int64_t)time.tv_usec * 1000;
}

static void lb_say_exclusion(char *text, size_t room, int64_t gate_ns)
{
    if (lb_kind == LB_TIMING) {
        snprintf(text, room, "null");
        return;
    }
    char first[128] = "null";
    char beside[16] = "null";
    if (lb_violations.first_beside != -1)
        snprintf(beside, sizeof beside, "%d", lb_violations.first_beside);
    if (lb_violations.count > 0)
        snprintf(first, sizeof first, "{\"atNs\":%lld,\"turn\":%lld,\"beside\":%s}",
                 (long long)(lb_violations.first_at - gate_ns), (long long)lb_violations.first_turn, beside);
    snprintf(text, room, "{\"violations\":%lld,\"first\":%s}", (long long)lb_violations.count, first);
}

/* Laps, until the round has lasted long enough, the ledger is full or the parent says stop. */
static void lb_timed_turns(const char *job, int32_t *ledger)
{
    const int64_t lap = lb_number(job, "lap");
    const int64_t capacity = lb_number(job, "capacity");
    const int64_t at_least_ns = lb_number(job, "atLeastNs");
    lb_failed_tries = lb_changed_reads = 0;
    const int64_t migrations = lb_migrations();
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    lb_say("{\"at\":\"ready\"}\n");
    lb_wait_for(LB_TIMED);

    const int64_t gate_ns = lb_gate_ns();
    const int64_t start = lb_now();
    int64_t turns = 0;
    int64_t done;
    do {
        done = lb_turns(ledger + turns, lap);
        turns += done;
    } while (done == lap && turns + lap <= capacity && lb_now() - gate_ns < at_least_ns);
    const int64_t end = lb_now();
    getrusage(RUSAGE_SELF, &after);
    const int64_t migrations_after = lb_migrations();

    char exclusion[256];
    lb_say_exclusion(exclusion, sizeof exclusion, gate_ns);
    char migrated[32] = "null";
    if (migrations != -1 && migrations_after != -1)
        snprintf(migrated, sizeof migrated, "%lld", (long long)(migrations_after - migrations));
    lb_say("{\"at\":\"done\",\"figures\":{\"startNs\":%lld,\"endNs\":%lld,\"turns\":%lld,\"changedReads\":%lld,"
           "\"exclusion\":%s,\"failedTries\":%lld,\"userNs\":%lld,\"systemNs\":%lld,\"voluntarySwitches\":%ld,"
           "\"involuntarySwitches\":%ld,\"migrations\":%s}}\n",
           (long long)(start - gate_ns), (long long)(end - gate_ns), (long long)turns, (long long)lb_changed_reads,
           exclusion, (long long)lb_failed_tries, (long long)(lb_ns_of(after.ru_utime) - lb_ns_of(before.ru_utime)),
           (long long)(lb_ns_of(after.ru_stime) - lb_ns_of(before.ru_stime)), after.ru_nvcsw - before.ru_nvcsw,
           after.ru_nivcsw - before.ru_nivcsw, migrated);
}

static void lb_read_round(const char *job)
{
    const char *conditions = lb_member(job, "conditions");
    lb_kind = lb_is(job, "kind", "timing") ? LB_TIMING : lb_is(job, "kind", "trace") ? LB_TRACE : LB_PROVE;
    lb_role = lb_is(job, "role", "reader") ? LB_READER : lb_is(job, "role", "rogue") ? LB_ROGUE : LB_LOCKER;
    lb_policy = lb_policy_in(job);
    lb_hold_time = lb_pause_in(conditions, "hold");
    lb_think_time = lb_pause_in(conditions, "think");
    lb_worker_index = (int)lb_number(job, "workerIndex");
    lb_has_readers = lb_number(conditions, "readers") > 0;
    lb_enough_handoffs = lb_number(job, "enoughHandoffs");
    lb_random_state = 0x9e3779b9u * (uint32_t)(lb_worker_index + 1);
    lb_require_members();
}

static void lb_round_task(const char *job)
{
    const char *control = lb_member(job, "control");
    const bool kept_open = lb_is(lb_member(job, "conditions"), "number", "kept-open");
    const struct lb_directory rehearsal = lb_directory_in(job, "rehearsal");
    const struct lb_directory timed = lb_directory_in(job, "timed");
    const int64_t rehearsal_turns = lb_number(job, "rehearsalTurns");
    const int64_t capacity = lb_number(job, "capacity");
    lb_read_round(job);
    lb_map_block((size_t)lb_number(control, "bytes"));
    lb_stay_on_processor(job);
    /* The kernel may end a sleep up to 50 µs late, to batch wake-ups; this asks it not to. */
    prctl(PR_SET_TIMERSLACK, 1);

    /* Nothing is compiled while it runs: the rehearsal is enough to warm caches. */
    lb_say("{\"at\":\"warm\",\"turns\":0}\n");
    lb_wait_for(LB_REHEARSAL);
    int32_t *rehearsed = calloc((size_t)rehearsal_turns + 1, sizeof *rehearsed);
    if (rehearsed == NULL)
        fail("calloc");
    struct site site = lb_open(&rehearsal, kept_open);
    lb_plain_turns(rehearsed, rehearsal_turns);
    lb_close(&site);
    free(rehearsed);

    int32_t *ledger = (int32_t *)(lb_block + lb_number(control, "ledger"));
    lb_stamps = (int64_t *)(lb_block + lb_number(control, "stamps"));
    lb_stamp_count = lb_number(control, "stampCount");
    site = lb_open(&timed, kept_open);
    /* Touched now, so that no page is made while the clock runs. */
    memset(ledger, 0, (size_t)capacity * sizeof *ledger);
    if (lb_kind == LB_TRACE)
        memset(lb_stamps, 0, (size_t)lb_stamp_count * sizeof *lb_stamps);
    lb_timed_turns(job, ledger);
    lb_close(&site);
}

int main(int count, char **words)
{
    if (count < 2) {
        fprintf(stderr, "This program is started by lockbench, which gives it a job; see bench/workers/PROTOCOL.md.\n");
        return EXIT_FAILURE;
    }
    const char *job = words[count - 1];
    const char *protocol = lb_find(job, "protocol");
    if (protocol == NULL || lb_number(job, "protocol") != LB_PROTOCOL)
        lockbench_say_error("the job", "protocol 1 was expected");
    lb_drop(job);
    lb_die_with_parent(job);
    if (lb_is(job, "task", "look"))
        lb_look_task(job);
    else if (lb_is(job, "task", "pairs"))
        lb_pairs_task(job);
    else if (lb_is(job, "task", "round"))
        lb_round_task(job);
    else
        lockbench_say_error("the job", "a task was expected: look, pairs or round");
    return EXIT_SUCCESS;
}

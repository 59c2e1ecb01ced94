/*
 * A worker that does with its lock what it is told, an order a line, and says what it does, with the time: what `crash` and
 * `order` play their scenarios with. See "obey" in PROTOCOL.md.
 */
#ifndef LOCKBENCH_ORDERS_H
#define LOCKBENCH_ORDERS_H

#include "messages.h"
#include "process.h"
#include "turns.h"
#include <dirent.h>
#include <sys/prctl.h>

/* What it works at; times are told since `origin_ns`. */
static struct {
    struct lb_directory directory;
    struct site site;
    bool is_open;
    enum { LB_APART, LB_KEPT_OPEN, LB_REOPENED } number;
    int32_t last_read;
    int64_t origin_ns;
    /* When it called unlock, if that has not returned: from then on it believes that it is out. */
    int64_t leaving_ns;
} lb_own;

/* `more`: further members, each after a comma. */
static void lb_step_at(int64_t ns, const char *what, const char *more)
{
    lb_say("{\"at\":\"step\",\"step\":{\"what\":\"%s\",\"atNs\":%lld%s}}\n", what, (long long)(ns - lb_own.origin_ns), more);
}

static void lb_step(const char *what, const char *more)
{
    lb_step_at(lb_now(), what, more);
}

static void lb_step_with_number(const char *what, int32_t number)
{
    char more[40];
    snprintf(more, sizeof more, ",\"number\":%d", number);
    lb_step(what, more);
}

/* Opened when first asked for: that may fail, too, and is an answer. */
static void lb_open_own(void)
{
    if (lb_own.is_open)
        return;
    const bool together = lb_own.number == LB_KEPT_OPEN;
    const int number_fd = lb_number_fd;
    lb_own.site = lb_open(&lb_own.directory, together);
    /* One descriptor, kept open: what is closed in the critical section is the scenario's to say. */
    if (lb_own.number == LB_APART) {
        lb_number_fd = number_fd;
        if (lb_number_fd == -1)
            lb_number_fd = lb_open_number(-1);
    }
    lb_own.is_open = true;
}

static void lb_close_own(void)
{
    lb_own.is_open = false;
    lb_close(&lb_own.site);
}

static void lb_got_in(bool shared)
{
    const int64_t ns = lb_now();
    const char *recovery = lockbench_lock.recovery == NULL ? NULL : lockbench_lock.recovery();
    char more[64];
    snprintf(more, sizeof more, "%s%s%s%s", shared ? ",\"shared\":true" : "", recovery == NULL ? "" : ",\"recovery\":\"",
             recovery == NULL ? "" : recovery, recovery == NULL ? "" : "\"");
    lb_step_at(ns, "got-in", more);
}

static void lb_acquire_own(bool shared)
{
    lb_role = shared ? LB_READER : LB_LOCKER;
    lb_require_members();
    lb_step("asked", shared ? ",\"shared\":true" : "");
    lb_acquire_by(lb_policy.kind == LB_BLOCK, shared);
    lb_got_in(shared);
}

static bool lb_try_own(void)
{
    if (lockbench_lock.begin_acquire != NULL)
        lockbench_lock.begin_acquire();
    const bool got = lockbench_lock.try_lock != NULL && lockbench_lock.try_lock();
    if (got)
        lb_got_in(false);
    else
        lb_close_own();
    return got;
}

static void lb_unlock_own(void)
{
    lb_own.leaving_ns = lb_now();
    lockbench_lock.unlock();
    lb_step_at(lb_own.leaving_ns, "leaves", "");
    lb_own.leaving_ns = 0;
    lb_step("unlocked", "");
}

static void lb_read_own(void)
{
    lb_own.last_read = lb_look();
    if (lb_own.last_read == -1)
        lockbench_say_error("the number file", "a line with a decimal number was expected");
    lb_step_with_number("read", lb_own.last_read);
}

static void lb_write_own(void)
{
    const int fd = lb_open_number(lb_number_fd);
    const int32_t number = lb_own.last_read + 1;
    char line[LB_ROOM_FOR_NUMBER];
    const int length = snprintf(line, sizeof line, "%d\n", number);
    if (RETRY(pwrite(fd, line, (size_t)length, 0)) != length)
        fail("pwrite");
    /* NFS takes a write on trust, and tells that it failed only to who asks. */
    if (lb_own.number != LB_APART && fsync(fd) == -1)
        fail("fsync");
    lb_close_number(lb_number_fd, fd);
    lb_step_with_number("wrote", number);
}

/* Opens and closes every file of the directory but the number, as a backup program does. */
static void lb_touch_all(void)
{
    /* Said before: who waits for what this gives away may get it at once. */
    lb_step("touches", "");
    DIR *names = opendir(lb_own.directory.path);
    if (names == NULL)
        fail("opendir");
    for (struct dirent *one; (one = readdir(names)) != NULL;) {
        if (one->d_name[0] == '.' || strcmp(one->d_name, "number") == 0)
            continue;
        const int fd = openat(dirfd(names), one->d_name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (fd != -1)
            close(fd);
    }
    closedir(names);
}

static void lb_turn_own(bool shared, const char *ms)
{
    lb_acquire_own(shared);
    lb_read_own();
    lb_sleep(strtoll(ms, NULL, 10) * 1000000);
    if (!shared)
        lb_write_own();
    lb_unlock_own();
}

static void lb_say_done(const char *more)
{
    lb_say("{\"at\":\"done\"%s}\n", more);
}

/* Carries out one order that does not end this process, and answers. */
static void lb_obey(const char *order)
{
    const bool shared = strstr(order, " shared") != NULL;
    /* A lock in C has its state in variables of its file. */
    if (strncmp(order, "second ", 7) == 0)
        lockbench_say_error("second", "a process of this worker has one lock");
    lb_open_own();
    if (strcmp(order, "members") == 0) {
        char members[160] = ",";
        lb_describe(members + 1, sizeof members - 1);
        lb_say_done(members);
        return;
    }
    if (strcmp(order, "try") == 0) {
        lb_say_done(lb_try_own() ? ",\"got\":true" : ",\"got\":false");
        return;
    }
    if (strncmp(order, "acquire", 7) == 0)
        lb_acquire_own(shared);
    else if (strncmp(order, "turn ", 5) == 0)
        lb_turn_own(shared, strrchr(order, ' '));
    else if (strcmp(order, "read") == 0)
        lb_read_own();
    else if (strcmp(order, "write") == 0)
        lb_write_own();
    else if (strcmp(order, "touch") == 0)
        lb_touch_all();
    else if (strcmp(order, "unlock") == 0)
        lb_unlock_own();
    else if (strcmp(order, "close") == 0)
        lb_close_own();
    else if (strcmp(order, "renew") != 0)
        lockbench_say_error("an order was expected", order);
    else if (lockbench_lock.renew != NULL)
        lockbench_lock.renew();
    lb_say_done("");
}

/* A failed call is an answer, and no end. */
static void lb_obey_or_say_why(const char *order)
{
    jmp_buf here;
    lb_goes_on = &here;
    if (setjmp(here) == 0) {
        lb_obey(order);
    } else {
        if (lb_own.leaving_ns != 0)
            lb_step_at(lb_own.leaving_ns, "leaves", "");
        lb_own.leaving_ns = 0;
        char more[sizeof lb_failure + 128];
        snprintf(more, sizeof more, ",\"error\":\"%.80s: %s\"", order, lb_failure);
        lb_step("failed", more);
        lb_say("{\"at\":\"failed\",\"message\":\"%s\"}\n", lb_failure);
    }
    lb_goes_on = NULL;
}

static void lb_orders_task(const char *job)
{
    char *origin = lb_text(job, "originNs");
    lb_own.origin_ns = strtoll(origin, NULL, 10);
    free(origin);
    lb_own.directory = lb_directory_in(job, "timed");
    lb_own.number = lb_is(job, "number", "apart") ? LB_APART : lb_is(job, "number", "kept-open") ? LB_KEPT_OPEN : LB_REOPENED;
    lb_policy = lb_policy_in(job);
    lb_worker_index = (int)lb_number(job, "workerIndex");
    lb_random_state = 0x9e3779b9u * (uint32_t)(lb_worker_index + 1);
    prctl(PR_SET_TIMERSLACK, 1);
    lb_say("{\"at\":\"ready\"}\n");

    char *order = NULL;
    size_t room = 0;
    for (ssize_t length; (length = getline(&order, &room, stdin)) > 0;) {
        order[strcspn(order, "\n")] = '\0';
        if (strcmp(order, "throw") == 0) {
            /* The nearest to an exception that nobody catches; it shall leave no file of its memory. */
            lb_step("threw", "");
            prctl(PR_SET_DUMPABLE, 0);
            abort();
        }
        if (strcmp(order, "exit") == 0) {
            lb_step("exited", "");
            exit(EXIT_SUCCESS);
        }
        if (strcmp(order, "return") == 0) {
            lb_step("returned", "");
            free(order);
            return;
        }
        lb_obey_or_say_why(order);
    }
    /* Nobody gives orders any more. */
    _exit(EXIT_SUCCESS);
}

#endif

/*
 * Where the workers meet, opened: the lock in its directory, and the number beside it.
 */
#ifndef LOCKBENCH_SITE_H
#define LOCKBENCH_SITE_H

#include "job.h"
#include "round-state.h"
#include <sys/stat.h>

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

/* Of 2147483647, the last number that a ledger can hold. */
enum { LB_MOST_DIGITS = 10 };

/* Adds one to the number in the file; returns what it wrote. `kept_open`: the file's descriptor, or -1. */
static inline int32_t lb_take(int kept_open)
{
    const int fd = lb_open_number(kept_open);
    char line[LB_ROOM_FOR_NUMBER];
    const ssize_t length = RETRY(pread(fd, line, sizeof line, 0));
    if (length == -1)
        fail("pread");
    /* Unsigned: what a torn line holds may be longer than any number, and may not overflow. */
    uint64_t number = 0;
    ssize_t digits = 0;
    for (; digits < length && line[digits] >= '0' && line[digits] <= '9'; digits++)
        number = number * 10 + (uint64_t)(line[digits] - '0');
    if (digits == 0)
        lockbench_say_error("the number file", "a line with a decimal number was expected");
    if (number >= INT32_MAX || digits > LB_MOST_DIGITS)
        lockbench_say_error("the number file", "a number below 2147483647 was expected, which a ledger can hold");
    number++;

    char *const end = line + sizeof line;
    char *begin = end;
    *--begin = '\n';
    for (uint32_t rest = (uint32_t)number; rest > 0; rest /= 10)
        *--begin = (char)('0' + rest % 10);
    if (RETRY(pwrite(fd, begin, (size_t)(end - begin), 0)) != end - begin)
        fail("pwrite");
    lb_close_number(kept_open, fd);
    return (int32_t)number;
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
    uint64_t number = 0;
    for (ssize_t i = 0; i < length; i++) {
        if (line[i] == '\n')
            return i == 0 || i > LB_MOST_DIGITS || number > INT32_MAX ? -1 : (int32_t)number;
        if (line[i] < '0' || line[i] > '9')
            return -1;
        number = number * 10 + (uint64_t)(line[i] - '0');
    }
    return -1;
}

/* What one worker works at: an open lock, and the number beside it. */
static struct site lb_open(const struct lb_directory *directory, bool kept_open)
{
    const struct site site = lb_open_site(directory, lb_worker_index, kept_open ? "number" : "locked");
    free(lb_number_path);
    lb_number_path = path_of(&site, "number");
    lb_number_fd = kept_open ? site.fd : -1;
    if (lockbench_lock.open != NULL && lb_role != LB_ROGUE)
        lockbench_lock.open(&site);
    return site;
}

static void lb_close(const struct site *site)
{
    if (lockbench_lock.close != NULL && lb_role != LB_ROGUE)
        lockbench_lock.close();
    close(site->fd);
}

#endif

/*
 * The twin's locks that apply to the number's own file. See twin.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "twin.h"

/* How many bytes `fcntl-range` holds besides, and where they begin: as strategies/fcntl-range.ts has it. */
#define OTHER_LOCKS 100
#define REGION_BYTES (1 << 20)

/* A length of 0 means all that follow. */
static void set_record_lock(int command, short type, off_t start, off_t length)
{
    struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    if (RETRY(fcntl(number_fd, command, &range)) == -1)
        fail("fcntl");
}

void fcntl_acquire(void)
{
    set_record_lock(F_SETLKW, F_WRLCK, 0, 0);
}

void fcntl_release(void)
{
    set_record_lock(F_SETLK, F_UNLCK, 0, 0);
}

void lock_other_ranges(long key)
{
    (void)key;
    for (int i = 0; i < OTHER_LOCKS; i++)
        set_record_lock(F_SETLK, F_WRLCK, REGION_BYTES + 2 * i, 1);
}

void range_acquire(void)
{
    set_record_lock(F_SETLKW, F_WRLCK, 0, 1);
}

void range_release(void)
{
    set_record_lock(F_SETLK, F_UNLCK, 0, 1);
}

void ofd_acquire(void)
{
    set_record_lock(F_OFD_SETLKW, F_WRLCK, 0, 0);
}

void ofd_release(void)
{
    set_record_lock(F_OFD_SETLK, F_UNLCK, 0, 0);
}

/* From the descriptor's offset on, which stays 0. */
void lockf_acquire(void)
{
    if (RETRY(lockf(number_fd, F_LOCK, 0)) == -1)
        fail("lockf");
}

void lockf_release(void)
{
    if (RETRY(lockf(number_fd, F_ULOCK, 0)) == -1)
        fail("lockf");
}

void flock_acquire(void)
{
    if (RETRY(flock(number_fd, LOCK_EX)) == -1)
        fail("flock");
}

void flock_release(void)
{
    if (RETRY(flock(number_fd, LOCK_UN)) == -1)
        fail("flock");
}

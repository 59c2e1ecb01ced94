/*
 * The twin's locks that apply to the number's own file, or are a name beside it. See twin.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "twin.h"

static void set_record_lock(int command, short type)
{
    struct flock whole_file = {.l_type = type, .l_whence = SEEK_SET};
    if (RETRY(fcntl(number_fd, command, &whole_file)) == -1)
        fail("fcntl");
}

void fcntl_acquire(void)
{
    set_record_lock(F_SETLKW, F_WRLCK);
}

void fcntl_release(void)
{
    set_record_lock(F_SETLK, F_UNLCK);
}

void ofd_acquire(void)
{
    set_record_lock(F_OFD_SETLKW, F_WRLCK);
}

void ofd_release(void)
{
    set_record_lock(F_OFD_SETLK, F_UNLCK);
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

/* Makes a file, or fails if `flags` and `mode` do not let it; the name is what counts. */
static void make_name(const char *path, int flags, mode_t mode)
{
    int fd = RETRY(open(path, flags, mode));
    if (fd == -1)
        fail("open");
    if (close(fd) == -1)
        fail("close");
}

static void remove_name(const char *path)
{
    if (unlink(path) == -1)
        fail("unlink");
}

void excl_acquire(void)
{
    make_name(lock_path, O_RDWR | O_CREAT | O_EXCL, 0644);
}

void link_acquire(void)
{
    make_name(own_path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (link(own_path, lock_path) == -1)
        fail("link");
    remove_name(own_path);
}

void trunc_acquire(void)
{
    make_name(lock_path, O_CREAT | O_WRONLY | O_TRUNC, 0);
}

void name_release(void)
{
    remove_name(lock_path);
}

void mkdir_acquire(void)
{
    if (mkdir(lock_path, 0755) == -1)
        fail("mkdir");
}

void mkdir_release(void)
{
    if (rmdir(lock_path) == -1)
        fail("rmdir");
}

/*
 * The twin's locks that are a name beside the number's file. See twin.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "twin.h"

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

/* The file has its own name for good; the lock is a second one. */
void make_own_file(long key)
{
    (void)key;
    make_name(own_path, O_WRONLY | O_CREAT | O_EXCL, 0644);
}

void own_acquire(void)
{
    if (link(own_path, lock_path) == -1)
        fail("link");
}

void link_acquire(void)
{
    make_name(own_path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (link(own_path, lock_path) == -1)
        fail("link");
    remove_name(own_path);
}

void symlink_acquire(void)
{
    if (symlink(own_path, lock_path) == -1)
        fail("symlink");
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

/* Whoever has renamed it holds it. */
void make_token(long key)
{
    (void)key;
    make_name(lock_path, O_WRONLY | O_CREAT | O_EXCL, 0644);
}

void rename_acquire(void)
{
    if (rename(lock_path, own_path) == -1)
        fail("rename");
}

void rename_release(void)
{
    if (rename(own_path, lock_path) == -1)
        fail("rename");
}

/* A lease: the file's last change is noted on entering, and must be the same on leaving, which a guard shields. */
static int guard_fd = -1;
static struct statx noted;

static void look(int directory, const char *path, int flags, struct statx *found)
{
    if (statx(directory, path, flags | AT_STATX_FORCE_SYNC, STATX_INO | STATX_CTIME, found) == -1)
        fail("statx");
}

void open_guard(long key)
{
    (void)key;
    guard_fd = RETRY(open(own_path, O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (guard_fd == -1)
        fail("open");
}

void stale_acquire(void)
{
    const int fd = RETRY(open(lock_path, O_WRONLY | O_CREAT | O_EXCL, 0644));
    if (fd == -1)
        fail("open");
    look(fd, "", AT_EMPTY_PATH, &noted);
    if (close(fd) == -1)
        fail("close");
}

void stale_release(void)
{
    struct statx found;
    if (RETRY(flock(guard_fd, LOCK_EX)) == -1)
        fail("flock");
    look(AT_FDCWD, lock_path, 0, &found);
    if (found.stx_ino != noted.stx_ino || found.stx_ctime.tv_sec != noted.stx_ctime.tv_sec ||
        found.stx_ctime.tv_nsec != noted.stx_ctime.tv_nsec) {
        fprintf(stderr, "%s: changed, though nobody else is here\n", lock_path);
        exit(EXIT_FAILURE);
    }
    remove_name(lock_path);
    if (RETRY(flock(guard_fd, LOCK_UN)) == -1)
        fail("flock");
}

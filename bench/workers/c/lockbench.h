/*
 * What a lock in C needs: the first line of its file is `#include "lockbench.h"`, the last one names its functions:
 *
 *     LOCKBENCH_LOCK(.open = find_it, .lock = lock, .try_lock = try_lock, .unlock = unlock);
 *
 * The worker (worker.c) is compiled together with it, in one unit, so that no call of the lock costs more than its own code:
 *
 *     cc -O2 -pthread -Ibench/workers/c -include mylock.c -o mylock bench/workers/c/worker.c
 *
 * A lock locks; it does not time, count or sleep. An error that does not mean "held" ends the worker, by `fail`.
 */
#ifndef LOCKBENCH_H
#define LOCKBENCH_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where the processes of a round meet, as one of them sees it. */
struct site {
    /* A private directory. */
    const char *directory;
    /* Tells this round from all others: names what does not live in a directory. */
    const char *token;
    /* 32 bits made of the token, never 0. */
    int32_t key;
    int workers;
    int worker_index;
    /* What kernel file locks apply to, open for reading and writing. */
    int fd;
};

/* `lock` waits, `try_lock` says false if it is held: one of them, or both. All but these and `unlock` may be left out. */
struct lockbench_lock {
    void (*open)(const struct site *site);
    /* Once per acquisition, before the first try. */
    void (*begin_acquire)(void);
    void (*lock)(void);
    bool (*try_lock)(void);
    /* The mode in which several may be inside at once, who only read. */
    void (*lock_shared)(void);
    bool (*try_lock_shared)(void);
    void (*unlock)(void);
    void (*close)(void);
    /* What the last acquisition found out about the holder before: "owner-died", "taken-over", or NULL if it unlocked. */
    const char *(*recovery)(void);
    /* Only for a lock with a lease: begins it anew. */
    void (*renew)(void);
    /* The first to ask is served first. */
    bool fifo;
};

#define LOCKBENCH_LOCK(...) static const struct lockbench_lock lockbench_lock = {__VA_ARGS__}
#define MAYBE_UNUSED __attribute__((unused)) static

/* A call again for as long as a signal interrupts it. */
#define RETRY(call)                                                                                                    \
    ({                                                                                                                 \
        long result_of_call;                                                                                           \
        do                                                                                                             \
            result_of_call = (call);                                                                                   \
        while (result_of_call == -1 && errno == EINTR);                                                                \
        result_of_call;                                                                                                \
    })

/* Tells the parent why this worker cannot go on, and ends it. `fail` adds what errno says. */
_Noreturn void lockbench_say_error(const char *what, const char *why);

_Noreturn MAYBE_UNUSED void fail(const char *call)
{
    lockbench_say_error(call, strerror(errno));
}

/* Keeps a processor that has a sibling, or a clock to save, from running ahead while it waits. */
MAYBE_UNUSED inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* The path of a name in the round's directory; to be freed. */
MAYBE_UNUSED char *path_of(const struct site *site, const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s", site->directory, name) == -1)
        fail("asprintf");
    return path;
}

/* A name of this process's own in that directory: no other worker makes the same. */
MAYBE_UNUSED char *own_path_of(const struct site *site, const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s.%d.%d", site->directory, name, site->worker_index, getpid()) == -1)
        fail("asprintf");
    return path;
}

/* Between two looks at a word that another process will change; `looks` counts them. That process may wait for ours. */
MAYBE_UNUSED inline void wait_between(unsigned looks)
{
    if (looks % 1000 == 999)
        sched_yield();
    else
        relax();
}

/* The memory that strategies/shared/memory-page.ts makes for a round: zeros, or what the strategy put there. */
MAYBE_UNUSED void *map_shared_at(void *where, const struct site *site, size_t bytes)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "/dev/shm/%s.page", site->token);
    const int fd = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd == -1)
        fail(path);
    const int flags = MAP_SHARED | (where == NULL ? 0 : MAP_FIXED);
    void *page = mmap(where, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (page == MAP_FAILED)
        fail("mmap");
    close(fd);
    return page;
}

/*
 * Where the page comes to lie is known to the compiler: an address that is loaded from a variable, between two atomic
 * instructions that both wait for all loads before, adds a tenth to the cheapest lock. As large as the largest page of memory.
 */
#define LARGEST_PAGE_BYTES 65536
MAYBE_UNUSED _Alignas(LARGEST_PAGE_BYTES) char shared_page[LARGEST_PAGE_BYTES];
#define SHARED_PAGE_BYTES 4096

MAYBE_UNUSED void *map_shared_page(const struct site *site)
{
    return map_shared_at(shared_page, site, SHARED_PAGE_BYTES);
}

/* Nothing else can come to lie there. */
MAYBE_UNUSED void unmap_shared_page(void)
{
    if (mmap(shared_page, SHARED_PAGE_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
        fail("mmap");
}

/* Sleeps while the word is `expected`; may wake up for no reason. Source: futex(2). */
MAYBE_UNUSED void futex_wait(atomic_int *word, int expected)
{
    syscall(SYS_futex, word, FUTEX_WAIT, expected, NULL);
}

MAYBE_UNUSED void futex_wake_one(atomic_int *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE, 1);
}

#endif

/*
 * The twin's locks that lie in memory, which is made before the clock runs. See twin.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "twin.h"

static void no_waiting(const char *what)
{
    fprintf(stderr, "%s: found held, though nobody else is here\n", what);
    exit(EXIT_FAILURE);
}

/* On cache lines of their own, as a worker has them. */
static struct {
    _Alignas(128) atomic_int first;
    _Alignas(128) atomic_int second;
} *words;

static void map_words(void)
{
    words = mmap(NULL, sizeof *words, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (words == MAP_FAILED)
        fail("mmap");
}

void open_words(long key)
{
    (void)key;
    map_words();
}

void flag_acquire(void)
{
    int expected = 0;
    if (!atomic_compare_exchange_strong(&words->first, &expected, 1))
        no_waiting("shm-flag");
}

void flag_release(void)
{
    atomic_store(&words->first, 0);
}

void ticket_acquire(void)
{
    const int ticket = atomic_fetch_add(&words->first, 1);
    if (atomic_load(&words->second) != ticket)
        no_waiting("ticket");
}

void ticket_release(void)
{
    atomic_fetch_add(&words->second, 1);
}

enum { FREE, HELD, AWAITED };

void futex_acquire(void)
{
    int expected = FREE;
    if (atomic_compare_exchange_strong(&words->first, &expected, HELD))
        return;
    while (atomic_exchange(&words->first, AWAITED) != FREE)
        syscall(SYS_futex, &words->first, FUTEX_WAIT, AWAITED, NULL);
}

void futex_release(void)
{
    if (atomic_exchange(&words->first, FREE) == AWAITED)
        syscall(SYS_futex, &words->first, FUTEX_WAKE, 1);
}

/* The calls of pthreads return the error number. */
static void expect_zero(int result, const char *call)
{
    errno = result;
    if (result != 0)
        fail(call);
}

static pthread_mutex_t *mutex;

void open_mutex(long key)
{
    (void)key;
    map_words();
    mutex = (pthread_mutex_t *)words;
    pthread_mutexattr_t attributes;
    expect_zero(pthread_mutexattr_init(&attributes), "pthread_mutexattr_init");
    expect_zero(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED), "pthread_mutexattr_setpshared");
    expect_zero(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST), "pthread_mutexattr_setrobust");
    expect_zero(pthread_mutex_init(mutex, &attributes), "pthread_mutex_init");
}

void mutex_acquire(void)
{
    expect_zero(pthread_mutex_lock(mutex), "pthread_mutex_lock");
}

void mutex_release(void)
{
    expect_zero(pthread_mutex_unlock(mutex), "pthread_mutex_unlock");
}

static pthread_rwlock_t *rwlock;

void open_rwlock(long key)
{
    (void)key;
    map_words();
    rwlock = (pthread_rwlock_t *)words;
    pthread_rwlockattr_t attributes;
    expect_zero(pthread_rwlockattr_init(&attributes), "pthread_rwlockattr_init");
    expect_zero(pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED), "pthread_rwlockattr_setpshared");
    expect_zero(pthread_rwlock_init(rwlock, &attributes), "pthread_rwlock_init");
}

void rwlock_acquire(void)
{
    expect_zero(pthread_rwlock_wrlock(rwlock), "pthread_rwlock_wrlock");
}

void rwlock_release(void)
{
    expect_zero(pthread_rwlock_unlock(rwlock), "pthread_rwlock_unlock");
}

static sem_t *posix_semaphore;

/* Once it is open a named semaphore is no other than one in shared memory, of which a kill leaves no name. */
void open_posix_semaphore(long key)
{
    (void)key;
    map_words();
    posix_semaphore = (sem_t *)words;
    if (sem_init(posix_semaphore, 1, 1) == -1)
        fail("sem_init");
}

void posix_acquire(void)
{
    if (RETRY(sem_wait(posix_semaphore)) == -1)
        fail("sem_wait");
}

void posix_release(void)
{
    if (sem_post(posix_semaphore) == -1)
        fail("sem_post");
}

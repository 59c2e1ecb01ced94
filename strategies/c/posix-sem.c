/* strategies/posix-sem.ts in C: a named semaphore. Source: sem_overview(7). */
#include "lockbench.h"
#include <semaphore.h>

static sem_t *semaphore;

static void open_it(const struct site *site)
{
    char name[NAME_MAX];
    snprintf(name, sizeof name, "/%s", site->token);
    semaphore = sem_open(name, 0);
    if (semaphore == SEM_FAILED)
        fail("sem_open");
}

static void lock(void)
{
    if (RETRY(sem_wait(semaphore)) == -1)
        fail("sem_wait");
}

static bool try_lock(void)
{
    if (RETRY(sem_trywait(semaphore)) == 0)
        return true;
    if (errno != EAGAIN)
        fail("sem_trywait");
    return false;
}

static void unlock(void)
{
    if (sem_post(semaphore) == -1)
        fail("sem_post");
}

static void close_it(void)
{
    sem_close(semaphore);
}

LOCKBENCH_LOCK(.open = open_it, .lock = lock, .try_lock = try_lock, .unlock = unlock, .close = close_it);

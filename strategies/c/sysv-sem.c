/* strategies/sysv-sem.ts in C: a System V semaphore. Source: semget(2), semop(2). */
#include "lockbench.h"
#include <sys/ipc.h>
#include <sys/sem.h>

#define FLAGS 0

static int semaphore;

static bool change(short by, short flags)
{
    struct sembuf operation = {.sem_op = by, .sem_flg = flags};
    if (RETRY(semop(semaphore, &operation, 1)) == 0)
        return true;
    if ((flags & IPC_NOWAIT) == 0 || errno != EAGAIN)
        fail("semop");
    return false;
}

/* Until the process that made it has given it its value, which the time of its last operation tells. */
static bool has_value(int id)
{
    struct semid_ds status;
    if (semctl(id, 0, IPC_STAT, &status) == -1)
        fail("semctl(IPC_STAT)");
    return status.sem_otime != 0;
}

/* The worker that comes first makes it, and adds one, by semop and without an undo of it; the parent removes it. */
static void make_or_find(const struct site *site)
{
    semaphore = semget(site->key, 1, IPC_CREAT | IPC_EXCL | 0600);
    if (semaphore != -1) {
        change(1, 0);
        return;
    }
    if (errno != EEXIST)
        fail("semget");
    semaphore = semget(site->key, 1, 0);
    if (semaphore == -1)
        fail("semget");
    while (!has_value(semaphore))
        usleep(1000);
}

static void lock(void) { change(-1, FLAGS); }
static bool try_lock(void) { return change(-1, FLAGS | IPC_NOWAIT); }
static void unlock(void) { change(1, FLAGS); }

LOCKBENCH_LOCK(.open = make_or_find, .lock = lock, .try_lock = try_lock, .unlock = unlock);

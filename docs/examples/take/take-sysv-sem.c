/* Takes a System V semaphore, by its key, and holds it until standard input ends. Killed, it leaves it taken. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sem.h>
#include <unistd.h>

/* The semaphore of a key, with the value 1 if it is made now; another one that makes it is waited for. */
static int opened(key_t key)
{
    int id = semget(key, 1, IPC_CREAT | IPC_EXCL | 0600);
    if (id != -1) {
        struct sembuf first = {.sem_op = 1};
        return semop(id, &first, 1) == -1 ? -1 : id;
    }
    if (errno != EEXIST || (id = semget(key, 1, 0)) == -1)
        return -1;
    struct semid_ds set;
    do {
        if (semctl(id, 0, IPC_STAT, &set) == -1)
            return -1;
    } while (set.sem_otime == 0 && usleep(1000) == 0);
    return id;
}

int main(int argc, char **argv)
{
    int id = argc < 2 ? -1 : opened((key_t)strtol(argv[1], NULL, 0));
    struct sembuf take = {.sem_op = -1, .sem_flg = 0}, give = {.sem_op = 1, .sem_flg = 0};
    puts("waiting");
    fflush(stdout);
    int failed = semop(id, &take, 1);  /* lock */
    if (failed) {
        perror("lock");
        return 1;
    }
    puts("inside");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return semop(id, &give, 1) == -1;
}

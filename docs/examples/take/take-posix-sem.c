/* Takes a POSIX named semaphore, as in /name, and holds it until standard input ends. Killed, it leaves it taken.
   cc -pthread */
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    sem_t *semaphore = sem_open(argv[1], O_CREAT, 0600, 1);
    puts("waiting");
    fflush(stdout);
    int failed = semaphore == SEM_FAILED || sem_wait(semaphore);  /* lock */
    if (failed) {
        perror(argv[1]);
        return 1;
    }
    puts("inside");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return sem_post(semaphore) == -1;
}

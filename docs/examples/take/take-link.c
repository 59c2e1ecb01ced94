/* Takes a lock that is a hard link, and holds it until standard input ends. Killed, it leaves it behind. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    char own[4096];
    snprintf(own, sizeof own, "%s.%ld", argv[1], (long)getpid());
    if (close(open(own, O_CREAT | O_EXCL, 0644)) == -1) {
        perror(own);
        return 1;
    }
    puts("waiting");
    fflush(stdout);
    while (link(own, argv[1]) == -1) {  /* lock */
        if (errno != EEXIST) {
            perror(argv[1]);
            return 1;
        }
        usleep(100000);
    }
    unlink(own);
    puts("inside");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return unlink(argv[1]) == -1;
}

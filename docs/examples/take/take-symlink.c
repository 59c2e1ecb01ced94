/* Takes a lock that is a symbolic link, and holds it until standard input ends. Killed, it leaves it behind. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    char target[32];
    snprintf(target, sizeof target, "%ld", (long)getpid());
    puts("waiting");
    fflush(stdout);
    while (symlink(target, argv[1]) == -1) {  /* lock */
        if (errno != EEXIST) {
            perror(argv[1]);
            return 1;
        }
        usleep(100000);
    }
    puts("inside");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return unlink(argv[1]) == -1;
}

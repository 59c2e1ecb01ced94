/* Takes a lock directory, and holds it until standard input ends. Killed, it leaves it behind. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    puts("waiting");
    fflush(stdout);
    while (mkdir(argv[1], 0755) == -1) {  /* lock */
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
    return rmdir(argv[1]) == -1;
}

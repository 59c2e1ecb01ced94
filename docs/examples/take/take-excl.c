/* Takes a lock file, and holds it until standard input ends. Killed, it leaves the file behind. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    puts("waiting");
    fflush(stdout);
    int fd;
    while ((fd = open(argv[1], O_CREAT | O_EXCL, 0644)) == -1) {  /* lock */
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

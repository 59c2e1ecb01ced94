/* Takes flock(2) on a file, and holds it until standard input ends. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>

int main(int argc, char **argv)
{
    int fd = argc < 2 ? -1 : open(argv[1], O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    puts("waiting");
    fflush(stdout);
    int failed = flock(fd, LOCK_EX);  /* lock */
    if (failed) {
        perror("lock");
        return 1;
    }
    puts("inside");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return 0;
}

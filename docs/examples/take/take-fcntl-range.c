/* Takes an fcntl lock on byte 0 of a file, and holds it until standard input ends. */
#include <fcntl.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    int fd = argc < 2 ? -1 : open(argv[1], O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    puts("waiting");
    fflush(stdout);
    struct flock byte_0 = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    int failed = fcntl(fd, F_SETLKW, &byte_0);  /* lock */
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

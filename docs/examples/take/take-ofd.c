/* Takes an open file description lock on a file, and holds it until standard input ends. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    int fd = argc < 2 ? -1 : open(argv[1], O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    puts("waiting");
    fflush(stdout);
    struct flock whole_file = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int failed = fcntl(fd, F_OFD_SETLKW, &whole_file);  /* lock */
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

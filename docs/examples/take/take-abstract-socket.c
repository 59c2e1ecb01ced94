/* Takes an abstract name of a Unix socket, and holds it until standard input ends. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    size_t length = strlen(argv[1]);
    if (length > sizeof name.sun_path - 1)
        return 2;
    memcpy(name.sun_path + 1, argv[1], length);
    socklen_t size = offsetof(struct sockaddr_un, sun_path) + 1 + length;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    puts("waiting");
    fflush(stdout);
    while (bind(fd, (struct sockaddr *)&name, size) == -1) {  /* lock */
        if (errno != EADDRINUSE) {
            perror(argv[1]);
            return 1;
        }
        usleep(100000);
    }
    puts("inside");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return 0;
}

/* Takes a TCP port, as in 127.0.0.1:20000, and holds it until standard input ends. */
#include <errno.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    char *port = strchr(argv[1], ':');
    if (port == NULL)
        return 2;
    *port++ = '\0';
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
    if (inet_pton(AF_INET, argv[1], &name.sin_addr) != 1)
        return 2;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    puts("waiting");
    fflush(stdout);
    while (bind(fd, (struct sockaddr *)&name, sizeof name) == -1) {  /* lock */
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

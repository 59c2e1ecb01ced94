/*
 * The twin's locks that the kernel keeps under no name of a file. What they need is made before the clock runs. See twin.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "twin.h"

static int sysv_semaphore = -1;
static short sysv_flags;

static void change_sysv(short by)
{
    struct sembuf operation = {.sem_op = by, .sem_flg = sysv_flags};
    if (RETRY(semop(sysv_semaphore, &operation, 1)) == -1)
        fail("semop");
}

static void remove_sysv(void)
{
    semctl(sysv_semaphore, 0, IPC_RMID);
}

void open_sysv(long key)
{
    sysv_semaphore = semget(key, 1, IPC_CREAT | IPC_EXCL | 0600);
    if (sysv_semaphore == -1)
        fail("semget");
    atexit(remove_sysv);
    change_sysv(1);
}

void open_sysv_undone(long key)
{
    /* What makes it is not undone. */
    open_sysv(key);
    sysv_flags = SEM_UNDO;
}

void sysv_acquire(void)
{
    change_sysv(-1);
}

void sysv_release(void)
{
    change_sysv(1);
}

static int pipe_ends[2] = {-1, -1};

void pipe_release(void)
{
    if (RETRY(write(pipe_ends[1], "", 1)) == -1)
        fail("write");
}

void open_pipe(long key)
{
    (void)key;
    if (pipe(pipe_ends) == -1)
        fail("pipe");
    pipe_release();
}

void pipe_acquire(void)
{
    char token;
    if (RETRY(read(pipe_ends[0], &token, 1)) == -1)
        fail("read");
}

static int event_counter = -1;

void open_eventfd(long key)
{
    (void)key;
    event_counter = eventfd(1, EFD_SEMAPHORE);
    if (event_counter == -1)
        fail("eventfd");
}

void eventfd_acquire(void)
{
    uint64_t taken;
    if (RETRY(read(event_counter, &taken, sizeof taken)) == -1)
        fail("read");
}

void eventfd_release(void)
{
    const uint64_t one = 1;
    if (RETRY(write(event_counter, &one, sizeof one)) == -1)
        fail("write");
}

/* What a socket is bound to: where it belongs, and its name. */
static struct sockaddr_storage name;
static socklen_t name_bytes;
static int bound_socket = -1;

/* An address of loopback that is nobody else's: port 20000 + something, on a host made from the pid. */
void choose_port(long key)
{
    (void)key;
    const uint32_t pid = getpid();
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(20000 + pid % 12000),
        .sin_addr.s_addr = htonl((127u << 24) + ((pid & 0xffff) << 8) + 1),
    };
    memcpy(&name, &address, sizeof address);
    name_bytes = sizeof address;
}

/* Such a name begins with a NUL byte, and is as long as the address says. */
void choose_abstract_name(long key)
{
    (void)key;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "lockbench.twin.%d", getpid());
    memcpy(&name, &address, sizeof address);
    name_bytes = offsetof(struct sockaddr_un, sun_path) + 1 + length;
}

void socket_acquire(void)
{
    bound_socket = socket(name.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bound_socket == -1)
        fail("socket");
    if (bind(bound_socket, (struct sockaddr *)&name, name_bytes) == -1)
        fail("bind");
}

void socket_release(void)
{
    if (close(bound_socket) == -1)
        fail("close");
}

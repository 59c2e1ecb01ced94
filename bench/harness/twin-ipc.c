/*
 * The twin's locks that lie in memory or in the kernel, under no name of a file. What they need is made before the clock
 * runs. See twin.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "twin.h"

static void no_waiting(const char *what)
{
    fprintf(stderr, "%s: found held, though nobody else is here\n", what);
    exit(EXIT_FAILURE);
}

/* On cache lines of their own, as a worker has them. */
static struct {
    _Alignas(128) atomic_int first;
    _Alignas(128) atomic_int second;
} *words;

static void map_words(void)
{
    words = mmap(NULL, sizeof *words, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (words == MAP_FAILED)
        fail("mmap");
}

void open_words(long key)
{
    (void)key;
    map_words();
}

void ticket_acquire(void)
{
    const int ticket = atomic_fetch_add(&words->first, 1);
    if (atomic_load(&words->second) != ticket)
        no_waiting("ticket");
}

void ticket_release(void)
{
    atomic_fetch_add(&words->second, 1);
}

enum { FREE, HELD, AWAITED };

void futex_acquire(void)
{
    int expected = FREE;
    if (atomic_compare_exchange_strong(&words->first, &expected, HELD))
        return;
    while (atomic_exchange(&words->first, AWAITED) != FREE)
        syscall(SYS_futex, &words->first, FUTEX_WAIT, AWAITED, NULL);
}

void futex_release(void)
{
    if (atomic_exchange(&words->first, FREE) == AWAITED)
        syscall(SYS_futex, &words->first, FUTEX_WAKE, 1);
}

static sem_t *posix_semaphore;

/* Once it is open a named semaphore is no other than one in shared memory, of which a kill leaves no name. */
void open_posix_semaphore(long key)
{
    (void)key;
    map_words();
    posix_semaphore = (sem_t *)words;
    if (sem_init(posix_semaphore, 1, 1) == -1)
        fail("sem_init");
}

void posix_acquire(void)
{
    if (RETRY(sem_wait(posix_semaphore)) == -1)
        fail("sem_wait");
}

void posix_release(void)
{
    if (sem_post(posix_semaphore) == -1)
        fail("sem_post");
}

static int sysv_semaphore = -1;

static void change_sysv(short by)
{
    struct sembuf operation = {.sem_op = by};
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

void sysv_acquire(void)
{
    change_sysv(-1);
}

void sysv_release(void)
{
    change_sysv(1);
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

/* An address of loopback that is nobody else's: port 20000 + something, on a host made from the pid. */
static struct sockaddr_in port_address;
static int port_socket = -1;

void choose_port(long key)
{
    (void)key;
    const uint32_t pid = getpid();
    port_address = (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons(20000 + pid % 12000),
        .sin_addr.s_addr = htonl((127u << 24) + ((pid & 0xffff) << 8) + 1),
    };
}

void port_acquire(void)
{
    port_socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (port_socket == -1)
        fail("socket");
    if (bind(port_socket, (struct sockaddr *)&port_address, sizeof port_address) == -1)
        fail("bind");
}

void port_release(void)
{
    if (close(port_socket) == -1)
        fail("close");
}

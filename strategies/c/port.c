/* strategies/port.ts in C: who has bound the port holds the lock. Source: bind(2), ip(7). */
#include "lockbench.h"
#include <netinet/in.h>
#include <sys/socket.h>

static struct sockaddr_in name;
static socklen_t name_bytes;
static int bound = -1;

/* An address of loopback that is this round's own, and a port that the kernel gives nobody by itself. */
static void choose_name(const struct site *site)
{
    const uint32_t key = (uint32_t)site->key;
    name = (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)(20000 + key % 12000)),
        .sin_addr.s_addr = htonl((127u << 24) | ((key >> 16) << 8) | (1 + (key >> 8) % 254)),
    };
    name_bytes = sizeof name;
}

static void make_socket(void)
{
    bound = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bound == -1)
        fail("socket");
}

/* A socket that was refused is as it was before, and may be tried again. */
static bool try_lock(void)
{
    if (bind(bound, (struct sockaddr *)&name, name_bytes) == 0)
        return true;
    if (errno != EADDRINUSE)
        fail("bind");
    return false;
}

static void unlock(void)
{
    if (close(bound) == -1)
        fail("close");
    bound = -1;
}

static void close_socket(void)
{
    if (bound != -1)
        unlock();
}

LOCKBENCH_LOCK(.open = choose_name, .begin_acquire = make_socket, .try_lock = try_lock, .unlock = unlock,
               .close = close_socket);

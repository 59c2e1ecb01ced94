/* strategies/abstract-socket.ts in C: who has bound the name holds the lock; it is no file. Source: unix(7), bind(2). */
#include "lockbench.h"
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct sockaddr_un name;
static socklen_t name_bytes;
static int bound = -1;

/* Such a name begins with a NUL byte, and is as long as the address says. */
static void choose_name(const struct site *site)
{
    name = (struct sockaddr_un){.sun_family = AF_UNIX};
    const int length = snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "%s", site->token);
    name_bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}

static void make_socket(void)
{
    bound = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
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

/* strategies/eventfd.ts in C: a counter without a name, inherited from the process that made it. Source: eventfd(2). */
#include "lockbench.h"
#include <sys/uio.h>

static int counter;

/* The parent tells its number, and what tells it from others, in a variable: strategies/posix/exported-fd.ts. */
static void inherit(const struct site *site)
{
    char variable[NAME_MAX];
    snprintf(variable, sizeof variable, "LOCKBENCH_FD_%s", site->token);
    const char *number = getenv(variable);
    if (number == NULL)
        lockbench_say_error("eventfd", "an inherited descriptor was expected");
    counter = atoi(number);
}

static void lock(void)
{
    uint64_t taken;
    if (RETRY(read(counter, &taken, sizeof taken)) == -1)
        fail("read");
}

/* O_NONBLOCK would be everybody's: it belongs to the open file description, and there is only one. */
static bool try_lock(void)
{
    uint64_t taken;
    const struct iovec vector = {.iov_base = &taken, .iov_len = sizeof taken};
    const ssize_t length = RETRY(preadv2(counter, &vector, 1, -1, RWF_NOWAIT));
    if (length == -1 && errno != EAGAIN)
        fail("preadv2(RWF_NOWAIT)");
    return length != -1;
}

static void unlock(void)
{
    const uint64_t one = 1;
    if (RETRY(write(counter, &one, sizeof one)) == -1)
        fail("write");
}

LOCKBENCH_LOCK(.open = inherit, .lock = lock, .try_lock = try_lock, .unlock = unlock);

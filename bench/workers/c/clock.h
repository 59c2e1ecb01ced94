/*
 * The clock of a worker: CLOCK_MONOTONIC, in nanoseconds, the same for all processes of a host.
 */
#ifndef LOCKBENCH_CLOCK_H
#define LOCKBENCH_CLOCK_H

#include "lockbench.h"
#include <time.h>

static int64_t lb_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void lb_spin(int64_t ns)
{
    const int64_t end = lb_now() + ns;
    while (lb_now() < end)
        ;
}

static void lb_sleep(int64_t ns)
{
    struct timespec left = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
        ;
}

#endif

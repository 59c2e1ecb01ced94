/*
 * Who a worker is: its user, its parent, the processor that it stays on, and how often it was moved.
 */
#ifndef LOCKBENCH_PROCESS_H
#define LOCKBENCH_PROCESS_H

#include "job.h"
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>

/* Becomes that user for good. The order matters: without its uid a process may not change its groups. */
static void lb_drop(const char *job)
{
    const char *identity = lb_member(job, "identity");
    if (lb_is_null(identity))
        return;
    if (setgroups(0, NULL) == -1)
        fail("setgroups");
    if (setgid((gid_t)lb_number(identity, "gid")) == -1)
        fail("setgid");
    if (setuid((uid_t)lb_number(identity, "uid")) == -1)
        fail("setuid");
}

/* Changing one's uid clears the wish, so it comes after; a parent that died before the call goes unnoticed. */
static void lb_die_with_parent(const char *job)
{
    /* Another program, such as strace, stands between. */
    if (lb_is_null(lb_member(job, "parentPid")))
        return;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
        fail("prctl");
    if (getppid() != lb_number(job, "parentPid"))
        lockbench_say_error("the parent", "it has ended, or it is not the process that the job names");
}

static void lb_stay_on_processor(const char *job)
{
    if (lb_is_null(lb_member(job, "processor")))
        return;
    const int processor = (int)lb_number(job, "processor");
    cpu_set_t *set = CPU_ALLOC(processor + 1);
    const size_t bytes = CPU_ALLOC_SIZE(processor + 1);
    if (set == NULL)
        fail("CPU_ALLOC");
    CPU_ZERO_S(bytes, set);
    CPU_SET_S(processor, bytes, set);
    if (sched_setaffinity(0, bytes, set) == -1)
        fail("sched_setaffinity");
    CPU_FREE(set);
}

/* How often the kernel moved this process to another processor; -1 where it does not tell. */
static int64_t lb_migrations(void)
{
    int64_t count = -1;
    FILE *file = fopen("/proc/self/sched", "re");
    if (file == NULL)
        return count;
    for (char line[256]; fgets(line, sizeof line, file) != NULL;)
        if (strstr(line, "nr_migrations") != NULL && strchr(line, ':') != NULL)
            count = strtoll(strchr(line, ':') + 1, NULL, 10);
    fclose(file);
    return count;
}

#endif

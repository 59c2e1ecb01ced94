/*
 * What a worker says to its parent: lines of JSON on a descriptor of their own.
 */
#ifndef LOCKBENCH_MESSAGES_H
#define LOCKBENCH_MESSAGES_H

#include "lockbench.h"
#include <setjmp.h>
#include <stdarg.h>

#define LB_MESSAGES_FD 4

/* A line of text for the parent, in one write. */
__attribute__((format(printf, 1, 2))) static void lb_say(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vdprintf(LB_MESSAGES_FD, format, values);
    va_end(values);
}

/* A text within a string of JSON. */
static void lb_escape(char *to, size_t room, const char *from)
{
    char *const end = to + room - 7;
    for (; *from != '\0' && to < end; from++) {
        if ((unsigned char)*from < ' ')
            to += sprintf(to, "\\u%04x", *from);
        else {
            if (*from == '"' || *from == '\\')
                *to++ = '\\';
            *to++ = *from;
        }
    }
    *to = '\0';
}

/* Where a worker that takes orders goes on when one of them fails; NULL: an error is its end. */
static jmp_buf *lb_goes_on;
static char lb_failure[2 * 1024 + 2];

_Noreturn void lockbench_say_error(const char *what, const char *why)
{
    char text[2][1024];
    lb_escape(text[0], sizeof text[0], what);
    lb_escape(text[1], sizeof text[1], why);
    if (lb_goes_on != NULL) {
        snprintf(lb_failure, sizeof lb_failure, "%s: %s", text[0], text[1]);
        longjmp(*lb_goes_on, 1);
    }
    lb_say("{\"at\":\"error\",\"message\":\"%s: %s\"}\n", text[0], text[1]);
    _exit(EXIT_FAILURE);
}

static const char *lb_truth(bool value)
{
    return value ? "true" : "false";
}

/* What the lock offers, as a member of a message. */
static void lb_describe(char *text, size_t room)
{
    const struct lockbench_lock *lock = &lockbench_lock;
    const bool shared = lock->lock_shared != NULL && lock->try_lock_shared != NULL;
    snprintf(text, room, "\"members\":{\"lock\":%s,\"tryLock\":%s,\"shared\":%s,\"fifo\":%s}",
             lb_truth(lock->lock != NULL), lb_truth(lock->try_lock != NULL), lb_truth(shared), lb_truth(lock->fifo));
}

#endif

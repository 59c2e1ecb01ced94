/*
 * What a worker says to its parent: lines of JSON on a descriptor of their own.
 */
#ifndef LOCKBENCH_MESSAGES_H
#define LOCKBENCH_MESSAGES_H

#include "lockbench.h"
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

_Noreturn void lockbench_say_error(const char *what, const char *why)
{
    char text[2][1024];
    lb_escape(text[0], sizeof text[0], what);
    lb_escape(text[1], sizeof text[1], why);
    lb_say("{\"at\":\"error\",\"message\":\"%s: %s\"}\n", text[0], text[1]);
    _exit(EXIT_FAILURE);
}

#endif

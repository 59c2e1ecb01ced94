/*
 * The job of a worker, read from its JSON. See PROTOCOL.md: every member that is looked for is always there, so that one
 * that is missing is an error.
 */
#ifndef LOCKBENCH_JOB_H
#define LOCKBENCH_JOB_H

#include "lockbench.h"

struct lb_directory {
    char *path;
    char *token;
    char *inode;
    int32_t key;
    int workers;
};

struct lb_pause {
    enum { LB_NO_PAUSE, LB_SPIN, LB_SLEEP } kind;
    int64_t ns;
};

struct lb_policy {
    enum { LB_BLOCK, LB_POLL, LB_YIELD, LB_SLEEPING, LB_BACKOFF } kind;
    int64_t ns;
    int64_t from_ns;
    int64_t to_ns;
};

/* Steps over white space. */
static const char *lb_blank(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

static _Noreturn void lb_bad_job(const char *what)
{
    lockbench_say_error("the job", what);
}

/* The end of the string that begins here, its closing quotation mark. */
static const char *lb_string_end(const char *text)
{
    for (text++; *text != '"'; text++) {
        if (*text == '\\')
            text++;
        if (*text == '\0')
            lb_bad_job("a string without an end");
    }
    return text;
}

/* What follows the value that begins here. Brackets within strings are no brackets. */
static const char *lb_after_value(const char *text)
{
    int depth = 0;
    for (;; text++) {
        text = lb_blank(text);
        if (*text == '"')
            text = lb_string_end(text);
        else if (*text == '{' || *text == '[')
            depth++;
        else if (*text == '}' || *text == ']')
            depth--;
        else if (*text == '\0')
            lb_bad_job("JSON without an end");
        if (depth == 0 && strchr("}]\"", *text) != NULL)
            return text + 1;
        if (depth == 0 && strchr(",}] \t\r\n", text[1]) != NULL)
            return text + 1;
    }
}

/* The value of a member of the object that begins here, or NULL. */
static const char *lb_find(const char *object, const char *name)
{
    const size_t length = strlen(name);
    const char *text = lb_blank(object);
    if (*text != '{')
        return NULL;
    for (text = lb_blank(text + 1); *text == '"'; text = lb_blank(text + 1)) {
        const char *end = lb_string_end(text);
        const bool found = (size_t)(end - text) == length + 1 && strncmp(text + 1, name, length) == 0;
        const char *value = lb_blank(end + 1);
        if (*value != ':')
            lb_bad_job("a member without a value");
        value = lb_blank(value + 1);
        if (found)
            return value;
        text = lb_blank(lb_after_value(value));
        if (*text != ',')
            return NULL;
    }
    return NULL;
}

static const char *lb_member(const char *object, const char *name)
{
    const char *value = lb_find(object, name);
    if (value == NULL)
        lockbench_say_error("the job lacks a member", name);
    return value;
}

static bool lb_is_null(const char *value)
{
    return strncmp(value, "null", 4) == 0;
}

static int64_t lb_number(const char *object, const char *name)
{
    const char *value = lb_member(object, name);
    char *end;
    const double number = strtod(value, &end);
    if (end == value)
        lockbench_say_error("a number was expected in the job", name);
    return (int64_t)number;
}

/* Four digits of a \u escape. */
static unsigned lb_hex(const char *digits)
{
    unsigned value = 0;
    if (sscanf(digits, "%4x", &value) != 1)
        lb_bad_job("four digits were expected behind \\u");
    return value;
}

static char *lb_put_utf8(char *to, unsigned code)
{
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
        *to++ = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        *to++ = (char)(0xe0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    } else {
        *to++ = (char)(0xf0 | code >> 18);
        *to++ = (char)(0x80 | (code >> 12 & 0x3f));
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    }
    return to;
}

/* A string of JSON as the bytes that it stands for, in UTF-8; to be freed. */
static char *lb_text(const char *object, const char *name)
{
    const char *from = lb_member(object, name);
    if (*from != '"')
        lockbench_say_error("a string was expected in the job", name);
    const char *end = lb_string_end(from);
    /* No escape stands for more bytes than it has characters. */
    char *text = malloc((size_t)(end - from));
    if (text == NULL)
        fail("malloc");
    char *to = text;
    for (from++; from < end; from++) {
        if (*from != '\\') {
            *to++ = *from;
            continue;
        }
        static const char letters[] = "\"\\/bfnrt";
        static const char meant[] = "\"\\/\b\f\n\r\t";
        const char *const escape = strchr(letters, *++from);
        if (escape != NULL) {
            *to++ = meant[escape - letters];
            continue;
        }
        unsigned code = lb_hex(from + 1);
        from += 4;
        if (code >= 0xd800 && code < 0xdc00 && from[1] == '\\' && from[2] == 'u') {
            code = 0x10000 + ((code - 0xd800) << 10) + (lb_hex(from + 3) - 0xdc00);
            from += 6;
        }
        to = lb_put_utf8(to, code);
    }
    *to = '\0';
    return text;
}

/* Whether a string of the job is this one. */
static bool lb_is(const char *object, const char *name, const char *expected)
{
    char *text = lb_text(object, name);
    const bool same = strcmp(text, expected) == 0;
    free(text);
    return same;
}

static struct lb_directory lb_directory_in(const char *object, const char *name)
{
    const char *value = lb_member(object, name);
    return (struct lb_directory){
        .path = lb_text(value, "dir"),
        .token = lb_text(value, "token"),
        .inode = lb_text(value, "inode"),
        .key = (int32_t)lb_number(value, "key"),
        .workers = (int)lb_number(value, "workers"),
    };
}

static struct lb_pause lb_pause_in(const char *object, const char *name)
{
    const char *value = lb_member(object, name);
    if (lb_is_null(value))
        return (struct lb_pause){.kind = LB_NO_PAUSE};
    return (struct lb_pause){.kind = lb_is(value, "kind", "spin") ? LB_SPIN : LB_SLEEP, .ns = lb_number(value, "ns")};
}

static struct lb_policy lb_policy_in(const char *object)
{
    const char *value = lb_member(object, "policy");
    if (lb_is(value, "kind", "block"))
        return (struct lb_policy){.kind = LB_BLOCK};
    if (lb_is(value, "kind", "spin"))
        return (struct lb_policy){.kind = LB_POLL};
    if (lb_is(value, "kind", "yield"))
        return (struct lb_policy){.kind = LB_YIELD};
    if (lb_is(value, "kind", "sleep"))
        return (struct lb_policy){.kind = LB_SLEEPING, .ns = lb_number(value, "ns")};
    if (lb_is(value, "kind", "backoff"))
        return (struct lb_policy){
            .kind = LB_BACKOFF, .from_ns = lb_number(value, "fromNs"), .to_ns = lb_number(value, "toNs")};
    lb_bad_job("a policy was expected");
}

#endif

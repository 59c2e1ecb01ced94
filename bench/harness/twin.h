/* What the parts of the C twin share. See twin.c. */
#ifndef TWIN_H
#define TWIN_H

#include <limits.h>

/* A call again for as long as a signal interrupts it. */
#define RETRY(call)                                                                                                    \
    ({                                                                                                                 \
        long result;                                                                                                   \
        do                                                                                                             \
            result = (call);                                                                                           \
        while (result == -1 && errno == EINTR);                                                                        \
        result;                                                                                                        \
    })

/* Says which call failed, and ends the program. */
void fail(const char *call);

/* What twin.c makes: a path that is nobody's yet, another one beside it, and the number's file. */
extern char lock_path[PATH_MAX];
extern char own_path[PATH_MAX];
extern int number_fd;

void fcntl_acquire(void);
void fcntl_release(void);
void ofd_acquire(void);
void ofd_release(void);
void flock_acquire(void);
void flock_release(void);
void excl_acquire(void);
void link_acquire(void);
void trunc_acquire(void);
void name_release(void);
void mkdir_acquire(void);
void mkdir_release(void);

/* Those that open a lock get the key of the command line, which all but one ignore. */
void open_words(long key);
void ticket_acquire(void);
void ticket_release(void);
void futex_acquire(void);
void futex_release(void);
void open_posix_semaphore(long key);
void posix_acquire(void);
void posix_release(void);
void open_sysv(long key);
void sysv_acquire(void);
void sysv_release(void);
void open_eventfd(long key);
void eventfd_acquire(void);
void eventfd_release(void);
void choose_port(long key);
void port_acquire(void);
void port_release(void);

#endif

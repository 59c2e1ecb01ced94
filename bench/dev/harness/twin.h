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

/* What those that open a lock get is the key of the command line, which all but those of System V ignore. */

/* twin-files.c */
void fcntl_acquire(void);
void fcntl_release(void);
void lock_other_ranges(long key);
void range_acquire(void);
void range_release(void);
void ofd_acquire(void);
void ofd_release(void);
void lockf_acquire(void);
void lockf_release(void);
void flock_acquire(void);
void flock_release(void);

/* twin-names.c */
void excl_acquire(void);
void make_own_file(long key);
void own_acquire(void);
void link_acquire(void);
void symlink_acquire(void);
void trunc_acquire(void);
void name_release(void);
void mkdir_acquire(void);
void mkdir_release(void);
void make_token(long key);
void rename_acquire(void);
void rename_release(void);
void open_guard(long key);
void stale_acquire(void);
void stale_release(void);

/* twin-memory.c */
void open_words(long key);
void flag_acquire(void);
void flag_release(void);
void ticket_acquire(void);
void ticket_release(void);
void futex_acquire(void);
void futex_release(void);
void open_mutex(long key);
void mutex_acquire(void);
void mutex_release(void);
void open_rwlock(long key);
void rwlock_acquire(void);
void rwlock_release(void);
void open_posix_semaphore(long key);
void posix_acquire(void);
void posix_release(void);

/* twin-ipc.c */
void open_sysv(long key);
void open_sysv_undone(long key);
void sysv_acquire(void);
void sysv_release(void);
void open_pipe(long key);
void pipe_acquire(void);
void pipe_release(void);
void open_eventfd(long key);
void eventfd_acquire(void);
void eventfd_release(void);
void choose_port(long key);
void choose_abstract_name(long key);
void socket_acquire(void);
void socket_release(void);

#endif

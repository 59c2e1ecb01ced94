/* What the parts of the C twin share. See twin.c. */
#ifndef TWIN_H
#define TWIN_H

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
void choose_port(long key);
void port_acquire(void);
void port_release(void);

#endif

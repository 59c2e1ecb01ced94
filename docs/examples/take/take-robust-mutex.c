/* Takes a robust mutex in a file of /dev/shm, and holds it until standard input ends. cc -pthread */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BYTES = 4096 };

static pthread_mutex_t *mapped(const char *path, int flags)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
    if (fd == -1 || ((flags & O_CREAT) && ftruncate(fd, BYTES) == -1))
        return MAP_FAILED;
    void *page = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return page;
}

/* Made under a name of its own, and linked to the agreed one, so that nobody sees half a mutex. */
static pthread_mutex_t *opened(const char *path)
{
    pthread_mutex_t *mutex = mapped(path, 0);
    if (mutex != MAP_FAILED || errno != ENOENT)
        return mutex;
    char own[4096];
    snprintf(own, sizeof own, "%s.%ld", path, (long)getpid());
    mutex = mapped(own, O_CREAT | O_EXCL);
    if (mutex == MAP_FAILED)
        return mutex;
    pthread_mutexattr_t how;
    pthread_mutexattr_init(&how);
    pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(mutex, &how);
    int failed = link(own, path) == -1 && errno != EEXIST;
    unlink(own);
    return failed ? MAP_FAILED : mapped(path, 0);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    pthread_mutex_t *mutex = opened(argv[1]);
    if (mutex == MAP_FAILED) {
        perror(argv[1]);
        return 1;
    }
    puts("waiting");
    fflush(stdout);
    int result = pthread_mutex_lock(mutex);  /* lock */
    if (result == EOWNERDEAD) {
        /* The last holder died inside: look at what it left half done, before this. */
        result = pthread_mutex_consistent(mutex);
    }
    if (result != 0)
        return 1;
    puts("inside");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return pthread_mutex_unlock(mutex) != 0;
}

/* A lock of one's own in C: test-and-set on a byte of a file that all processes map. */
#include "lockbench.h"

static atomic_int *word;

static void map(const struct site *site)
{
    char *path = path_of(site, "mylock");
    const int fd = open(path, O_RDWR | O_CREAT, 0600);
    if (fd == -1 || ftruncate(fd, sizeof *word) == -1)
        fail(path);
    word = mmap(NULL, sizeof *word, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (word == MAP_FAILED)
        fail("mmap");
    close(fd);
    free(path);
}

static bool try_lock(void) { return atomic_exchange(word, 1) == 0; }
static void unlock(void) { atomic_store(word, 0); }

LOCKBENCH_LOCK(.open = map, .try_lock = try_lock, .unlock = unlock);

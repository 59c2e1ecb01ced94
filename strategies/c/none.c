/* strategies/none.ts in C: no lock. */
#include "lockbench.h"

static void lock(void) {}
static bool try_lock(void) { return true; }
static void unlock(void) {}

LOCKBENCH_LOCK(.lock = lock, .try_lock = try_lock, .unlock = unlock);

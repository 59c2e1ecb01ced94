"""What a worker does with nobody else there: it tries its lock out, or times it."""

import gc

from .own_process import now, say
from .site import Site
from .waiting import waiter


def members_of(lock):
    """What a lock offers, as it is told."""
    return {
        "lock": hasattr(lock, "lock"),
        "tryLock": hasattr(lock, "try_lock"),
        "shared": hasattr(lock, "lock_shared") and hasattr(lock, "try_lock_shared"),
        "fifo": bool(getattr(lock, "fifo", False)),
    }


def look(make, job):
    """One acquisition and one release, nobody else being there."""
    site = Site(job["timed"], 0, "number")
    lock = make(site)
    if hasattr(lock, "begin_acquire"):
        lock.begin_acquire()
    if not hasattr(lock, "try_lock"):
        lock.lock()
    elif not lock.try_lock():
        raise RuntimeError("a lock that nobody holds is said to be held")
    lock.unlock()
    if hasattr(lock, "close"):
        lock.close()
    say(at="found", members=members_of(lock))


def time_pairs(make, job):
    site = Site(job["timed"], 0, "number")
    lock = make(site)
    acquire = waiter(lock, job["policy"], False, lambda: None)
    unlock, pairs = lock.unlock, job["pairsPerSample"]

    def sample():
        start = now()
        for _ in range(pairs):
            acquire()
            unlock()
        return (now() - start) / pairs

    gc.disable()
    for _ in range(job["samples"]):
        sample()
    times = [sample() for _ in range(job["samples"])]
    if hasattr(lock, "close"):
        lock.close()
    say(at="pairs", ns=times)

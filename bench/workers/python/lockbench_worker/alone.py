"""What a worker does with nobody else there: it tries its lock out, or times it."""

import gc

from .own_process import now, say
from .site import Site
from .waiting import waiter


def look(make, job):
    """One acquisition and one release, nobody else being there."""
    site = Site(job["timed"], 0, "number")
    lock = make(site)
    has = {name: hasattr(lock, name) for name in ("lock", "try_lock", "lock_shared", "try_lock_shared")}
    if hasattr(lock, "begin_acquire"):
        lock.begin_acquire()
    if not has["try_lock"]:
        lock.lock()
    elif not lock.try_lock():
        raise RuntimeError("a lock that nobody holds is said to be held")
    lock.unlock()
    if hasattr(lock, "close"):
        lock.close()
    members = {
        "lock": has["lock"],
        "tryLock": has["try_lock"],
        "shared": has["lock_shared"] and has["try_lock_shared"],
        "fifo": bool(getattr(lock, "fifo", False)),
    }
    say(at="found", members=members)


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

"""Locks of the catalogue in Python: each makes the calls of its strategy in strategies/."""

import fcntl
import mmap
import os

from lockbench_worker import Unavailable, run
from lockbench_worker.round import NoLock

try:
    import filelock
except ImportError:
    filelock = None


class Broken:
    """A flag, tested and then set. A control, which must be caught."""

    def __init__(self, site):
        with open(f"/dev/shm/{site.token}.page", "r+b") as page:
            self.memory = mmap.mmap(page.fileno(), 4096)

    def try_lock(self):
        if self.memory[0]:
            return False
        os.sched_yield()
        self.memory[0] = 1
        return True

    def unlock(self):
        self.memory[0] = 0


class FileLock:
    """A kernel's file lock: `call` takes a descriptor and flags of flock(2)."""

    call = None

    def __init__(self, site):
        self.fd = site.fd

    def lock(self):
        self.call(self.fd, fcntl.LOCK_EX)

    def lock_shared(self):
        self.call(self.fd, fcntl.LOCK_SH)

    def try_lock(self):
        return self._try(fcntl.LOCK_EX)

    def try_lock_shared(self):
        return self._try(fcntl.LOCK_SH)

    def _try(self, mode):
        try:
            self.call(self.fd, mode | fcntl.LOCK_NB)
            return True
        except (BlockingIOError, PermissionError):
            return False

    def unlock(self):
        self.call(self.fd, fcntl.LOCK_UN)


class Fcntl(FileLock):
    """What Python calls lockf is a record lock over the whole file."""

    call = staticmethod(fcntl.lockf)


class Flock(FileLock):
    call = staticmethod(fcntl.flock)


class Lockf:
    def __init__(self, site):
        self.fd = site.fd

    def lock(self):
        os.lockf(self.fd, os.F_LOCK, 0)

    def try_lock(self):
        try:
            os.lockf(self.fd, os.F_TLOCK, 0)
            return True
        except (BlockingIOError, PermissionError):
            return False

    def unlock(self):
        os.lockf(self.fd, os.F_ULOCK, 0)


class Excl:
    def __init__(self, site):
        self.name = site.path("lock")

    def try_lock(self):
        try:
            os.close(os.open(self.name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644))
            return True
        except FileExistsError:
            return False

    def unlock(self):
        os.unlink(self.name)


class Mkdir:
    def __init__(self, site):
        self.name = site.path("lock")

    def try_lock(self):
        try:
            os.mkdir(self.name)
            return True
        except FileExistsError:
            return False

    def unlock(self):
        os.rmdir(self.name)


class FilelockPackage:
    """The package filelock: flock(2) on a file of its own, with a policy of its own, which polls."""

    def __init__(self, site):
        if filelock is None:
            raise Unavailable('the package filelock is not installed; install it, for example with "apt-get install python3-filelock"')
        self.file_lock = filelock.FileLock(site.path("filelock"))

    def try_lock(self):
        try:
            self.file_lock.acquire(timeout=0)
            return True
        except filelock.Timeout:
            return False

    def unlock(self):
        self.file_lock.release()


run(
    {
        "none": NoLock,
        "broken": Broken,
        "fcntl": Fcntl,
        "flock": Flock,
        "lockf": Lockf,
        "excl": Excl,
        "mkdir": Mkdir,
        "filelock": FilelockPackage,
    }
)

"""A worker that does with its lock what it is told, an order a line, and says what it does, with the time: what `crash` and
`order` play their scenarios with. See "obey" in PROTOCOL.md."""

import errno
import os
import sys
import time

from .alone import members_of
from .own_process import PR_SET_TIMERSLACK, libc, now, say, told
from .site import Number, Site
from .waiting import waiter

# What cannot be looked at is passed by, as a backup program does.
UNREADABLE = (errno.EACCES, errno.ENOENT, errno.ENXIO)


class Uncaught(Exception):
    """An exception that nobody catches."""


class OpenLock:
    """A lock, opened, and joined to the ways to wait for it."""

    def __init__(self, make, job):
        self.site = Site(job["timed"], job["workerIndex"], "number" if job["number"] == "kept-open" else "locked")
        self.lock = make(self.site)
        self.policy = job["policy"]

    def acquire(self, shared):
        waiter(self.lock, self.policy, shared, lambda: None)()

    def attempt(self):
        getattr(self.lock, "begin_acquire", lambda: None)()
        return getattr(self.lock, "try_lock", lambda: False)()

    def recovery(self):
        return getattr(self.lock, "recovery", lambda: None)()

    def close(self):
        getattr(self.lock, "close", lambda: None)()
        os.close(self.site.fd)


class Participant:
    def __init__(self, make, job):
        self.make, self.job = make, job
        self.origin = int(job["originNs"])
        self.opened = {}
        self.number = None
        self.last_read = 0

    def step(self, what, at=None, **more):
        say(at="step", step={"what": what, "atNs": (now() if at is None else at) - self.origin, **more})

    def which(self, name):
        """Opened when first asked for: that may fail, too, and is an answer."""
        if name not in self.opened:
            self.opened[name] = OpenLock(self.make, self.job)
            if self.number is None:
                self.number = self.number_at(self.opened[name].site)
        return self.opened[name]

    def number_at(self, site):
        """Kept open, unless it is opened for each use: what is closed in the critical section is the scenario's to say."""
        number = Number(site, self.job["number"] == "kept-open")
        if self.job["number"] == "apart":
            number.fd = os.open(number.path, os.O_RDWR)
        return number

    def obey(self, line):
        """Carries out one order. Returns what its answer tells besides; raises what a call of the lock raises."""
        name, order = ("second", line[7:]) if line.startswith("second ") else ("first", line)
        verb, *rest = order.split(" ")
        lock = self.which(name)
        shared = "shared" in rest
        if verb == "members":
            return {"members": members_of(lock.lock)}
        if verb == "try":
            got = lock.attempt()
            if got:
                self.got_in(lock, False)
            else:
                self.close(name)
            return {"got": got}
        if verb == "turn":
            self.acquire(lock, shared)
            self.read()
            time.sleep(int(rest[-1]) / 1000)
            if not shared:
                self.write()
            self.unlock(lock)
        elif verb == "acquire":
            self.acquire(lock, shared)
        elif verb == "read":
            self.read()
        elif verb == "write":
            self.write()
        elif verb == "touch":
            self.touch(lock.site)
        elif verb == "unlock":
            self.unlock(lock)
        elif verb == "renew":
            getattr(lock.lock, "renew", lambda: None)()
        elif verb == "close":
            self.close(name)
        else:
            raise ValueError(f"an order was expected, got {line!r}")
        return {}

    def close(self, name):
        self.opened.pop(name).close()

    def acquire(self, lock, shared):
        self.step("asked", **({"shared": True} if shared else {}))
        lock.acquire(shared)
        self.got_in(lock, shared)

    def got_in(self, lock, shared):
        at = now()
        recovery = lock.recovery()
        more = {"shared": True} if shared else {}
        if recovery is not None:
            more["recovery"] = recovery
        self.step("got-in", at, **more)

    def unlock(self, lock):
        """A process that calls unlock believes that it is out from then on, even if the call fails."""
        leaves = now()
        try:
            lock.lock.unlock()
        finally:
            self.step("leaves", leaves)
        self.step("unlocked")

    def read(self):
        self.last_read = self.number.look()
        self.step("read", number=self.last_read)

    def write(self):
        # NFS takes a write on trust, and tells that it failed only to who asks.
        self.number.put(self.last_read + 1, self.job["number"] != "apart")
        self.step("wrote", number=self.last_read + 1)

    def touch(self, site):
        # Said before: who waits for what this gives away may get it at once.
        self.step("touches")
        for name in os.listdir(site.directory):
            if name == "number":
                continue
            try:
                os.close(os.open(site.path(name), os.O_RDONLY | os.O_NONBLOCK))
            except OSError as error:
                if error.errno not in UNREADABLE:
                    raise


def take_orders(make, job):
    libc.prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0)
    participant = Participant(make, job)
    say(at="ready")
    for line in sys.stdin:
        line = line.rstrip("\n")
        if line == "throw":
            participant.step("threw")
            raise Uncaught
        if line == "exit":
            participant.step("exited")
            sys.exit(0)
        if line == "return":
            participant.step("returned")
            return
        try:
            answer = participant.obey(line)
        except Exception as error:
            participant.step("failed", error=f"{line}: {told(error)}")
            say(at="failed", message=told(error))
        else:
            say(at="done", **answer)
    # Nobody gives orders any more: what a lock's library still has to do is of no interest.
    os._exit(0)

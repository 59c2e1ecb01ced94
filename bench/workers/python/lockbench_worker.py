"""A worker of lockbench in Python: one contending process of a round. It speaks the protocol of ../PROTOCOL.md.

A lock is a class, and a program with it ends with `run`:

    import fcntl
    import lockbench_worker

    class MyLock:
        def __init__(self, site):
            self.file = open(site.path("mylock"), "w")
        def lock(self):
            fcntl.flock(self.file, fcntl.LOCK_EX)
        def unlock(self):
            fcntl.flock(self.file, fcntl.LOCK_UN)

    lockbench_worker.run(MyLock)

It has `lock`, which waits, or `try_lock`, which returns whether it got the lock, or both, and `unlock`. It may have
`begin_acquire` (called once per acquisition, before the first try), `lock_shared` and `try_lock_shared` (readers), `close`,
and `fifo = True` (the first to ask is served first). Whatever is raised ends the worker and is told. A lock imports at the top of its file what
it needs: the user that a worker becomes may not reach the files of Python. It needs Python 3.8 and its standard library.
"""

import ctypes
import gc
import json
import mmap
import os
import platform
import random
import resource
import struct
import sys
import time

PROTOCOL = 1
CONTROL_FD = 3
MESSAGES_FD = 4
# Offsets in the control block.
STAGE, STOP, GATE, LAST, HANDOFFS = 0, 128, 256, 640, 768
REHEARSAL, TIMED = 1, 2
STAMPS = 3
LONGEST_DELAY_NS = 50_000

PR_SET_PDEATHSIG, PR_SET_TIMERSLACK, SIGKILL = 1, 29, 9
FUTEX_WAIT = 0
SYS_FUTEX = {"x86_64": 202, "aarch64": 98}

libc = ctypes.CDLL(None, use_errno=True)
now = time.monotonic_ns


class Unavailable(Exception):
    """Raised by a lock's class: it cannot be used here, and why."""


class Site:
    """Where the processes of a round meet. `fd`: what kernel file locks apply to, open for reading and writing."""

    def __init__(self, directory, worker_index, name):
        self.directory = directory["dir"]
        self.token = directory["token"]
        self.key = directory["key"]
        self.workers = directory["workers"]
        self.worker_index = worker_index
        way = os.open(self.directory, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            if str(os.fstat(way).st_ino) != directory["inode"]:
                raise OSError(f"{self.directory}: another process has put something else in the place of this directory")
            self.fd = os.open(name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600, dir_fd=way)
        finally:
            os.close(way)

    def path(self, name):
        """The path of a name in the round's directory."""
        return os.path.join(self.directory, name)


def say(**message):
    os.write(MESSAGES_FD, (json.dumps(message) + "\n").encode())


def become(identity):
    """The order matters: without its uid a process may not change its groups."""
    if identity is not None:
        os.setgroups([])
        os.setgid(identity["gid"])
        os.setuid(identity["uid"])


def die_with_parent(parent):
    """Changing one's uid clears the wish, so it comes after."""
    if libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        raise OSError("the parent has ended, or it is not the process that the job names")


class Number:
    """The number file: kept open, or opened anew by each turn."""

    ROOM = 24

    def __init__(self, site, kept_open):
        self.path = site.path("number")
        self.fd = site.fd if kept_open else None

    def _with_file(self, action):
        if self.fd is not None:
            return action(self.fd)
        fd = os.open(self.path, os.O_RDWR)
        try:
            return action(fd)
        finally:
            os.close(fd)

    def take(self):
        return self._with_file(self._take)

    def look(self):
        return self._with_file(self._look)

    def _take(self, fd):
        number = int(os.pread(fd, self.ROOM, 0).split(b"\n")[0]) + 1
        os.pwrite(fd, b"%d\n" % number, 0)
        return number

    def _look(self, fd):
        """-1 if it is not a whole line with a number, as a reader beside a writer may see."""
        line, end, _ = os.pread(fd, self.ROOM, 0).partition(b"\n")
        return int(line) if end and line.isdigit() else -1


class ControlBlock:
    """The memory that a round shares. There are no atomic instructions here: who is inside is told by stamps."""

    def __init__(self, job):
        control = job["control"]
        self.memory = mmap.mmap(CONTROL_FD, control["bytes"])
        view = memoryview(self.memory)
        ledger, stamps = control["ledger"], control["stamps"]
        self.ledger = view[ledger : ledger + 4 * job["capacity"]].cast("i")
        self.stamps = view[stamps : stamps + 8 * control["stampCount"]].cast("q")
        self.stage, self.stop, self.last, self.handoffs = (
            ctypes.c_int32.from_buffer(self.memory, offset) for offset in (STAGE, STOP, LAST, HANDOFFS)
        )

    def wait_for(self, stage):
        futex = SYS_FUTEX.get(platform.machine())
        while True:
            # Read once: the kernel compares with what was found too early, and not with what it may be by now.
            current = self.stage.value
            if current >= stage:
                return
            if futex is None:
                time.sleep(0.0001)
            else:
                libc.syscall(futex, ctypes.byref(self.stage), FUTEX_WAIT, current, None)

    @property
    def gate_ns(self):
        return struct.unpack_from("=q", self.memory, GATE)[0]


def waiter(lock, policy, shared, count_failure):
    """Joins a lock and a policy: what a turn calls to get the lock."""
    block = getattr(lock, "lock_shared" if shared else "lock", None)
    attempt = getattr(lock, "try_lock_shared" if shared else "try_lock", None)
    begin = getattr(lock, "begin_acquire", None)
    kind = policy["kind"]
    if (block if kind == "block" else attempt) is None:
        raise TypeError(f"this lock cannot wait by {kind}")
    if kind == "block":
        once = block
    else:
        pause = pause_of(policy)

        def once():
            tries = 0
            while not attempt():
                count_failure()
                pause(tries)
                tries += 1

    if begin is None:
        return once

    def both():
        begin()
        once()

    return both


def pause_of(policy):
    """What happens after a failed try."""
    kind = policy["kind"]
    if kind == "yield":
        return lambda tries: os.sched_yield()
    if kind == "sleep":
        return lambda tries: time.sleep(policy["ns"] / 1e9)
    if kind == "backoff":

        def back_off(tries):
            ceiling = min(policy["toNs"], policy["fromNs"] * 2 ** min(tries, 40))
            time.sleep((ceiling / 2 + random.random() * ceiling / 2) / 1e9)

        return back_off
    return lambda tries: None


def spin(ns):
    end = now() + ns
    while now() < end:
        pass


def spender(pause):
    if pause is None:
        return lambda: None
    ns = pause["ns"]
    return (lambda: spin(ns)) if pause["kind"] == "spin" else (lambda: time.sleep(ns / 1e9))


def random_delay():
    fate = random.random()
    if fate < 0.25:
        os.sched_yield()
    elif fate < 0.75:
        spin(int(random.random() * LONGEST_DELAY_NS))


class Round:
    """What one worker works at."""

    def __init__(self, make, job, directory):
        conditions = job["conditions"]
        kept_open = conditions["number"] == "kept-open"
        self.job = job
        self.is_reader = job["role"] == "reader"
        self.site = Site(directory, job["workerIndex"], "number" if kept_open else "locked")
        self.number = Number(self.site, kept_open)
        self.lock = make(self.site)
        self.failed_tries = 0
        self.changed_reads = 0
        self.before = 0
        self.acquire = waiter(self.lock, job["policy"], self.is_reader, self.count_failure)
        self.pause_inside, self.think = spender(conditions["hold"]), spender(conditions["think"])

    def count_failure(self):
        self.failed_tries += 1

    def take(self):
        if not self.is_reader:
            return self.number.take()
        self.before = self.number.look()
        return self.before

    def hold(self):
        self.pause_inside()
        if self.is_reader and self.number.look() != self.before or self.before == -1:
            self.changed_reads += 1

    def plain_turns(self, ledger, start, count, stop):
        acquire, take, hold, unlock, think = self.acquire, self.take, self.hold, self.lock.unlock, self.think
        for turn in range(start, start + count):
            if stop.value:
                return turn - start
            acquire()
            ledger[turn] = take()
            hold()
            unlock()
            think()
        return count

    def observed_turns(self, control, count):
        """Of a trace or a prove round, which has one lap."""
        proves = self.job["kind"] == "prove"
        enough = self.job["enoughHandoffs"]
        us = -1 if self.is_reader else self.job["workerIndex"] + 1
        stamps, ledger, stop = control.stamps, control.ledger, control.stop
        at = 0
        stamps[0] = now()
        for turn in range(count):
            if stop.value:
                return turn
            self.acquire()
            stamps[at + 1] = now()
            if proves:
                self.count_handoff(control, us, enough)
            ledger[turn] = self.take()
            if proves:
                random_delay()
            self.hold()
            stamps[at + 2] = now()
            self.lock.unlock()
            self.think()
            if proves:
                random_delay()
            at += STAMPS
            stamps[at] = now()
        return count

    @staticmethod
    def count_handoff(control, us, enough):
        """By plain reads and writes: a broken lock spoils the count, by which nothing is judged."""
        previous = control.last.value
        control.last.value = us
        if previous in (us, 0):
            return
        control.handoffs.value += 1
        if control.handoffs.value >= enough:
            control.stop.value = 1

    def close(self):
        close = getattr(self.lock, "close", None)
        if close is not None:
            close()
        os.close(self.site.fd)


def migrations():
    try:
        with open("/proc/self/sched", "rb") as lines:
            return next((int(line.split(b":")[1]) for line in lines if b"nr_migrations" in line), None)
    except OSError:
        return None


def timed_turns(bench, job, control):
    """Laps, until the round has lasted long enough, the ledger is full or the parent says stop."""
    lap = job["lap"]
    migrated = migrations()
    before = resource.getrusage(resource.RUSAGE_SELF)
    say(at="ready")
    control.wait_for(TIMED)
    gate = control.gate_ns
    start = now()
    turns = 0
    while True:
        if job["kind"] == "timing":
            done = bench.plain_turns(control.ledger, turns, lap, control.stop)
        else:
            done = bench.observed_turns(control, lap)
        turns += done
        if done < lap or turns + lap > job["capacity"] or now() - gate >= job["atLeastNs"]:
            break
    end = now()
    after = resource.getrusage(resource.RUSAGE_SELF)
    migrated_after = migrations()
    return {
        "startNs": start - gate,
        "endNs": end - gate,
        "turns": turns,
        "changedReads": bench.changed_reads,
        "exclusion": None if job["kind"] == "timing" else "intervals",
        "failedTries": bench.failed_tries,
        "userNs": round((after.ru_utime - before.ru_utime) * 1e9),
        "systemNs": round((after.ru_stime - before.ru_stime) * 1e9),
        "voluntarySwitches": after.ru_nvcsw - before.ru_nvcsw,
        "involuntarySwitches": after.ru_nivcsw - before.ru_nivcsw,
        "migrations": None if None in (migrated, migrated_after) else migrated_after - migrated,
    }


def take_part(make, job):
    control = ControlBlock(job)
    if job["processor"] is not None:
        os.sched_setaffinity(0, [job["processor"]])
    # The kernel may end a sleep up to 50 µs late, to batch wake-ups; this asks it not to.
    libc.prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0)
    # Nothing is compiled while it runs: the rehearsal is enough.
    say(at="warm", turns=0)
    control.wait_for(REHEARSAL)
    together = Round(make, job, job["rehearsal"])
    together.plain_turns([0] * job["rehearsalTurns"], 0, job["rehearsalTurns"], control.stop)
    together.close()
    bench = Round(make, job, job["timed"])
    control.ledger[:] = memoryview(bytes(4 * len(control.ledger))).cast("i")
    if job["kind"] == "trace":
        control.stamps[:] = memoryview(bytes(8 * len(control.stamps))).cast("q")
    # A collection would else come in the midst of the timed loop.
    gc.collect()
    gc.disable()
    figures = timed_turns(bench, job, control)
    bench.close()
    say(at="done", figures=figures)


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


TASKS = {"look": look, "pairs": time_pairs, "round": take_part}


def told(error):
    text = str(error)
    return text if isinstance(error, OSError) and text else f"{type(error).__name__}: {text}"


def run(make):
    """Does the job that this process was started for. `make`: a lock's class, called with a Site; or with the strategy's
    name as its first parameter, for a program that has several locks, if it is a dict of classes."""
    if len(sys.argv) < 2:
        sys.exit("This program is started by lockbench, which gives it a job: lockbench run --worker 'python3 FILE'")
    try:
        job = json.loads(sys.argv[-1])
        if job.get("protocol") != PROTOCOL:
            raise ValueError(f"protocol {PROTOCOL} was expected, the job is of {job.get('protocol')}")
        become(job["identity"])
        die_with_parent(job["parentPid"])
        if isinstance(make, dict):
            if job["strategy"] not in make:
                raise Unavailable("it is not written in Python: see bench/workers/python/catalogue.py")
            make = make[job["strategy"]]
        TASKS[job["task"]](make, job)
    except Unavailable as error:
        say(at="unavailable", reason=str(error))
        os._exit(1)
    except BaseException as error:
        say(at="error", message=told(error))
        os._exit(1)

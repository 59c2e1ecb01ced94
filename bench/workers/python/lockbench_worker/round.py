"""One round, from its job to its figures."""

import gc
import os
import resource

from .control import REHEARSAL, TIMED, ControlBlock
from .own_process import PR_SET_TIMERSLACK, libc, migrations, now, say
from .site import Number, Site
from .waiting import random_delay, spender, waiter

# Of each acquisition.
STAMPS = 3


class NoLock:
    """What a rogue has in the place of its lock."""

    def __init__(self, site):
        pass

    def lock(self):
        pass

    def try_lock(self):
        return True

    def unlock(self):
        pass


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
    if job["role"] == "rogue":
        make = NoLock
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

"""How a worker waits: for its lock, and for time to pass."""

import os
import random
import time

from .own_process import now

LONGEST_DELAY_NS = 50_000


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

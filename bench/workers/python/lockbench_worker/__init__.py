"""A worker of lockbench in Python: one contending process of a round. It speaks the protocol of ../../PROTOCOL.md.

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
`fifo = True` (the first to ask is served first), and `recovery`, which returns "owner-died", "taken-over" or None (how it
came from the holder before). Whatever is raised ends the worker and is told. A lock imports at the
top of its file what it needs: the user that a worker becomes may not reach the files of Python, which is also why all of
this package is imported at once. It needs Python 3.8 and its standard library.
"""

import json
import os
import sys

from .alone import look, time_pairs
from .orders import Uncaught, take_orders
from .own_process import PROTOCOL, become, die_with_parent, say, told
from .round import take_part
from .site import Site, Unavailable

__all__ = ["Site", "Unavailable", "run"]

TASKS = {"look": look, "pairs": time_pairs, "round": take_part, "obey": take_orders}


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
    except (Uncaught, SystemExit):
        # How a program of one's own ends, which a lock may notice.
        raise
    except BaseException as error:
        say(at="error", message=told(error))
        os._exit(1)

"""What a worker says, who it is, and the clock that all processes of the host share."""

import ctypes
import json
import os
import time

PROTOCOL = 1
MESSAGES_FD = 4

PR_SET_PDEATHSIG, PR_SET_TIMERSLACK, SIGKILL = 1, 29, 9

libc = ctypes.CDLL(None, use_errno=True)
now = time.monotonic_ns


def say(**message):
    os.write(MESSAGES_FD, (json.dumps(message) + "\n").encode())


def told(error):
    text = str(error)
    return text if isinstance(error, OSError) and text else f"{type(error).__name__}: {text}"


def become(identity):
    """The order matters: without its uid a process may not change its groups."""
    if identity is not None:
        os.setgroups([])
        os.setgid(identity["gid"])
        os.setuid(identity["uid"])


def die_with_parent(parent):
    """Changing one's uid clears the wish, so it comes after. `parent`: None if another program stands between."""
    if parent is None:
        return
    if libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        raise OSError("the parent has ended, or it is not the process that the job names")


def migrations():
    try:
        with open("/proc/self/sched", "rb") as lines:
            return next((int(line.split(b":")[1]) for line in lines if b"nr_migrations" in line), None)
    except OSError:
        return None

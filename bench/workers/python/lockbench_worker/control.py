"""The memory that the processes of a round share."""

import ctypes
import mmap
import platform
import struct
import time

from .own_process import libc

CONTROL_FD = 3
# Offsets in the control block.
STAGE, STOP, GATE, LAST, HANDOFFS = 0, 128, 256, 640, 768
REHEARSAL, TIMED = 1, 2

FUTEX_WAIT = 0
SYS_FUTEX = {"x86_64": 202, "aarch64": 98}


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

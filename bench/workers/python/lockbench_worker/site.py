"""Where processes meet, and the number that they take."""

import os


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


class Number:
    """The number file: kept open, or opened anew by each turn."""

    ROOM = 24
    # A ledger keeps numbers in 31 bits.
    LAST = 2**31 - 1

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

    def put(self, number, synced):
        """Writes that number. `synced`: and waits until it is written."""

        def write(fd):
            os.pwrite(fd, b"%d\n" % number, 0)
            if synced:
                os.fsync(fd)

        self._with_file(write)

    def _take(self, fd):
        number = int(os.pread(fd, self.ROOM, 0).split(b"\n")[0]) + 1
        if number > self.LAST:
            raise ValueError(f"a number below {self.LAST} was expected, which a ledger can hold, got {number - 1}")
        os.pwrite(fd, b"%d\n" % number, 0)
        return number

    def _look(self, fd):
        """-1 if it is not a whole line with a number, as a reader beside a writer may see."""
        line, end, _ = os.pread(fd, self.ROOM, 0).partition(b"\n")
        return int(line) if end and line.isdigit() else -1

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

# Takes an fcntl lock on a file, and holds it until standard input ends. lockf of Python is fcntl, not lockf(3).
import fcntl
import sys

with open(sys.argv[1], 'a') as file:
    print('waiting', flush=True)
    fcntl.lockf(file, fcntl.LOCK_EX)  # lock
    print('inside', flush=True)
    sys.stdin.read()

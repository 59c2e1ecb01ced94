# Takes an fcntl lock on byte 0 of a file, and holds it until standard input ends.
import fcntl
import sys

with open(sys.argv[1], 'a') as file:
    print('waiting', flush=True)
    fcntl.lockf(file, fcntl.LOCK_EX, 1, 0)  # lock
    print('inside', flush=True)
    sys.stdin.read()

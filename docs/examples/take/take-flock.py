# Takes flock(2) on a file, and holds it until standard input ends.
import fcntl
import sys

with open(sys.argv[1], 'a') as file:
    print('waiting', flush=True)
    fcntl.flock(file, fcntl.LOCK_EX)  # lock
    print('inside', flush=True)
    sys.stdin.read()

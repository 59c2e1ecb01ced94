# Takes a lock that is a symbolic link, and holds it until standard input ends. Killed, it leaves it behind.
import os
import socket
import sys
import time

path = sys.argv[1]
target = f'{socket.gethostname()}:{os.getpid()}'
print('waiting', flush=True)
while True:
    try:
        os.symlink(target, path)  # lock
        break
    except FileExistsError:
        time.sleep(0.1)
try:
    print('inside', flush=True)
    sys.stdin.read()
finally:
    os.unlink(path)

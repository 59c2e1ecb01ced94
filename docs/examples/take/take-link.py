# Takes a lock that is a hard link, and holds it until standard input ends. Killed, it leaves it behind.
import os
import sys
import time

path = sys.argv[1]
own = f'{path}.{os.getpid()}'
os.close(os.open(own, os.O_CREAT | os.O_EXCL))
print('waiting', flush=True)
while True:
    try:
        os.link(own, path)  # lock
        break
    except FileExistsError:
        time.sleep(0.1)
os.unlink(own)
try:
    print('inside', flush=True)
    sys.stdin.read()
finally:
    os.unlink(path)

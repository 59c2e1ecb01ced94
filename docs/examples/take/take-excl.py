# Takes a lock file, and holds it until standard input ends. Killed, it leaves the file behind.
import os
import sys
import time

path = sys.argv[1]
print('waiting', flush=True)
while True:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))  # lock
        break
    except FileExistsError:
        time.sleep(0.1)
try:
    print('inside', flush=True)
    sys.stdin.read()
finally:
    os.unlink(path)

# Takes a lock directory, and holds it until standard input ends. Killed, it leaves it behind.
import os
import sys
import time

path = sys.argv[1]
print('waiting', flush=True)
while True:
    try:
        os.mkdir(path)  # lock
        break
    except FileExistsError:
        time.sleep(0.1)
try:
    print('inside', flush=True)
    sys.stdin.read()
finally:
    os.rmdir(path)

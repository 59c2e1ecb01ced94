# Takes an abstract name of a Unix socket, and holds it until standard input ends.
import errno
import socket
import sys
import time

name = sys.argv[1]
lock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
print('waiting', flush=True)
while True:
    try:
        lock.bind(f'\0{name}')  # lock
        break
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        time.sleep(0.1)
print('inside', flush=True)
sys.stdin.read()

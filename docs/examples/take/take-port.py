# Takes a TCP port, as in 127.0.0.1:20000, and holds it until standard input ends.
import errno
import socket
import sys
import time

host, port = sys.argv[1].split(':')
lock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
print('waiting', flush=True)
while True:
    try:
        lock.bind((host, int(port)))  # lock
        break
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        time.sleep(0.1)
print('inside', flush=True)
sys.stdin.read()

# Takes an open file description lock on a file, and holds it until standard input ends.
import fcntl
import struct
import sys

# struct flock of 64-bit Linux: type, whence, start, length (0: to the end), pid.
WHOLE_FILE = struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0)

with open(sys.argv[1], 'a') as file:
    print('waiting', flush=True)
    fcntl.fcntl(file, fcntl.F_OFD_SETLKW, WHOLE_FILE)  # lock
    print('inside', flush=True)
    sys.stdin.read()

#!/bin/sh
# Takes flock(2) on a file, and holds it until standard input ends.
exec 9>> "$1"
echo waiting
flock 9  # lock
echo inside
cat > /dev/null 9>&-  # a child that has it would keep the lock

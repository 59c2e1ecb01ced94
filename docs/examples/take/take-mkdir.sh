#!/bin/sh
# Takes a lock directory, and holds it until standard input ends. Killed, it leaves it behind.
echo waiting
until mkdir "$1" 2> /dev/null; do sleep 0.1; done  # lock
trap 'rmdir "$1"' EXIT
echo inside
cat > /dev/null

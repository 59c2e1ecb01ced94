#!/bin/sh
# Takes a lock file, and holds it until standard input ends. Killed, it leaves the file behind.
echo waiting
until (set -C; : > "$1") 2> /dev/null; do sleep 0.1; done  # lock
trap 'rm "$1"' EXIT
echo inside
cat > /dev/null

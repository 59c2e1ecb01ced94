#!/bin/sh
# Takes a lock that is a symbolic link, and holds it until standard input ends. Killed, it leaves it behind.
echo waiting
until ln -sn "$(hostname):$$" "$1" 2> /dev/null; do sleep 0.1; done  # lock
trap 'rm "$1"' EXIT
echo inside
cat > /dev/null

#!/bin/sh
# Takes a lock that is a hard link, and holds it until standard input ends. Killed, it leaves it behind.
: > "$1.$$"
echo waiting
until ln -T "$1.$$" "$1" 2> /dev/null; do sleep 0.1; done  # lock
rm "$1.$$"
trap 'rm "$1"' EXIT
echo inside
cat > /dev/null

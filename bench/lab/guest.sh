#!/bin/bash
# Process 1 of the virtual machine, on the host's root: mounts what a program expects, runs one command, says how it
# ended. The process that started the machine ends it then; should it be gone, the machine powers itself off.
#
# Usage: guest.sh COMMAND [ARGUMENT…], in an environment with
#   LOCKBENCH_DIRECTORY  where to run it     LOCKBENCH_TOKEN  what marks the end of an output
#   LOCKBENCH_SHARED     a directory of the host that may be written to, at the same path here; or empty
#   LOCKBENCH_TERMINAL   rows and columns of the terminal to run it on; or empty for two plain outputs
set -euo pipefail

mount -t sysfs sys /sys
mount -t tmpfs -o mode=755 run /run
mkdir -p /dev/pts /dev/shm /lab
mount -t devpts -o mode=620,ptmxmode=666 pts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
ln -sf /proc/self/fd /dev/fd
ip link set lo up
hostname lab
if [ -n "$LOCKBENCH_SHARED" ]; then
  mkdir -p "$LOCKBENCH_SHARED"
  mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288 shared "$LOCKBENCH_SHARED"
fi
cd "$LOCKBENCH_DIRECTORY"

# The ports show themselves a moment after their driver, under numbers that depend on what else there is.
device_of() { # PORT: its device, in $device
  local file name
  while sleep 0.02; do
    for file in /sys/class/virtio-ports/*/name; do
      read -r name <"$file" || continue
      if [ "$name" = "$1" ]; then
        file=${file%/name}
        device=/dev/${file##*/}
        return
      fi
    done
  done
}
# Each can be opened once only, so a command is never given one: it might open its /dev/stderr again.
device_of out; exec 3>"$device"
device_of err; exec 4>"$device"
code=0
if [ -n "$LOCKBENCH_TERMINAL" ]; then
  read -r rows columns <<<"$LOCKBENCH_TERMINAL"
  until [ -e /dev/hvc0 ]; do sleep 0.05; done
  # Held open: a terminal that nobody has open forgets its size.
  exec 5<>/dev/hvc0
  stty sane rows "$rows" columns "$columns" <&5
  setsid --ctty --wait "$@" <&5 >&5 2>&5 3>&- 4>&- 5>&- || code=$?
else
  mkfifo /run/out /run/err
  cat /run/out >&3 & out=$!
  cat /run/err >&4 & err=$!
  "$@" </dev/null >/run/out 2>/run/err 3>&- 4>&- || code=$?
  # A process that the command left in the background may hold its outputs open for ever.
  { sleep 2; kill "$out" "$err"; } 2>/dev/null &
  wait "$out" "$err" || true
fi
printf '\0%s %d\n' "$LOCKBENCH_TOKEN" "$code" >&3
printf '\0%s %d\n' "$LOCKBENCH_TOKEN" "$code" >&4
sleep 10
echo o >/proc/sysrq-trigger
sleep infinity

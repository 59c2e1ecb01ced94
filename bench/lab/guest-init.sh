#!/bin/busybox sh
# The first program in the virtual machine, run from the initramfs: makes the host's own root, which the machine is
# given read-only, into a root that can be written to, and hands over to guest.sh there. What is written stays in memory.
set -eu
bb=/bin/busybox
$bb mkdir -p /proc /sys /dev /host /scratch /root
$bb mount -t proc proc /proc
$bb mount -t devtmpfs dev /dev
# A kernel that can run a program runs: the process that tries out an accelerator waits for this line.
echo lockbench: kernel

# In the order of their dependencies, which was worked out where modules.dep lies.
while read -r module; do $bb insmod "/modules/$module"; done </modules/order
$bb mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=loose,ro host /host
$bb mount -t tmpfs scratch /scratch
$bb mkdir /scratch/upper /scratch/work
# No index and no redirects: they need what 9p does not have, and the kernel would say so on each start.
$bb mount -t overlay -o lowerdir=/host,upperdir=/scratch/upper,workdir=/scratch/work,xino=off root /root
$bb mount --move /proc /root/proc
$bb mount --move /dev /root/dev

# What to run there, quoted by the process that made this initramfs.
. /job
exec $bb switch_root /root "$@"

#!/bin/bash
# Keeps a lab of hosts: brings up one NFS server and its clients, answers orders, and takes all of it down when its
# standard input ends, which it does however its parent ends.
#
# Usage: unshare --net lab.sh DIRECTORY DISK CLIENTS LEASE, in a mount namespace that nobody else cares for.
#   DIRECTORY  an empty directory, to be mounted on: exports/, v3/, v4.2/ and hosts/ appear in it
#   DISK       a block device, or an image, with an ext4 file system
#   CLIENTS    how many clients
#   LEASE      seconds that the server believes in a client it does not hear of, and waits after a restart; 0: the
#              kernel's own
# Says on its standard output "host NAME PID" for each host, then "up". The orders, a line each on its standard input,
# are "rtt NANOSECONDS" and those of faults.sh; each is said back when it is carried out, after a line "host …" for each
# host that is another one now. When something fails, "failed NAME: WHY".
#
# The network namespace it runs in is the switch: a bridge with a port for each host, named like the host. A host is a
# network, mount, UTS and pid namespace (host.sh); the last one so that its daemons cannot outlive it.
set -euo pipefail
directory=$1 disk=$2 clients=$3 lease=$4
here=${BASH_SOURCE[0]%/*}
declare -A pids=() children=() cut=()
ports=(server)
for ((i = 1; i <= clients; i++)); do ports+=("client$i"); done
# One for the whole kernel, and set along with the lease.
lockd_grace=/proc/sys/fs/nfs/nlm_grace_period
grace_before=

inside() { # NAME COMMAND…: on that host
  local pid=${pids[$1]}
  shift
  nsenter --net="/proc/$pid/ns/net" --mount="/proc/$pid/ns/mnt" --uts="/proc/$pid/ns/uts" -- "$@"
}

# A process that was started on a host from outside, by nsenter, is not in its pid namespace, and outlives it.
strangers() { # NAME: their pids
  local process pid=${pids[$1]}
  for process in /proc/[0-9]*; do
    [ -z "${children[${process#/proc/}]:-}" ] || continue
    [ "$process/ns/net" -ef "/proc/$pid/ns/net" ] || continue
    [ "$process/ns/pid" -ef "/proc/$pid/ns/pid" ] || echo "${process#/proc/}"
  done
}

# shellcheck source=bench/lab/faults.sh
source "$here/faults.sh"

down() {
  trap '' TERM
  set +e
  local name unmounting=()
  mend
  for name in "${!pids[@]}"; do strangers "$name" | xargs --no-run-if-empty kill -KILL; done
  # The clients first: unmounting asks the server, and without one hangs for minutes in the exit of a process.
  for name in "${!pids[@]}"; do
    [ "$name" = server ] && continue
    inside "$name" umount --force --lazy --all --types nfs,nfs4 &
    unmounting+=($!)
  done
  [ ${#unmounting[@]} = 0 ] || wait "${unmounting[@]}"
  if [ -n "${pids[server]:-}" ]; then
    inside server exportfs -ua
    inside server rpc.nfsd 0
  fi
  [ ${#pids[@]} = 0 ] || kill -KILL "${pids[@]}"
  # Our children are the unshare(1) of each host: when they are over, so are all namespaces but this one.
  wait
  umount --recursive "$directory" 2>/dev/null || umount --recursive --lazy "$directory"
  [ -z "$grace_before" ] || echo "$grace_before" >"$lockd_grace"
} >/dev/null 2>&1
trap down EXIT
trap 'exit 143' TERM

mount -t tmpfs -o mode=755 lab "$directory"
mkdir -p "$directory"/{log,hosts,go,state} "$directory"/{exports,v3,v4.2}/{ext4,tmpfs}
mount -t ext4 "$disk" "$directory/exports/ext4"
mount -t tmpfs -o mode=1777 export "$directory/exports/tmpfs"
chmod 1777 "$directory/exports/ext4"
# Who is on no client finds the exports themselves where the clients have their mounts.
mount --rbind "$directory/exports" "$directory/v3"
mount --rbind "$directory/exports" "$directory/v4.2"

# All hosts know each other by name. Each client has an address of the server for itself (see host.sh).
{
  echo "127.0.0.1 localhost"
  for ((i = 1; i <= clients; i++)); do
    echo "192.0.2.$i client$i"
    # statd and sm-notify want a name for each address.
    echo "192.0.2.$((100 + i)) server$i"
  done
  echo "192.0.2.100 server"
} >"$directory/names"
mkfifo "$directory/reports"
exec 5<>"$directory/reports"
ip link add switch type bridge forward_delay 0
ip link set switch up
launch() { # NUMBER: starts that host
  local name=${ports[$1]}
  mkdir -p "$directory/state/$name"
  setpriv --pdeathsig KILL -- \
    unshare --net --mount --uts --pid --fork --kill-child -- \
    /bin/bash "$here/host.sh" "$name" "$1" "$clients" "$directory" $$ "$lease" \
    </dev/null >"$directory/log/$name" 2>&1 &
  children[$!]=$name
}
((lease == 0)) || grace_before=$(cat "$lockd_grace" 2>/dev/null || echo 0)
for ((i = 0; i <= clients; i++)); do
  mkfifo "$directory/go/${ports[i]}"
  launch "$i"
done

await() { # REPORT COUNT: that many hosts say so
  local report name pid count=$2
  while ((count > 0)); do
    read -r report name pid <&5
    if [ "$report" = failed ]; then
      echo "failed $name: $(tail -n 3 "$directory/log/$name" | tr '\n' ' ')"
      exit 1
    fi
    if [ "$report" = linked ]; then pids[$name]=$pid; fi
    if [ "$report" = "$1" ]; then count=$((count - 1)); fi
  done
}
plug() { # NAME…: they are linked; says so
  local name
  for name in "$@"; do
    ip link set "$name" master switch up
    echo "${pids[$name]}" >"$directory/hosts/$name"
    echo "host $name ${pids[$name]}"
  done
}
await linked $((clients + 1))
plug "${ports[@]}"
await serving 1
for name in "${ports[@]:1}"; do echo >"$directory/go/$name"; done
await mounted "$clients"
echo up

# Half of the round trip on the way to each host: one way is passed to reach the server, another one coming back.
delayed=0
delay() { # NANOSECONDS NAME…
  local half nanoseconds=$1
  shift
  if ((nanoseconds > 0)); then
    # tc(8) reads no "ns", but fractions.
    printf -v half '%d.%03dus' $((nanoseconds / 2000)) $((nanoseconds / 2 % 1000))
    printf "qdisc replace dev %s root netem limit 100000 delay $half\n" "$@" | tc -batch -
  elif ((delayed > 0)); then
    printf 'qdisc del dev %s root\n' "$@" | tc -batch -
  fi
}

while read -r order argument; do
  case $order in
    rtt)
      delay "$argument" "${ports[@]}"
      delayed=$argument
      ;;
    cut | heal | reboot | mend | stop-server | start-server) "${order//-/_}" "$argument" ;;
    *) continue ;;
  esac
  echo "$order $argument"
done

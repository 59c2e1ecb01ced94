# Faults of the network and of hosts, as orders to lab.sh, which sources this: what an administrator lives through.
#
#   cut NAME        nothing comes from that host any more, nor to it; it does not notice
#   heal NAME       the end of that
#   stop-server     the server's kernel stops serving, and forgets all locks, as by a restart of the machine
#   start-server    it serves again: it waits for its clients to claim their locks, and has told them that it was gone
#   halt NAME       that client loses power: it is gone, and has told nobody
#   boot NAME       it comes up again under the same name and address, and tells the server that it was gone
#   mend            the end of all of these but "halt"

# The port of the switch drops what comes in and what goes out. A queue that loses all loses it on one way only, a link
# that is set down is noticed at its other end, and ip(8) sets a port's state to no effect, without an error.
cut() {
  bridge link set dev "$1" state 0
  [[ $(bridge link show dev "$1") == *'state disabled'* ]]
  cut[$1]=1
}

heal() {
  bridge link set dev "$1" state 3
  unset "cut[$1]"
}

stopped=
stop_server() {
  stopped=1
  inside server /bin/bash "$here/nfsd.sh" stop "$clients"
}

start_server() {
  inside server /bin/bash "$here/nfsd.sh" again "$clients" "$lease"
  stopped=
}

halt() {
  local name=$1 pid=${pids[$1]} tries
  ip link del "$name"
  unset "cut[$name]"
  strangers "$name" | xargs --no-run-if-empty kill -KILL || true
  # Who dies gives back its locks, and asks the server, for ever: such a process is killed no further, and cannot be seen
  # in its namespaces any more. Force makes it give up; as long as one has not, its mount is busy. In the background: the
  # last one to leave a mount would say farewell to the server.
  for ((tries = 0; tries < 100; tries++)); do
    grep --quiet ' nfs4\? ' "/proc/$pid/mounts" || break
    (inside "$name" umount --internal-only --force --all --types nfs,nfs4 >/dev/null 2>&1 &)
    sleep 0.3
  done
  unset "pids[$name]"
  kill -KILL "$pid"
}

boot() {
  local name=$1
  launch "${name#client}"
  await linked 1
  plug "$name" >/dev/null
  ((delayed == 0)) || delay "$delayed" "$name"
  echo >"$directory/go/$name"
  await mounted 1
  echo "host $name ${pids[$name]}"
}

# Without it no client can be taken down in order.
mend() {
  local name
  for name in "${!cut[@]}"; do heal "$name"; done
  [ -z "$stopped" ] || start_server
}

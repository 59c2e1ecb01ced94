# Faults of the network and of hosts, as orders to lab.sh, which sources this: what an administrator lives through.
#
#   cut NAME        nothing comes from that host any more, nor to it; it does not notice
#   heal NAME       the end of that
#   stop-server     the server's kernel stops serving, and forgets all locks, as by a restart of the machine
#   start-server    it serves again: it waits for its clients to claim their locks, and has told them that it was gone
#   halt NAME       that client loses power: it is gone, and has told nobody
#   boot NAME       it comes up again under the same name and address, and tells the server that it was gone
#   mend            the end of all of these but "halt"

# The port of the switch drops what comes in and what goes out. A delay on it alone would drop one way only, and a link
# that is set down is noticed at its other end.
cut() {
  ip link set "$1" type bridge_slave state 0
  cut[$1]=1
}

heal() {
  ip link set "$1" type bridge_slave state 3
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
  # They give back their locks as they end, which asks the server, for ever: hard mounts. Only so do they give that up.
  for ((tries = 0; tries < 50; tries++)); do
    inside "$name" umount --internal-only --force --all --types nfs,nfs4 || true
    [ -n "$(strangers "$name")" ] || break
    sleep 0.1
  done 2>/dev/null
  inside "$name" umount --internal-only --force --lazy --all --types nfs,nfs4 || true
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

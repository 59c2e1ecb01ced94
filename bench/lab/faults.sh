# Faults of the network and of hosts, as orders to lab.sh, which sources this: what an administrator lives through.
#
#   cut NAME        nothing comes from that host any more, nor to it; it does not notice
#   heal NAME       the end of that
#   stop-server     the server's kernel stops serving, and forgets all locks, as by a restart of the machine
#   start-server    it serves again: it waits for its clients to claim their locks, and has told them that it was gone
#   reboot NAME     another machine comes up under that client's name and address, with its /var/lib/nfs, and tells the
#                   server that it was gone; the one before is set aside, without a word
#   mend            the end of all of these

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
  inside server /bin/bash "$here/nfsd.sh" stop "$directory" "$clients" "$lease"
}

start_server() {
  inside server /bin/bash "$here/nfsd.sh" again "$directory" "$clients" "$lease"
  stopped=
}

# A machine that loses power tells nobody. To take its mounts and processes down does: they give back their locks, or,
# without a network, hang for ever in their exit, since lockd cannot be made to give up. So it stays as it is, where nobody
# hears it, until the other one has left.
declare -A aside=()
# The server would look for the one under the other's hardware address, for seconds.
forget_addresses() {
  inside server ip neighbour flush dev eth0
}

reboot() {
  local name=$1
  ip link set "$name" nomaster down
  ip link set "$name" name "was-$name"
  unset "cut[$name]"
  aside[$name]=${pids[$name]}
  launch "${name#client}"
  await linked 1
  plug "$name"
  forget_addresses
  ((delayed == 0)) || delay "$delayed" "$name"
  echo >"$directory/go/$name"
  await mounted 1
}

come_back() { # NAME
  local name=$1 pid=${pids[$1]}
  strangers "$name" | xargs --no-run-if-empty kill -KILL || true
  inside "$name" umount --force --lazy --all --types nfs,nfs4 || true
  ip link del "$name"
  kill -KILL "$pid"
  ip link set "was-$name" name "$name"
  ip link set "$name" up
  pids[$name]=${aside[$name]}
  unset "aside[$name]"
  plug "$name"
  forget_addresses
}

# Without it no client can be taken down in order.
mend() {
  local name
  for name in "${!cut[@]}"; do heal "$name"; done
  [ -z "$stopped" ] || start_server
  for name in "${!aside[@]}"; do come_back "$name"; done
}

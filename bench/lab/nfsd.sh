#!/bin/bash
# The kernel's part of the server, on the server: started for the first time, stopped, and started again.
#
# Usage: nfsd.sh start|stop|again DIRECTORY CLIENTS LEASE; as in lab.sh
set -euo pipefail
order=$1 directory=$2 clients=$3 lease=$4

serve() {
  local options=(--no-udp)
  # The time that version 4 waits for claims after a restart, and lockd's, too.
  ((lease == 0)) || options+=(--lease-time "$lease" --grace-time "$lease")
  rpc.nfsd "${options[@]}" 8
}

case $order in
  start)
    serve
    # A server that has just started refuses locks for 50 to 90 seconds, so that the clients of its former life can claim
    # theirs again. This one had none. Version 4 learns that from nfsdcld, and does not wait; lockd must be told.
    echo Y >/proc/fs/lockd/nlm_end_grace
    ;;
  stop)
    rpc.nfsd 0
    # Locks of version 3 would be kept: the clients' lockd is the same kernel's, and goes on. A restart forgets them. Not
    # by unlock_ip, which takes one client's after another's: a waiter would be given the lock in between.
    for export in ext4 tmpfs; do echo "$directory/exports/$export" >/proc/fs/nfsd/unlock_filesystem; done
    ;;
  again)
    serve
    # What statd does at the start of a machine. Each client knows the server by another address, and listens to that
    # one alone. The records stay with statd, whose kernel does not know that they were used up.
    for ((i = 1; i <= clients; i++)); do
      [ -e "/var/lib/nfs/sm/client$i" ] || continue
      notices=/run/notices/$i
      mkdir -p "$notices"/{sm,sm.bak}
      cp /var/lib/nfs/sm/client"$i" "$notices/sm/"
      cp /var/lib/nfs/state "$notices/"
      sm-notify -f -P "$notices" -v "192.0.2.$((100 + i))"
    done
    [ ! -e "${notices:-}" ] || cp "$notices/state" /var/lib/nfs/state
    ;;
esac

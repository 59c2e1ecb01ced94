#!/bin/bash
# One host of the lab, as process 1 of its namespaces: a name, an address, daemons; the exports or the mounts. Reports
# to lab.sh on descriptor 5, then sleeps until it is killed.
#
# Usage: host.sh NAME NUMBER CLIENTS DIRECTORY KEEPER LEASE; number 0 is the server, KEEPER the pid of lab.sh
set -euo pipefail
name=$1 number=$2 clients=$3 directory=$4 keeper=$5 lease=$6
here=${BASH_SOURCE[0]%/*}
trap 'echo "failed $name" >&5' EXIT

echo "$name" >/proc/sys/kernel/hostname
mount --bind "$directory/names" /etc/hosts
# Sockets, pid files and the state of the daemons: each host has its own. The state outlives a restart: by it statd
# knows whom to tell.
mount -t tmpfs -o mode=755 run /run
mount --bind "$directory/state/$name" /var/lib/nfs
mkdir -p /run/rpcbind /run/lock /var/lib/nfs/{sm,sm.bak,rpc_pipefs,nfsdcld}
: >/var/lib/nfs/etab
: >/var/lib/nfs/rmtab

{
  echo "link set lo up"
  echo "link add eth0 type veth peer name $name netns /proc/$keeper/ns/net"
  if ((number > 0)); then
    echo "address add 192.0.2.$number/24 dev eth0"
  else
    echo "address add 192.0.2.100/24 dev eth0"
    # An address for each client: lockd knows its waiters by the server's address alone, so that clients that share a
    # kernel and an address get each other's grants, and two hold one lock.
    for ((i = 1; i <= clients; i++)); do echo "address add 192.0.2.$((100 + i))/24 dev eth0"; done
  fi
  echo "link set eth0 up"
} | ip -batch -
# The pid as those outside of our pid namespace see it: /proc is theirs.
read -r pid _ </proc/self/stat
echo "linked $name $pid" >&5

if ((number == 0)); then
  # Keeps the names of version 4's clients, by which a server knows whether to wait for any after a restart. The kernel
  # gives up on it when it does not answer at once; so it comes early, and is waited for below.
  mount -t rpc_pipefs pipes /var/lib/nfs/rpc_pipefs
  nfsdcld --foreground --debug --pipefsdir /var/lib/nfs/rpc_pipefs --storagedir /var/lib/nfs/nfsdcld \
    >/run/nfsdcld.log 2>&1 5>&- &
fi
rpcbind
if ((number == 0)); then
  rpc.statd --no-notify
  mount -t nfsd nfsd /proc/fs/nfsd
  options=rw,no_root_squash,no_subtree_check,insecure
  # What version 4 takes for the root of all; a tmpfs has no identity but the one it is given.
  exportfs -i -o "$options,fsid=0" "192.0.2.0/24:$directory/exports"
  exportfs -i -o "$options,fsid=1" "192.0.2.0/24:$directory/exports/tmpfs"
  exportfs -i -o "$options,fsid=2" "192.0.2.0/24:$directory/exports/ext4"
  rpc.mountd
  until [[ $(</run/nfsdcld.log) == *'Starting event dispatch'* ]]; do sleep 0.02; done
  /bin/bash "$here/nfsd.sh" start "$directory" "$clients" "$lease"
  echo "serving $name" >&5
else
  # The exports came along with the copy of the mounts; a client has no business with them but through NFS.
  umount --recursive "$directory"/{v3,v4.2,exports/ext4,exports/tmpfs}
  read -r _ <"$directory/go/$name"
  # Tells the server, if there is one from a former life, that the locks of that life are gone.
  rpc.statd
  server=192.0.2.$((100 + number))
  options=proto=tcp,hard,sec=sys,local_lock=none
  for export in ext4 tmpfs; do
    mount.nfs "$server:$directory/exports/$export" "$directory/v3/$export" -o "vers=3,$options"
    mount.nfs "$server:/$export" "$directory/v4.2/$export" -o "vers=4.2,$options"
  done
  echo "mounted $name" >&5
fi
exec 5>&-
exec sleep infinity

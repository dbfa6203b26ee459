#!/bin/bash
# usage: in-root.sh ROOT COUNT FOLDER... COMMAND...
#
# Runs a command in another root file system, on an overlay: ROOT stays as it is.
# The first COUNT of what follows are folders that are seen there in their places.
# The command has namespaces of its own, without any network, and all that it
# starts ends with it.
set -euo pipefail
if [ "${INSIDE-}" != yes ]; then
  INSIDE=yes exec unshare --mount --pid --uts --ipc --net --fork --kill-child=SIGKILL --propagation private -- bash "$0" "$@"
fi
root=$1 count=$2
shift 2
export -n INSIDE
layers=$(mktemp -d)
mount -t tmpfs tmpfs "$layers"
mkdir "$layers"/{upper,work,all}
mount -t overlay overlay -o "lowerdir=$root,upperdir=$layers/upper,workdir=$layers/work" "$layers/all"
cd "$layers/all"

mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount --rbind /sys/fs/cgroup sys/fs/cgroup
mount -t tmpfs tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=755 tmpfs dev
mkdir dev/pts dev/shm dev/net
chmod 1777 dev/shm
while read -r name major minor; do
  mknod -m 666 "dev/$name" c "$major" "$minor"
done <<'END'
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
fuse 10 229
net/tun 10 200
loop-control 10 237
END
for number in {0..63}; do
  mknod -m 660 "dev/loop$number" b 7 "$number"
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr

for ((; count > 0; count--)); do
  mkdir -p ".$1"
  mount --rbind "$1" ".$1"
  shift
done
printf '127.0.0.1 localhost\n127.0.1.1 other\n' >etc/hosts
rm -f etc/resolv.conf
: >etc/resolv.conf
systemd-machine-id-setup --root=. >/dev/null 2>&1 # systemd-nspawn(1) of some releases wants one
hostname other
ip link set lo up
chroot . "$@" # and not exec: the first process has to take orphans in, as an init does

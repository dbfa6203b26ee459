#!/bin/bash
# usage: base-image.sh FOLDER
#
# Makes a Debian 12 for the tests' virtual machines: debian-12.qcow2, one file
# system without a boot loader, and beside it vmlinuz and initrd.img, with which
# the domains start it directly. It has what every kind of guest of the reference
# stack needs, switched off, so that nothing is installed while tests run. The
# tests keep it under a name made from this script.
set -euo pipefail
cd "$1"

packages=(
  systemd-sysv udev dbus openssh-server initramfs-tools linux-image-cloud-amd64
  ifupdown iproute2 iputils-ping procps ethtool netbase
  nftables openvpn varnish nginx-light php-fpm php-mysql mariadb-server
)
list=$(IFS=, && echo "${packages[*]}")
mmdebstrap --mode=root --variant=minbase --include="$list" --dpkgopt=force-unsafe-io \
  --aptopt='Acquire::Retries "5"' bookworm root

# What the packages of all roles would start. apply switches on what a guest is for.
for unit in nginx varnish varnishncsa mariadb php8.2-fpm openvpn; do
  chroot root systemctl disable --quiet "$unit"
done
# What would start by itself and only take time.
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
  dpkg-db-backup.timer logrotate.timer systemd-timesyncd.service; do
  ln -sf /dev/null "root/etc/systemd/system/$unit"
done
echo '/dev/vda / ext4 errors=remount-ro 0 1' >root/etc/fstab
cp -L root/vmlinuz vmlinuz
cp -L root/initrd.img initrd.img
rm -rf root/var/cache/apt/archives/*.deb root/var/lib/apt/lists/* root/usr/share/{doc,man,locale}/*

truncate -s 2G raw
mke2fs -q -F -t ext4 -E lazy_itable_init=0 -L root -d root raw
qemu-img convert -f raw -O qcow2 raw debian-12.qcow2
rm -rf raw root

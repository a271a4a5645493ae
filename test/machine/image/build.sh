#!/bin/sh
# Builds a Debian 12 machine from packages alone: build.sh <mirror> <empty folder>. Leaves there disk.img (ext4), vmlinuz, initrd.img.
# What it is made of resembles Debian's own cloud image: systemd, netplan, systemd-resolved, cloud-init, an SSH server.
set -eu
mirror=$1
output=$2
root=$output/root

# Mounts end with this process, however it ends.
if [ "${MESHVM_PRIVATE_MOUNTS:-}" != yes ]; then
  MESHVM_PRIVATE_MOUNTS=yes exec unshare --mount --propagation private "$0" "$@"
fi

export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
umask 022
debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror"

mount -t proc proc "$root/proc"
mount -t devtmpfs devtmpfs "$root/dev" 2>/dev/null || mount --rbind /dev "$root/dev"
inside() { chroot "$root" "$@"; }

cat >"$root/etc/apt/sources.list" <<END
deb $mirror bookworm main
deb $mirror bookworm-updates main
deb $mirror-security bookworm-security main
END
# No service starts in a chroot; a power cut while the image is made makes it anew.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod 0755 "$root/usr/sbin/policy-rc.d"
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/image"

# debootstrap does not resolve virtual packages, apt does. What istio-sidecar depends on is here: the machine of the test has no internet.
inside apt-get update -q
inside apt-get install -q -y --no-install-recommends \
  linux-image-cloud-amd64 initramfs-tools zstd systemd-sysv dbus udev kmod systemd-resolved systemd-timesyncd netplan.io \
  cloud-init openssh-server sudo python3 iptables iproute2 hostname procps

rm "$root/usr/sbin/policy-rc.d" "$root/etc/dpkg/dpkg.cfg.d/image"
inside apt-get clean
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/log/*.log "$root"/etc/ssh/ssh_host_*_key*
: >"$root/etc/machine-id"
echo machine >"$root/etc/hostname"
echo '/dev/vda / ext4 errors=remount-ro 0 1' >"$root/etc/fstab"
# The journal outlives reboots, and the serial console shows it: both are for whoever reads the logs of a failed test.
mkdir -p "$root/var/log/journal" "$root/etc/systemd/journald.conf.d"
printf '[Journal]\nForwardToConsole=yes\nTTYPath=/dev/ttyS0\nMaxLevelConsole=info\n' >"$root/etc/systemd/journald.conf.d/console.conf"
# As cloud images are: /etc/hosts is written anew at every boot.
cat >"$root/etc/cloud/cloud.cfg.d/90-image.cfg" <<'END'
datasource_list: [NoCloud, None]
manage_etc_hosts: true
# There is no other: the package locales is large.
locale: false
# One, because an emulated processor takes long to make one.
ssh_genkeytypes: [ed25519]
apt_preserve_sources_list: true
END

cp -L "$root/vmlinuz" "$output/vmlinuz"
cp -L "$root/initrd.img" "$output/initrd.img"
umount -R "$root/dev" "$root/proc"
# For whoever compares two images.
inside dpkg-query -W >"$output/packages.txt"
truncate -s 3G "$output/disk.img"
mke2fs -q -t ext4 -E lazy_itable_init=0,discard -d "$root" "$output/disk.img"
rm -rf --one-file-system "$root"

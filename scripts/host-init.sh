#!/usr/bin/env bash
# The first process of a host of three-hosts.sh: host-init.sh NODE ADDRESS STATE-FOLDER CGROUP, in namespaces of its own.
# The host sees the machine's files as its disk and writes to memory instead; /var/lib/docker, /opt and /var/lib/mesos are
# its own on the machine's disk. Its Docker Engine and SSH server are started again when they end, as systemd would.
set -euo pipefail
node=$1 address=$2 state=$3 cgroup=$4
folder=$state/$node
disk=$folder/disk home=~root
root=$disk/whole

hostname "$node"

# An overlay may not be written to a folder below the one that it covers, so changes go to memory.
mount -t tmpfs -o mode=755 changes "$disk"
mkdir "$disk"/{changes,temporary,whole}
mount -t overlay -o "lowerdir=/,upperdir=$disk/changes,workdir=$disk/temporary" overlay "$root"

mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"

# Process ids of before a reboot would name others now.
find "$folder/run" -mindepth 1 -delete
mount --bind "$folder/run" "$root/run"
mkdir -p "$root/var/lib/docker" "$root/var/lib/mesos" "$root/opt"
if [ -f "$folder/disk-mb" ]; then
  mount -t tmpfs -o "size=$(cat "$folder/disk-mb")m" disk "$root/var/lib/docker"
else
  mount --bind "$folder/docker" "$root/var/lib/docker"
fi
mount --bind "$folder/opt" "$root/opt"
mount --bind "$folder/mesos" "$root/var/lib/mesos"

rm -f "$root"/etc/ssh/ssh_host_*
install -m 0600 "$folder"/ssh_host_ed25519_key* "$root/etc/ssh/"
rm -f "$root/etc/docker/daemon.json"
mount -t tmpfs -o mode=700 home "$root$home"
install -d -m 0700 "$root$home/.ssh"
install -m 0600 "$state/ssh/key.pub" "$root$home/.ssh/authorized_keys"
if [ -d "$home/.docker/cli-plugins" ]; then
  mkdir "$root$home/.docker"
  cp -a "$home/.docker/cli-plugins" "$root$home/.docker/"
fi
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$node" >"$root/etc/hosts"
echo "$node" >"$root/etc/hostname"
cat >"$root/etc/ssh/sshd_config" <<END
ListenAddress $address
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
PidFile none
Subsystem sftp internal-sftp
END

# What the hosts have in the machine's state folder is not for them to see.
mkdir -p "$root$state"
mount -t tmpfs -o size=4k,mode=000 hidden "$root$state"

mkdir "$root/.machine"
cd "$root"
pivot_root . .machine
umount --lazy /.machine
rmdir /.machine
cd /
# As systemd has it: volumes with shared propagation work.
mount --make-rshared /
mkdir -p /run/sshd /run/lock

export HOME=$home PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset "${!DOCKER_@}" SSH_AUTH_SOCK

keep() {
  while :; do
    "$@" || true
    sleep 1
  done
}
keep /usr/sbin/sshd -D -e &
keep dockerd --cgroup-parent "$cgroup" --exec-opt native.cgroupdriver=cgroupfs --pidfile /run/docker.pid &
wait

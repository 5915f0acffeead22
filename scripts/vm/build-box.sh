#!/usr/bin/env bash
# Makes a Vagrant box for libvirt of Debian packages alone, for machines that QEMU emulates: build-box.sh engine has
# Docker's Engine and the images of the lab's tests in it, build-box.sh native has ZooKeeper and what else a native
# configuration is for instead. Prints the path of the .box file, which stays in $VM_CACHE
# (/var/cache/create-mesos-cluster-vm) and is made again when what it is made of has changed. No loop device, mount or
# virtual machine is needed. Needs root, Docker and install-vm-tools.sh; two minutes.
set -euo pipefail
kind=${1:?engine or native}
here=$(cd "$(dirname "$0")" && pwd)
cache=${VM_CACHE:-/var/cache/create-mesos-cluster-vm}
disk_mb=8192
native=../../test/docker/images/native-machine
# The names that the image set lite and the lab's own nginx app ask for (planning/catalogue, generators/app-definitions.ts).
images=(node=node:22-alpine node=docker:28-cli zookeeper=zookeeper:3.9 nginx=nginx:1.27)

fingerprint() {
  local parts=() pair
  for pair in "${images[@]}"; do parts+=("create-mesos-cluster-test/${pair%%=*}:local"); done
  {
    cd "$here" && find box build-box.sh "$native" -type f -print0 | sort -z | xargs -0 sha256sum
    [ "$kind" != engine ] || docker image inspect --format '{{.Id}}' "${parts[@]}"
  } | sha256sum | cut -c 1-16
}

"$here/../base-image.sh" >&2
[ "$kind" != engine ] || "$here/../test-images.sh" >&2
box=$cache/$kind-$(fingerprint).box
if [ -f "$box" ]; then
  echo "$box"
  exit
fi

mkdir -p "$cache"
work=$(mktemp -d "$cache/work.XXXXXX")
clean_up() {
  [ ! -f "$work/docker.pid" ] || { kill "$(cat "$work/docker.pid")" && while [ -f "$work/docker.pid" ]; do sleep 0.2; done; }
  rm -rf "$work"
}
trap clean_up EXIT
root=$work/root
mkdir "$root"

unpack_root() {
  local image container key
  image=create-mesos-cluster-test/box-$kind:local
  docker build --quiet --tag "$image" --build-arg "ENGINE=$([ "$kind" = engine ] && echo true || echo false)" "$here/box"
  [ "$kind" = engine ] || docker build --quiet --tag "$image" --build-arg "BASE=$image" "$here/$native"
  container=$(docker create "$image")
  docker export "$container" | tar -x -C "$root"
  docker rm "$container" >/dev/null
  rm -f "$root/.dockerenv" "$root/usr/sbin/policy-rc.d"
  key=$(find / -xdev -path '*/vagrant-*/keys/vagrant.pub' -print -quit)
  # Docker has these bound while it builds, and leaves them empty.
  printf '127.0.0.1 localhost\n127.0.1.1 debian\n' >"$root/etc/hosts"
  echo debian >"$root/etc/hostname"
  echo 'nameserver 127.0.0.1' >"$root/etc/resolv.conf"
  install -m 0600 -o 1000 -g 1000 "$key" "$root/home/vagrant/.ssh/authorized_keys"
}

# By a second Engine, whose folder is that of the machine's. In a network of its own: without a bridge it would remove
# docker0, which the first one has.
load_images() {
  local engine=(docker --host "unix://$work/docker.sock") pair test_image
  unshare --net dockerd --data-root "$root/var/lib/docker" --exec-root "$work/exec" --pidfile "$work/docker.pid" --bridge none \
    --iptables=false --host "unix://$work/docker.sock" --storage-driver overlay2 >"$work/dockerd.log" 2>&1 &
  for _ in {1..150}; do
    ! "${engine[@]}" info >/dev/null 2>&1 || break
    sleep 0.2
  done
  for pair in "${images[@]}"; do
    test_image=create-mesos-cluster-test/${pair%%=*}:local
    docker save "$test_image" | "${engine[@]}" load --quiet >/dev/null
    "${engine[@]}" tag "$test_image" "${pair#*=}"
    "${engine[@]}" rmi "$test_image" >/dev/null # only the name: the other one keeps it
  done
  kill "$(cat "$work/docker.pid")"
  wait
  rm "$root/var/lib/docker/engine-id" # each machine has to have its own
}

# GRUB's first sector, then the rest of it before the only partition, which begins at 1 MiB: what grub-install would do,
# for which the disk has to be a device.
build_disk() {
  local disk=$work/disk.raw modules=/usr/lib/grub/i386-pc
  truncate --size "${disk_mb}M" "$disk"
  mke2fs -q -t ext4 -F -m 1 -E offset=1048576,lazy_itable_init=0 -d "$root" "$disk" "$((disk_mb - 2))M"
  echo '2048,,L,*' | sfdisk --quiet --no-reread --no-tell-kernel --wipe-partitions never "$disk"
  grub-mkimage --format i386-pc --output "$work/core.img" --prefix '(hd0,msdos1)/boot/grub' \
    biosdisk part_msdos ext2 normal configfile linux minicmd
  # The table of partitions is in the same sector, from byte 440 on.
  dd if="$modules/boot.img" of="$disk" bs=440 count=1 conv=notrunc status=none
  dd if="$work/core.img" of="$disk" bs=512 seek=1 conv=notrunc status=none
}

pack_box() {
  mkdir "$work/box"
  qemu-img convert -O qcow2 "$work/disk.raw" "$work/box/box.img"
  printf '{"provider":"libvirt","format":"qcow2","virtual_size":%s}\n' "$((disk_mb / 1024))" >"$work/box/metadata.json"
  cp "$here/box/Vagrantfile" "$work/box/"
  tar -C "$work/box" -cf "$work/new.box" metadata.json Vagrantfile box.img
  rm -f "$cache/$kind"-*.box
  mv "$work/new.box" "$box"
}

unpack_root >&2
[ "$kind" != engine ] || load_images >&2
build_disk >&2
pack_box >&2
echo "$box"

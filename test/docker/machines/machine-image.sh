#!/usr/bin/env bash
# Makes an image of a clean machine with a real systemd: create-mesos-cluster-test/machine-debian:local (Debian 12) or
# machine-ubuntu:local (24.04), from the archives of Debian and Ubuntu. What is missing to a virtual machine of Vagrant: the
# kernel, the boot loader and devices. Where Ubuntu's archive is out of reach, machine-ubuntu is a Debian that says it is
# Ubuntu, and the image has the label emulated=true. Needs root, Docker, debootstrap and ubuntu-keyring.
#   machine-image.sh debian | ubuntu
set -euo pipefail
system=${1:?debian or ubuntu}
image=create-mesos-cluster-test/machine-$system:local
suite=noble
# Debian 12's debootstrap is older than noble; the script is the same for every Ubuntu. It knows two archives that are
# current: for amd64, and for all others.
script=/usr/share/debootstrap/scripts/gutsy
archives=$(awk '$1 == "default_mirror" && $2 !~ /old-releases/ { print $2 }' "$script")
if [ "$(dpkg --print-architecture)" = amd64 ]; then archive=${archives%%$'\n'*}; else archive=${archives##*$'\n'}; fi
mirror=${UBUNTU_MIRROR:-$archive}
keys=/usr/share/keyrings/ubuntu-archive-keyring.gpg
here=$(cd "$(dirname "$0")" && pwd)

if docker image inspect "$image" >/dev/null 2>&1; then exit; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ubuntu_base() {
  local base=create-mesos-cluster-test/ubuntu:local
  if ! docker image inspect "$base" >/dev/null 2>&1; then
    debootstrap --variant=minbase --components=main,universe --keyring="$keys" \
      "$suite" "$work/root" "$mirror" "$script" >"$work/log" 2>&1 || { tail "$work/log" >&2 && return 1; }
    tar -C "$work/root" --exclude='./var/cache/apt/archives/*.deb' -c . | docker import - "$base" >/dev/null
  fi
  echo "$base"
}

base=debian:12-local
emulated=false
"$here/../../../scripts/base-image.sh" >/dev/null
if [ "$system" = ubuntu ]; then
  if [ -f "$keys" ] && curl --fail --silent --show-error --output /dev/null --max-time 20 "$mirror/dists/$suite/Release"; then
    base=$(ubuntu_base)
  else
    echo "$mirror is out of reach, or its keys ($keys) are missing: $image is a Debian that says it is Ubuntu" >&2
    emulated=true
  fi
fi
docker build --quiet --tag "$image" --label "emulated=$emulated" --build-arg "BASE=$base" --build-arg "EMULATED=$emulated" "$here/image" >/dev/null

#!/usr/bin/env bash
# What the tests on virtual machines need beyond ../install-ci-tools.sh, from Debian: QEMU, libvirt and what makes a disk.
# Starts no daemon (libvirtd.sh does). Needs root. Quick when all of it is there.
set -euo pipefail
packages=(dnsmasq-base e2fsprogs fdisk grub-common grub-pc-bin iptables libvirt-clients libvirt-daemon)
packages+=(libvirt-daemon-driver-qemu qemu-system-x86 qemu-utils)
"$(dirname "$0")/../install-packages.sh" "${packages[@]}" >/dev/null
qemu-system-x86_64 --version | head -n 1
libvirtd --version

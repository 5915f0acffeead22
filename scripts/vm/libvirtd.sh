#!/usr/bin/env bash
# Starts libvirt's daemon for the tests on virtual machines, where none answers: libvirtd.sh start, libvirtd.sh stop ends
# it, and nothing that was not started here. It sees no /dev/kvm: one that is there but hangs, as in a virtual machine
# without nesting, would stall each of its operations, and the machines are emulated anyway. Needs root.
set -euo pipefail
state=${VM_STATE:-/run/create-mesos-cluster-vm}
pid_file=$state/libvirtd.pid
answers() { timeout 20 virsh --connect qemu:///system version >/dev/null 2>&1; }

start() {
  if answers; then return; fi
  mkdir -p "$state"
  # A package that starts daemons has the user of its machines, and the settings.
  mkdir -p "$state/etc"
  install -m 000 /dev/null "$state/no-kvm"
  printf 'security_driver = "none"\nstdio_handler = "file"\nnamespaces = []\n' >"$state/etc/qemu.conf"
  { cat /etc/passwd && echo 'libvirt-qemu:x:64055:64055::/nonexistent:/usr/sbin/nologin'; } >"$state/passwd"
  { cat /etc/group && echo 'libvirt-qemu:x:64055:'; } >"$state/group"
  setsid unshare --mount --propagation private "$0" run >"$state/libvirtd.log" 2>&1 </dev/null &
  for _ in {1..60}; do
    if answers; then return; fi
    sleep 0.5
  done
  echo "libvirtd does not answer; the end of $state/libvirtd.log:" >&2
  tail -n 20 "$state/libvirtd.log" >&2
  return 1
}

# In a mount namespace of its own: what is mounted stays there, and goes with it.
run() {
  [ ! -e /dev/kvm ] || mount --bind "$state/no-kvm" /dev/kvm
  mkdir -p /etc/libvirt
  mount --bind "$state/etc" /etc/libvirt
  mount --bind "$state/passwd" /etc/passwd
  mount --bind "$state/group" /etc/group
  exec libvirtd --pid-file "$pid_file"
}

stop() {
  [ -f "$pid_file" ] || return 0
  local pid
  pid=$(cat "$pid_file")
  kill "$pid" 2>/dev/null || true
  for _ in {1..150}; do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  rm -f "$pid_file"
}

case ${1:-} in
  start | run | stop) "$1" ;;
  *)
    echo 'usage: libvirtd.sh start | stop' >&2
    exit 2
    ;;
esac

#!/bin/sh
# What the official image does before dockerd: a pid file of a killed Engine must not stop the next one, and under
# cgroup v2 a group can have controllers for its children only when it has no processes itself.
set -eu

if [ "$1" = dockerd ]; then
  find /run /var/run -iname 'docker*.pid' -delete || :
  export container=docker
  mountpoint -q /tmp || mount -t tmpfs none /tmp
  if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
    mkdir -p /sys/fs/cgroup/init
    until {
      xargs -rn1 </sys/fs/cgroup/cgroup.procs >/sys/fs/cgroup/init/cgroup.procs || :
      sed -e 's/ / +/g' -e 's/^/+/' </sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control
    }; do :; done
  fi
fi
exec "$@"

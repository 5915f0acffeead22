#!/usr/bin/env bash
# Hosts for tests, on one machine: each is a set of namespaces (network, processes, mounts, name) with an address, a Docker
# Engine and an OpenSSH server of its own, on a switch that only they and this machine are plugged into.
#   three-hosts.sh up [COUNT]            starts node1 to nodeCOUNT (3); those that run are left alone
#   three-hosts.sh down                  ends and removes everything that `up` made
#   three-hosts.sh cut NODE | join NODE  pulls the host's network cable out, and puts it back
#   three-hosts.sh reboot NODE           power off and on: its images, containers, /opt and /var/lib/mesos stay
#   three-hosts.sh load IMAGE…           copies images of this machine's Engine to every host
#   three-hosts.sh exec NODE COMMAND…    runs a command on a host
#   three-hosts.sh env                   shell lines; then `ssh node1` works, and `docker -H ssh://…`, as root
# Settings: HOSTS_STATE, the folder of everything; and for the first `up`: HOSTS_FIRST, the address of node1 (this machine
# gets the one before it); HOSTS_NAME, of the namespaces and this machine's interface; HOSTS_DISK_MB='node2=300', the size
# of the disk that node2's Engine has. Needs root, and Docker's and OpenSSH's programs (scripts/install-ci-tools.sh).
set -euo pipefail
state=${HOSTS_STATE:-/var/lib/create-mesos-cluster-test-hosts}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

fail() {
  printf 'three-hosts: %s\n' "$@" >&2
  exit 1
}

# What `up` was first called with holds for all other calls.
name=${HOSTS_NAME:-mesos-hosts}
first=${HOSTS_FIRST:-192.168.59.11}
# shellcheck source=/dev/null
[ ! -f "$state/settings" ] || . "$state/settings"
network=${first%.*}
switch=$name-switch

address_of() { echo "$network.$((${first##*.} + ${1#node} - 1))"; }
namespace_of() { echo "$name-$1"; }
nodes() { ip netns list | awk -v prefix="$name-node" 'index($1, prefix) == 1 { print substr($1, length(prefix) - 3) }' | sort; }

# The first process of a host, as this machine numbers it. NSpid has two numbers: here, and 1 in the host; processes of
# containers have more.
init_of() {
  local pid
  for pid in $(ip netns pids "$(namespace_of "$1")" 2>/dev/null); do
    if awk '$1 == "NSpid:" && NF == 3 && $3 == 1 { found = 1 } END { exit !found }' "/proc/$pid/status" 2>/dev/null; then
      echo "$pid"
      return
    fi
  done
}

# until_true SECONDS COMMAND…
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.2
  done
}

prepare() {
  local program
  for program in ip nsenter unshare pivot_root dockerd sshd ssh-keygen; do
    command -v "$program" >/dev/null || fail "$program is missing: scripts/install-ci-tools.sh installs it"
  done
  [ "${first##*.}" -gt 1 ] || fail "HOSTS_FIRST=$first: this machine needs the address before it"
  [ ${#name} -le 15 ] || fail "HOSTS_NAME=$name: names of interfaces have at most 15 characters"
  [ -f "$state/settings" ] || [ ! -d "$state" ] || [ -z "$(ls -A "$state")" ] || fail "$state has files of others: HOSTS_STATE=FOLDER"
  umask 022
  mkdir -p "$state/bin" "$state/ssh"
  printf 'name=%q\nfirst=%q\n' "$name" "$first" >"$state/settings"
  [ -f "$state/ssh/key" ] || ssh-keygen -q -t ed25519 -N '' -C 'create-mesos-cluster test hosts' -f "$state/ssh/key"
  # Docker's client calls `ssh` and leaves no place for options.
  printf '#!/bin/sh\nexec %q -F %q "$@"\n' "$(PATH=${PATH#"$state/bin:"} command -v ssh)" "$state/ssh/config" >"$state/bin/ssh"
  chmod +x "$state/bin/ssh"
}

# The switch has a network namespace too: firewall rules of this machine's own Engine do not reach it.
start_switch() {
  local machine=$network.$((${first##*.} - 1))
  if ip netns exec "$switch" true 2>/dev/null; then return; fi
  if ip -oneline address | grep -q " $network\.[0-9]*/"; then
    fail "this machine is on $network.0/24 already (ip address): HOSTS_FIRST=ADDRESS for another network"
  fi
  ip netns add "$switch"
  ip -n "$switch" link add hosts type bridge
  ip -n "$switch" link set hosts up
  ip link add "$name" type veth peer name machine netns "$switch"
  ip -n "$switch" link set machine master hosts up
  ip address add "$machine/24" dev "$name"
  ip link set "$name" up
}

plug_in() {
  local node=$1 namespace
  namespace=$(namespace_of "$node")
  ip netns add "$namespace"
  ip -n "$switch" link add "$node" type veth peer name eth0 netns "$namespace"
  ip -n "$switch" link set "$node" master hosts up
  ip -n "$namespace" address add "$(address_of "$node")/24" dev eth0
  ip -n "$namespace" link set eth0 up
  ip -n "$namespace" link set lo up
}

write_ssh_files() {
  local node address
  for node in $(nodes); do
    address=$(address_of "$node")
    echo "$node,$address $(cut -d ' ' -f 1,2 "$state/$node/ssh_host_ed25519_key.pub")"
  done >"$state/ssh/known_hosts"
  for node in $(nodes); do
    address=$(address_of "$node")
    printf 'Host %s %s\n  HostName %s\n  User root\n' "$node" "$address" "$address"
    printf '  IdentityFile %s\n  IdentitiesOnly yes\n  UserKnownHostsFile %s\n' "$state/ssh/key" "$state/ssh/known_hosts"
    printf '  GlobalKnownHostsFile none\n  StrictHostKeyChecking yes\n  BatchMode yes\n'
  done >"$state/ssh/config"
}

start_host() {
  local node=$1 folder=$state/$1
  mkdir -p "$folder"/{disk,run,docker,opt,mesos}
  [ -f "$folder/ssh_host_ed25519_key" ] || ssh-keygen -q -t ed25519 -N '' -C "$node" -f "$folder/ssh_host_ed25519_key"
  # `ip netns exec` would put another /sys over the control groups.
  setsid nsenter --net="/var/run/netns/$(namespace_of "$node")" \
    unshare --mount --uts --ipc --pid --fork --kill-child --propagation private \
    bash "$here/host-init.sh" "$node" "$(address_of "$node")" "$state" "/$name/$node" >"$folder/log" 2>&1 </dev/null 9<&- &
}

# A host is up when its Engine answers on its socket and its SSH server at its address.
is_up() { docker -H "unix://$state/$1/run/docker.sock" info && "$state/bin/ssh" -o ConnectTimeout=2 "$1" true; }

up() {
  local count=$1 n node disk started=()
  [[ $count =~ ^[1-9]$ ]] || fail "up $count: a number of hosts, 1 to 9"
  prepare
  exec 9<"$state"
  flock 9
  start_switch
  for ((n = 1; n <= count; n++)); do
    node=node$n
    [ -z "$(init_of "$node")" ] || continue
    ip netns list | grep -qw -- "$(namespace_of "$node")" || plug_in "$node"
    for disk in ${HOSTS_DISK_MB:-}; do
      [ "${disk%%=*}" != "$node" ] || { mkdir -p "$state/$node" && echo "${disk#*=}" >"$state/$node/disk-mb"; }
    done
    start_host "$node"
    started+=("$node")
  done
  write_ssh_files
  for node in "${started[@]}"; do
    until_true 120 is_up "$node" || fail "$node is not up after 120 s; the end of $state/$node/log:" "$(tail -n 20 "$state/$node/log")"
  done
  for node in $(nodes); do echo "$node $(address_of "$node") unix://$state/$node/run/docker.sock"; done
}

# Ends all processes of a host: with its first one go all the others, those of its containers too.
end_host() {
  local namespace pids
  namespace=$(namespace_of "$1")
  pids=$(ip netns pids "$namespace" 2>/dev/null || true)
  # shellcheck disable=SC2086 # several numbers
  [ -z "$pids" ] || kill -KILL $pids 2>/dev/null || true
  until_true 30 is_empty "$namespace" || fail "processes of $1 do not end: $(ip netns pids "$namespace" | xargs)"
}
is_empty() { [ -z "$(ip netns pids "$1" 2>/dev/null)" ]; }

down() {
  local node
  for node in $(nodes); do
    end_host "$node"
    ip netns delete "$(namespace_of "$node")"
  done
  ip link delete "$name" 2>/dev/null || true
  ip netns delete "$switch" 2>/dev/null || true
  # The kernel lets go of control groups a moment after their last process.
  until_true 10 remove_cgroups || fail "control groups remain: /sys/fs/cgroup/*/$name"
  [ ! -f "$state/settings" ] || until_true 10 rm -rf --one-file-system -- "$state" || fail "$state cannot be removed"
}
remove_cgroups() {
  local group
  for group in /sys/fs/cgroup/"$name" /sys/fs/cgroup/*/"$name"; do
    [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} + || return 1
  done
}

on() {
  local init
  init=$(init_of "$1")
  [ -n "$init" ] || fail "$1 does not run; running: $(nodes | xargs)"
  shift
  exec nsenter --target "$init" --mount --uts --ipc --net --pid -- \
    env -i HOME=~root TERM=dumb PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

cable() {
  nodes | grep -qx -- "$1" || fail "there is no $1; there are: $(nodes | xargs)"
  ip -n "$switch" link set "$1" "$2"
}

reboot() {
  cable "$1" up
  end_host "$1"
  start_host "$1"
  until_true 120 is_up "$1" || fail "$1 is not up after 120 s; the end of $state/$1/log:" "$(tail -n 20 "$state/$1/log")"
}

# Once out of this machine's Engine, and into all hosts at the same time.
load() {
  local node loads=() id
  docker save --output "$state/images.tar" "$@"
  for node in $(nodes); do
    docker -H "unix://$state/$node/run/docker.sock" load --quiet --input "$state/images.tar" &
    loads+=("$!")
  done
  for id in "${loads[@]}"; do wait "$id" || { rm -f "$state/images.tar" && fail 'an image was not loaded; see above'; }; done
  rm -f "$state/images.tar"
}

environment() {
  local node
  # shellcheck disable=SC2016 # expanded by who reads this
  printf 'export PATH=%q:"$PATH"\n' "$state/bin"
  for node in $(nodes); do
    printf 'export %s=%s %s_DOCKER=%q\n' "${node^^}" "$(address_of "$node")" "${node^^}" "unix://$state/$node/run/docker.sock"
  done
}

[ "$EUID" = 0 ] || fail 'needs root'
action=${1:-}
shift || true
case $action in
  up) up "${1:-3}" ;;
  down) down ;;
  cut) cable "${1:?cut NODE}" down ;;
  join) cable "${1:?join NODE}" up ;;
  reboot) reboot "${1:?reboot NODE}" ;;
  load) load "${@:?load IMAGE…}" ;;
  exec) on "${@:?exec NODE COMMAND…}" ;;
  env) environment ;;
  *) fail 'up [COUNT], down, cut NODE, join NODE, reboot NODE, load IMAGE…, exec NODE COMMAND… or env' ;;
esac

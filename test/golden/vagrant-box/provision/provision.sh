#!/usr/bin/env bash
# Written by create-mesos-cluster from mesos-cluster.yaml.
# Do not edit: change mesos-cluster.yaml and run `npm run generate`.
#
# Prepares a machine of the lab (Debian or Ubuntu, x86_64 or arm64) and starts its part of the cluster:
#   provision.sh install             Docker Engine and Compose from Docker's apt repository, pinned and configured; where
#                                    a Docker is there that does, as that of the distribution, it is only configured
#   provision.sh cgroup-v1           tells the kernel to use cgroup v1; takes effect at the next boot
#   provision.sh start FOLDER NODE   copies FOLDER to /opt/mesos-cluster and starts its nodes/NODE/docker-compose.yml
# Needs root. Can be repeated: what is in place already is left alone.
# DOCKER_APT_URL=http://… in the environment takes Docker from a mirror of download.docker.com/linux.
set -euo pipefail
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

DOCKER_VERSION_PREFIX='28.'
OLDEST_ENGINE='24.0'
OLDEST_COMPOSE='2.20.0'
NEEDS_CGROUP_V1='false'
HTTP_PROXY_URL='http://proxy.example:3128'
HTTPS_PROXY_URL='http://proxy.example:3128'
NO_PROXY_HOSTS='localhost,127.0.0.1,192.168.59.11,192.168.59.1,192.168.59.12,192.168.59.13'
DAEMON_JSON='{
  "log-driver": "json-file",
  "log-opts": {
    "max-size": "10m",
    "max-file": "3"
  },
  "registry-mirrors": [
    "http://192.168.59.11:5001"
  ],
  "insecure-registries": [
    "192.168.59.11:5000",
    "192.168.59.11:5001"
  ],
  "proxies": {
    "http-proxy": "http://proxy.example:3128",
    "https-proxy": "http://proxy.example:3128",
    "no-proxy": "localhost,127.0.0.1,192.168.59.11,192.168.59.1,192.168.59.12,192.168.59.13"
  }
}'
export COMPOSE_PROFILES='registry'
DOCKER_PACKAGES=(docker-ce docker-ce-cli containerd.io docker-compose-plugin docker-buildx-plugin)
# The image that is in no registry. Its label has the fingerprint of what it was built from, as `up` reckons it, too.
BUILD_IMAGE='create-mesos-cluster/lite:local'
BUILD_OPTIONS=('--build-arg' 'BASE=node:22-alpine' '--build-arg' 'DOCKER_CLI=docker:28-cli')
BUILD_ARGUMENTS='{"BASE":"node:22-alpine","DOCKER_CLI":"docker:28-cli"}'
BUILD_CONTEXT='.mesos-cluster/tool'
BUILD_FILE='images/lite/Dockerfile'

DOCKER_APT_URL=${DOCKER_APT_URL:-https://download.docker.com/linux}
LAB_FOLDER=/opt/mesos-cluster
# Another apt (unattended upgrades, cloud-init) may be running: wait up to five minutes for its lock. An update that could
# not fetch a list would be a success with a warning.
APT_GET=(apt-get --quiet --yes -o DPkg::Lock::Timeout=300 -o APT::Update::Error-Mode=any
  -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30)

say() { printf 'provision: %s\n' "$*"; }

fail() {
  printf 'provision: %s\n' "$@" >&2
  exit 1
}

# retry TIMES SECONDS COMMAND...: runs the command until it succeeds, at most TIMES, each at most SECONDS long.
retry() {
  local times=$1 seconds=$2 attempt
  shift 2
  for ((attempt = 1; attempt <= times; attempt++)); do
    if timeout --foreground "$seconds" "$@"; then return 0; fi
    ((attempt == times)) && break
    say "attempt $attempt of $times failed: $*; next in $((attempt * 5)) s"
    sleep $((attempt * 5))
  done
  fail "gave up after $times attempts: $*" \
    'Its own message is above. If it is about the network: is it up, and the proxy (if any) right?' \
    'Once mended, repeat: vagrant up --provision'
}

# install_packages PACKAGE...: the download may be cut off and repeated; unpacking may not. The lists of all packages are
# fetched only where those that are there do not do: a box has none, or they name versions that are gone.
install_packages() {
  local install=("${APT_GET[@]}" install --no-install-recommends --allow-downgrades)
  if ! timeout --foreground 1800 "${install[@]}" --download-only "$@"; then
    say 'not with the lists of packages that are here: fetching them'
    retry 5 600 "${APT_GET[@]}" update
    retry 5 1800 "${install[@]}" --download-only "$@"
  fi
  "${install[@]}" "$@"
}

# replace_file PATH: writes standard input to it, all or nothing; what is there already stays as it is.
replace_file() {
  local path=$1 new
  install -d -m 0755 -- "$(dirname -- "$path")"
  new=$(mktemp -- "$path.XXXXXX")
  cat >"$new"
  if cmp --silent -- "$new" "$path"; then
    rm -f -- "$new"
  else
    chmod 0644 -- "$new"
    mv -f -- "$new" "$path"
  fi
}

use_proxy() {
  local apt_proxy=/etc/apt/apt.conf.d/95mesos-cluster-proxy
  if [[ -z $HTTP_PROXY_URL && -z $HTTPS_PROXY_URL ]]; then
    rm -f -- "$apt_proxy"
    return
  fi
  # curl reads http_proxy in lower case only.
  [[ -z $HTTP_PROXY_URL ]] || export http_proxy=$HTTP_PROXY_URL
  [[ -z $HTTPS_PROXY_URL ]] || export https_proxy=$HTTPS_PROXY_URL
  [[ -z $NO_PROXY_HOSTS ]] || export no_proxy=$NO_PROXY_HOSTS
  {
    [[ -z $HTTP_PROXY_URL ]] || printf 'Acquire::http::Proxy "%s";\n' "$HTTP_PROXY_URL"
    [[ -z $HTTPS_PROXY_URL ]] || printf 'Acquire::https::Proxy "%s";\n' "$HTTPS_PROXY_URL"
  } | replace_file "$apt_proxy"
}

check_system() {
  # shellcheck source=/dev/null
  DISTRIBUTION=$(. /etc/os-release && printf '%s' "${ID:-}")
  # shellcheck source=/dev/null
  CODENAME=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  ARCHITECTURE=$(dpkg --print-architecture)
  case $DISTRIBUTION in
    debian | ubuntu) ;;
    *) fail "this is '$DISTRIBUTION': only Debian and Ubuntu are supported (vagrant.box in mesos-cluster.yaml)" ;;
  esac
  case $ARCHITECTURE in
    amd64 | arm64) ;;
    *) fail "this is '$ARCHITECTURE': Docker has packages for amd64 and arm64" ;;
  esac
}

add_docker_repository() {
  local key=/etc/apt/keyrings/docker.asc list=/etc/apt/sources.list.d/docker.sources
  if ! command -v curl >/dev/null || [[ ! -e /etc/ssl/certs/ca-certificates.crt ]]; then
    install_packages ca-certificates curl
  fi

  local download
  download=$(mktemp)
  retry 5 60 curl --fail --silent --show-error --location --output "$download" "$DOCKER_APT_URL/$DISTRIBUTION/gpg"
  # A captive portal answers 200 with a page of its own.
  grep --quiet 'BEGIN PGP PUBLIC KEY BLOCK' "$download" ||
    fail "$DOCKER_APT_URL/$DISTRIBUTION/gpg is not a key: does this network ask for a login first?"
  replace_file "$key" <"$download"
  rm -f -- "$download"

  replace_file "$list" <<END
Types: deb
URIs: $DOCKER_APT_URL/$DISTRIBUTION
Suites: $CODENAME
Components: stable
Architectures: $ARCHITECTURE
Signed-By: $key
END
  # Docker's list alone.
  retry 5 600 "${APT_GET[@]}" -o "Dir::Etc::SourceList=$list" -o Dir::Etc::SourceParts=- -o APT::Get::List-Cleanup=false update
}

# The pin holds for every later upgrade too. 1001 also brings a newer Docker of the box down to this version;
# 990 prefers the versions that were released with it, where the repository has them.
pin_docker() {
  replace_file /etc/apt/preferences.d/mesos-cluster-docker <<END
Package: docker-ce docker-ce-cli docker-ce-rootless-extras
Pin: version 5:${DOCKER_VERSION_PREFIX}*
Pin-Priority: 1001

Package: containerd.io
Pin: version 1.7.*
Pin-Priority: 990

Package: docker-compose-plugin
Pin: version 2.*
Pin-Priority: 990
END
}

# Docker listens on its own Unix socket only; nothing here opens a TCP port.
configure_docker() {
  local path=/etc/docker/daemon.json backup=/etc/docker/daemon.json.before-mesos-cluster
  if [[ -e $path && ! -e $backup ]] && ! cmp --silent -- "$path" - <<<"$DAEMON_JSON"; then
    cp -p -- "$path" "$backup"
  fi
  replace_file "$path" <<<"$DAEMON_JSON"
}

install_docker_packages() {
  local candidate
  candidate=$(apt-cache policy docker-ce | awk '$1 == "Candidate:" { print $2 }')
  [[ $candidate == "5:$DOCKER_VERSION_PREFIX"* ]] ||
    fail "Docker ${DOCKER_VERSION_PREFIX}* is not in $DOCKER_APT_URL/$DISTRIBUTION for $CODENAME; found: ${candidate:-nothing}"
  install_packages "${DOCKER_PACKAGES[@]}"
}

# A Docker that is there already, and does: of the wanted release; or the distribution's own (docker.io), which has
# releases of its own, where the lab can do with any that is not too old.
has_docker() {
  local engine compose
  engine=$(dockerd --version 2>/dev/null | sed -n 's/^Docker version \([0-9.]*\).*/\1/p') || return 1
  compose=$(docker compose version --short 2>/dev/null) || return 1
  docker buildx version >/dev/null 2>&1 || return 1
  dpkg --compare-versions "${compose#v}" ge "$OLDEST_COMPOSE" || return 1
  [[ $engine- != "$DOCKER_VERSION_PREFIX"* ]] || return 0
  [[ $NEEDS_CGROUP_V1 == false ]] && dpkg --compare-versions "$engine" ge "$OLDEST_ENGINE" &&
    dpkg-query --search "$(command -v dockerd)" 2>/dev/null | grep --quiet '^docker\.io:'
}

wait_for_docker() {
  local second
  for ((second = 0; second < 60; second++)); do
    if docker info >/dev/null 2>&1; then return; fi
    sleep 1
  done
  fail 'Docker does not answer after 60 s; its log: journalctl --unit docker'
}

install_docker() {
  check_system
  use_proxy
  pin_docker
  if has_docker; then
    configure_docker
  else
    add_docker_repository
    configure_docker
    install_docker_packages
  fi
  systemctl enable --quiet --now docker
  # Also when it was a run before this one that changed the settings, and broke off.
  [[ ! /etc/docker/daemon.json -nt /run/docker.pid ]] || systemctl restart docker
  # Members of the group docker can become root. In a Vagrant box the user vagrant can anyway (sudo without a
  # password), so this gives nothing away, and lets the lab reach the Engine over SSH. No other user is added.
  ! id vagrant >/dev/null 2>&1 || usermod --append --groups docker vagrant
  wait_for_docker
  say "Docker $(docker version --format '{{.Server.Version}}'), Compose $(docker compose version --short)"
}

has_cgroup_v1() { [[ $(stat --file-system --format %T /sys/fs/cgroup) == tmpfs ]]; }

use_cgroup_v1() {
  replace_file /etc/default/grub.d/90-mesos-cluster.cfg <<'END'
# Stock Mesos starts Docker tasks with cgroup v1 only. Written by create-mesos-cluster.
GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1"
END
  grep --quiet --no-messages unified_cgroup_hierarchy=0 /boot/grub/grub.cfg || update-grub
  if has_cgroup_v1; then
    say 'cgroup v1 is in use'
  else
    say 'cgroup v1 will be in use after a reboot (Vagrant reboots now; elsewhere: systemctl reboot)'
  fi
}

# Marathon, Marathon-LB, Chronos, Mesos-DNS and the stock images are made for x86_64 only. On arm64 the kernel can run
# them through QEMU: slowly, but without it each would end with "exec format error".
emulate_amd64() {
  [[ $(dpkg --print-architecture) == arm64 ]] || return 0
  grep --quiet --extended-regexp '^ +platform: .*linux/amd64' -- "$1" || return 0
  [[ ! -e /proc/sys/fs/binfmt_misc/qemu-x86_64 ]] || return 0
  say 'an image is made for x86_64: installing QEMU to run it on arm64'
  use_proxy
  install_packages qemu-user-static binfmt-support
}

# Where the machine has the image of this tool, because it was built here or copied (images push), nothing is done: even
# a build that finds all its layers wants the images that it starts from.
build_image() {
  local list=$LAB_FOLDER/$BUILD_CONTEXT/files.json mark has
  mark=$({ grep --invert-match '"course.json"' -- "$list" && printf '%s' "$BUILD_ARGUMENTS"; } | sha256sum | cut --delimiter=' ' --fields=1)
  has=$(docker image inspect --format '{{index .Config.Labels "create-mesos-cluster.tool"}}' "$BUILD_IMAGE" 2>/dev/null) || true
  [[ $has != "$mark" ]] || return 0
  say "building $BUILD_IMAGE; the first time, the images that it starts from are pulled"
  retry 3 1800 docker build --file "$LAB_FOLDER/$BUILD_FILE" --tag "$BUILD_IMAGE" "${BUILD_OPTIONS[@]}" \
    --build-arg "TOOL=$mark" "$LAB_FOLDER/$BUILD_CONTEXT"
}

# copy_lab FOLDER: its files to LAB_FOLDER, and from there what the lab no longer has goes. A file that is in both stays
# the same file: a container may have it mounted.
copy_lab() {
  local folder=$1 file
  install -d -m 0755 -- "$LAB_FOLDER"
  while IFS= read -r -d '' file; do
    [[ -e $folder/$file ]] || rm -f -- "$LAB_FOLDER/$file"
  done < <(cd "$LAB_FOLDER" && find . -type f -print0)
  cp -R -- "$folder/." "$LAB_FOLDER/"
  chown -R root:root -- "$LAB_FOLDER"
}

start_project() {
  local folder=${1:-} project=$LAB_FOLDER/nodes/${2:-}
  [[ -n ${2:-} && -f $folder/nodes/$2/docker-compose.yml ]] || fail "no nodes/${2:-}/docker-compose.yml in the folder '$folder'"
  command -v docker >/dev/null || fail 'Docker is not installed; first: vagrant up --provision'
  if [[ $NEEDS_CGROUP_V1 == true ]] && ! has_cgroup_v1; then
    fail 'stock Mesos needs cgroup v1, and this machine runs cgroup v2; first: vagrant up --provision'
  fi
  copy_lab "$folder"
  # Vagrant only adds to it, so it would keep what the lab no longer has.
  [[ $folder != /tmp/mesos-cluster ]] || rm -rf -- "$folder"
  emulate_amd64 "$project/docker-compose.yml"
  wait_for_docker
  ! grep --quiet '^    build:$' -- "$project/docker-compose.yml" || build_image
  say "starting the containers of $2; the first time their images are pulled"
  retry 3 1800 docker compose --project-directory "$project" up --detach --remove-orphans --quiet-pull
}

main() {
  ((EUID == 0)) || fail 'needs root'
  case ${1:-} in
    install) install_docker ;;
    cgroup-v1) use_cgroup_v1 ;;
    start) start_project "${2:-}" "${3:-}" ;;
    *) fail 'usage: provision.sh install | cgroup-v1 | start FOLDER NODE' ;;
  esac
}

# Sourcing this file defines the functions and runs nothing.
[[ ${BASH_SOURCE[0]} != "$0" ]] || main "$@"

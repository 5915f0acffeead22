#!/usr/bin/env bash
# Docker Engine 26.1, Compose v2 and buildx on Debian 12, from Debian 13's archive beside it (Debian 12 itself has only
# Engine 20.10, without Compose v2). Starts the Engine when none answers. Needs root; safe to run again.
set -euo pipefail
log=${DOCKERD_LOG:-/var/log/dockerd.log}

# The machine's own mirror serves both releases. The pin keeps everything else on Debian 12.
add_debian_13() {
  local mirror
  mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
  [ -n "$mirror" ] || mirror=$(awk '/^deb / { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { print $i; exit } }' /etc/apt/sources.list)
  echo "deb $mirror trixie main" >/etc/apt/sources.list.d/trixie.list
  printf 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n' >/etc/apt/preferences.d/trixie
}

install_packages() {
  add_debian_13
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    docker.io/trixie docker-cli/trixie containerd/trixie docker-compose/trixie docker-buildx/trixie iptables iproute2
}

# A docker client of other origin, earlier on PATH, does not look into Debian's plugin folders.
link_plugins() {
  local plugin folder
  mkdir -p "$HOME/.docker/cli-plugins"
  for plugin in docker-compose docker-buildx; do
    for folder in /usr/libexec/docker/cli-plugins /usr/lib/docker/cli-plugins; do
      if [ -x "$folder/$plugin" ]; then ln -sf "$folder/$plugin" "$HOME/.docker/cli-plugins/$plugin"; fi
    done
  done
}

start_engine() {
  local deadline=$((SECONDS + 60))
  setsid dockerd >"$log" 2>&1 </dev/null &
  until docker info >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      echo "The Docker Engine did not answer within 60 s. The end of $log:" >&2
      tail -n 20 "$log" >&2
      return 1
    fi
    sleep 0.5
  done
}

installed() { command -v dockerd >/dev/null && docker compose version >/dev/null 2>&1 && docker buildx version >/dev/null 2>&1; }

installed || link_plugins
if ! installed; then
  install_packages >/dev/null
  link_plugins
fi
docker info >/dev/null 2>&1 || start_engine
echo "Docker Engine $(docker version --format '{{.Server.Version}}'), Compose $(docker compose version --short)"

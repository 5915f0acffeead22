#!/usr/bin/env bash
# Stands in for download.docker.com/linux: docker-repository.sh FOLDER makes a signed apt repository for Debian 12 and
# Ubuntu 24.04 with the packages of Docker's repository by name. 28.99.0 has this machine's own Docker programs in it;
# 25.99.0 and 29.99.0 have none, and are there to be chosen from. Needs gpg, dpkg-dev and Docker from Debian.
set -euo pipefail
folder=${1:?folder}
work=$(mktemp -d)
trap 'gpgconf --homedir "$work/gpg" --kill all; rm -rf "$work"' EXIT
mkdir -p "$folder/pool"
architecture=$(dpkg --print-architecture)

# deb NAME VERSION DEPENDS [FILE…]
deb() {
  local name=$1 version=$2 depends=$3 root=$work/$1
  shift 3
  rm -rf "$root" && mkdir -p "$root/DEBIAN"
  [ $# = 0 ] || cp --parents --dereference "$@" "$root"
  printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: nobody <nobody@localhost>\nDescription: stands in for %s\n' \
    "$name" "$version" "$architecture" "$name" >"$root/DEBIAN/control"
  [ -z "$depends" ] || echo "Depends: $depends" >>"$root/DEBIAN/control"
  if [ "$name" = docker-ce ]; then
    printf '#!/bin/sh\nset -e\ngetent group docker >/dev/null || groupadd --system docker\n' >"$root/DEBIAN/postinst"
    chmod 755 "$root/DEBIAN/postinst"
  fi
  dpkg-deb --root-owner-group -Zgzip -z1 --build "$root" "$folder/pool/${name}_${version#5:}_$architecture.deb" >/dev/null
}

plugin() { find /usr/libexec/docker /usr/lib/docker -name "docker-$1" 2>/dev/null | head -n 1; }
engine=(/usr/sbin/dockerd /usr/sbin/docker-proxy /lib/systemd/system/docker.service /lib/systemd/system/docker.socket)
containerd=(/usr/bin/containerd /usr/bin/containerd-shim-runc-v2 /usr/bin/ctr /usr/sbin/runc /lib/systemd/system/containerd.service)
deb docker-ce 5:28.99.0-1~test 'containerd.io, docker-ce-cli, iptables, libsystemd0' "${engine[@]}"
deb docker-ce-cli 5:28.99.0-1~test '' /usr/bin/docker
for other in 25.99.0 29.99.0; do
  deb docker-ce "5:$other-1~test" ''
  deb docker-ce-cli "5:$other-1~test" ''
done
deb containerd.io 1.7.99-1 '' "${containerd[@]}"
deb containerd.io 2.99.0-1 ''
deb docker-buildx-plugin 0.99.0-1~test '' "$(plugin buildx)"
deb docker-compose-plugin 2.99.0-1~test '' "$(plugin compose)"
deb docker-compose-plugin 5.99.0-1~test ''

(umask 077 && mkdir "$work/gpg")
gpg=(gpg --homedir "$work/gpg" --batch --quiet --pinentry-mode loopback --passphrase '')
"${gpg[@]}" --quick-generate-key 'Docker stand-in <nobody@localhost>' rsa2048 sign never 2>/dev/null
for place in debian/bookworm ubuntu/noble; do
  distribution=$folder/${place%/*} suite=${place#*/}
  index=stable/binary-$architecture/Packages
  mkdir -p "$distribution/dists/$suite/${index%/*}"
  ln -sfn ../pool "$distribution/pool"
  "${gpg[@]}" --armor --export >"$distribution/gpg"
  (cd "$distribution" && dpkg-scanpackages --multiversion pool 2>/dev/null) >"$distribution/dists/$suite/$index"
  cd "$distribution/dists/$suite"
  printf 'Origin: Docker\nSuite: %s\nCodename: %s\nComponents: stable\nArchitectures: %s\nDate: %s\nSHA256:\n %s %s %s\n' \
    "$suite" "$suite" "$architecture" "$(date --utc --rfc-email)" "$(sha256sum "$index" | cut -d ' ' -f 1)" "$(stat -c %s "$index")" "$index" |
    "${gpg[@]}" --clearsign >InRelease
  cd - >/dev/null
done

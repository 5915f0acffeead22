#!/usr/bin/env bash
# Everything the tests need beside Node.js, on a bare Debian 12 machine. Needs root. Quick when all of it is there.
set -euo pipefail
cd "$(dirname "$0")"

packages=(ca-certificates chromium curl debootstrap dpkg-dev git gpg haproxy openssh-server prometheus prometheus-node-exporter python3 ruby vagrant)
packages+=(vagrant-libvirt shellcheck tmux bind9-dnsutils iproute2)
installed=$(./install-packages.sh "${packages[@]}")
# The tests start these themselves; this machine gets no server that it did not have.
if [ -d /run/systemd/system ]; then
  for package in $installed; do
    case $package in
      openssh-server) systemctl disable --quiet --now ssh ;;
      haproxy | prometheus | prometheus-node-exporter) systemctl disable --quiet --now "$package" ;;
    esac
  done
fi

./install-docker-engine.sh
# Ubuntu's keys, for a clean Ubuntu (test/docker/machines), are in Debian 13, which the line above has added.
if [ ! -f /usr/share/keyrings/ubuntu-archive-keyring.gpg ]; then
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ubuntu-keyring >/dev/null ||
    echo 'without ubuntu-keyring: the clean Ubuntu of the tests will be an emulated one'
fi
ruby --version
vagrant --version
shellcheck --version | sed -n 's/^version: /shellcheck /p'

#!/usr/bin/env bash
# Everything the tests need beside Node.js, on a bare Debian 12 machine. Needs root. Quick when all of it is there.
set -euo pipefail
cd "$(dirname "$0")"

packages=(ca-certificates git ruby vagrant vagrant-libvirt shellcheck tmux)
missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing from Debian: ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

./install-docker-engine.sh
ruby --version
vagrant --version
shellcheck --version | sed -n 's/^version: /shellcheck /p'

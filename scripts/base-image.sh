#!/usr/bin/env bash
# Makes the image debian:12-local from this machine's own Debian mirror, for tests whose images are built here: FROM
# debian:12-local needs no image registry. Does nothing when the image is there. Needs root and Docker; about 30 s.
set -euo pipefail
image=${1:-debian:12-local}

if docker image inspect "$image" >/dev/null 2>&1; then
  echo "$image is there"
  exit 0
fi

if ! command -v debootstrap >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
fi

# The machine's mirror, in the newer form of its list (deb822) or in the older one.
mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
[ -n "$mirror" ] || mirror=$(awk '/^deb / { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { print $i; exit } }' /etc/apt/sources.list)

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
debootstrap --variant=minbase bookworm "$root" "$mirror" >/dev/null
tar -C "$root" --exclude='./var/cache/apt/archives/*.deb' -c . | docker import --change 'CMD ["bash"]' - "$image" >/dev/null
echo "$image was made from $mirror"

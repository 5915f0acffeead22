#!/usr/bin/env bash
# Builds the images of the tests with Docker, create-mesos-cluster-test/NAME:local, from Debian packages and the npm
# package `node`: no image registry is asked. An image whose files have not changed is left as it is. Needs root and
# Docker; about two minutes the first time. Also tags nginx as the image of the lab's own nginx app.
set -euo pipefail
cd "$(dirname "$0")/.."
images=test/docker/images
node_version=22
# generators/app-definitions.ts names it.
nginx_app_image=nginx:1.27

scripts/base-image.sh

fingerprint_of() { (cd "$images/$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-16); }

# A folder with nothing but the program `node` in it.
node_folder() {
  local program
  program=$(cd / && npm exec --yes --package="node@$node_version" -- node -p process.execPath 2>/dev/null) || program=$(command -v node)
  mkdir -p "$work/node"
  cp --dereference "$program" "$work/node/node"
  echo "$work/node"
}

# build NAME ARGUMENT…
build() {
  local name=$1 tag=create-mesos-cluster-test/$1:local fingerprint found
  shift
  fingerprint=$(fingerprint_of "$name")
  found=$(docker image inspect --format '{{index .Config.Labels "create-mesos-cluster-test.fingerprint"}}' "$tag" 2>/dev/null || true)
  if [ "$found" = "$fingerprint" ]; then return; fi
  if [ "$name" = node ]; then set -- "$@" --build-context "node-program=$(node_folder)"; fi
  echo "building $tag"
  docker build --quiet --label "create-mesos-cluster-test.fingerprint=$fingerprint" --tag "$tag" "$@" "$images/$name" >/dev/null
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in zookeeper dind node nginx registry monitoring; do build "$name"; done
docker tag create-mesos-cluster-test/nginx:local "$nginx_app_image"
docker image ls --filter 'reference=create-mesos-cluster-test/*' --format '{{.Repository}}:{{.Tag}}  {{.Size}}'

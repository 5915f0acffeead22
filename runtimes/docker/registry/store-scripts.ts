/*
 * What is done to the files of a registry that does not run, by the shell of its own image (busybox, or that of Debian):
 * Distribution's filesystem driver, registry/storage/paths.go.
 */

const root = '/var/lib/registry';
const enter = `cd ${root}/docker/registry/v2 2>/dev/null || exit 0`;

/** Prints what of the disk it takes, in kB. */
export const sizeScript = `du -sk ${root} | cut -f1`;

/**
 * Prints a line for each manifest of a repository (`R path`), for each tag and what it names (`T path:digest`), and for
 * each manifest that lists others (`M path content`); nothing where nothing was ever pushed.
 */
export const lookScript = `${enter}
find repositories -path '*/_manifests/revisions/*/link' | sed 's/^/R /'
find repositories -path '*/_manifests/tags/*/current/link' -exec grep -H '' {} + | sed 's/^/T /'
find repositories -path '*/_manifests/revisions/*/link' |
  sed 's#.*/revisions/\\([a-z0-9]*\\)/\\(\\(..\\)[0-9a-f]*\\)/link$#blobs/\\1/\\3/\\2/data#' |
  sort -u | xargs -r grep -ls '"manifests"' |
  while read -r data; do printf 'M %s ' "$data"; tr -d '\\n\\r' <"$data"; echo; done`;

/** Takes manifests out of repositories: REPOSITORY ALGORITHM HEX, of as many as there are; as RemoveManifest of vacuum.go. */
export const unlinkScript = `set -e
${enter}
while [ $# -gt 0 ]; do
  rm -rf "repositories/$1/_manifests/revisions/$2/$3" "repositories/$1"/_manifests/tags/*/index/"$2/$3"
  shift 3
done`;

/**
 * Removes what no manifest names any more; $1 is the configuration of the registry. Where nothing was ever pushed it has
 * nothing to walk through, and would say so as an error.
 */
export const collectScript = `[ -d ${root}/docker/registry/v2/repositories ] || exit 0
for program in registry docker-registry; do
  if command -v "$program" >/dev/null; then exec "$program" garbage-collect "$1"; fi
done
echo 'the image has no program registry' >&2
exit 127`;

#!/bin/sh
# A fake Docker CLI with its fake Engine: files beside the socket that -H names. A container is a folder, containers/NAME,
# with `log`, `exit`, `oom` and, while it runs, `running`. An image is there when images/NAME is, and can be pulled when
# registry/NAME is: with credentials if that file has some in it; `homes` has the HOME of each pull. A file hang-COMMAND makes
# a command hang, `down` the Engine unreachable; `calls` has what was asked.
set -eu
host=$2
folder=${host#unix://}
folder=${folder%/*}
shift 2
command=$1
for last in "$@"; do :; done

fail() { echo "$1" >&2; exit 1; }
named() { [ -d "$folder/containers/$1" ] || fail "Error: No such container: $1"; }

echo "$*" >>"$folder/calls"
if [ -e "$folder/down" ]; then fail "Cannot connect to the Docker daemon at $host. Is the docker daemon running?"; fi
if [ "$command" = pull ]; then echo "$HOME" >>"$folder/homes"; fi
while [ -e "$folder/hang-$command" ]; do sleep 0.02; done

case $command in
ps)
  for container in "$folder"/containers/*; do
    name=${container##*/}
    if [ -d "$container" ]; then echo "$name $name"; fi
  done
  ;;
inspect)
  if [ "$2" = --type=image ]; then
    [ -e "$folder/images/$last" ] || fail "Error: No such image: $last"
    exit
  fi
  shift 2
  separator='['
  for name in "$@"; do
    named "$name"
    cd "$folder/containers/$name"
    running=false
    if [ -e running ]; then running=true; fi
    read -r status <./exit || :
    read -r oom <./oom || :
    printf '%s{"Id":"%s","Name":"/%s","State":{"Running":%s,"ExitCode":%s,"OOMKilled":%s,"Pid":0,' \
      "$separator" "$name" "$name" "$running" "$status" "$oom"
    printf '"StartedAt":"2026-01-01T00:00:00Z"},"HostConfig":{"NetworkMode":"bridge"},"NetworkSettings":{}}'
    separator=','
  done
  echo ']'
  ;;
pull)
  [ -e "$folder/registry/$last" ] || fail 'Error response from daemon: pull access denied'
  read -r credentials <"$folder/registry/$last" || :
  config=$HOME/.docker/config.json
  if [ -n "$credentials" ] && ! { [ -e "$config" ] && grep -qF "\"$credentials\"" "$config"; }; then
    fail 'Error response from daemon: unauthorized: authentication required'
  fi
  : >"$folder/images/$last"
  ;;
run)
  until [ "$1" = --name ]; do shift; done
  mkdir "$folder/containers/$2"
  cd "$folder/containers/$2"
  echo started >log
  echo 0 >./exit
  echo false >oom
  : >running
  echo "$2"
  ;;
logs)
  container=$folder/containers/$last
  exec 3<"$container/log"
  case "$*" in
  *--until*) exit ;;
  *--since*) while read -r _ <&3; do :; done ;;
  esac
  while :; do
    more=true
    if [ ! -e "$container/running" ] || [ -e "$folder/down" ]; then more=false; fi
    # In whole lines; without a process for each look.
    while IFS= read -r line <&3; do printf '%s\n' "$line"; done
    $more || exit 0
    sleep 0.05
  done
  ;;
stop | kill)
  named "$last"
  if [ "$command" = stop ]; then echo 143 >"$folder/containers/$last/exit"; else echo 137 >"$folder/containers/$last/exit"; fi
  rm -f "$folder/containers/$last/running"
  ;;
rm)
  shift 3
  for name in "$@"; do
    named "$name"
    rm -r "$folder/containers/$name"
  done
  ;;
*) fail "fake docker: no $command" ;;
esac

#!/usr/bin/env bash
# Written by create-mesos-cluster from mesos-cluster.yaml.
# Do not edit: change mesos-cluster.yaml and run `npm run generate`.
#
# Puts the configuration of one machine of the lab in place, where ZooKeeper, Mesos, Marathon, Chronos and Mesos-DNS are
# installed, and starts their services. Copy this file and the folder of the machine to it, then as root:
#   install.sh [NODE]            backs up what it replaces, puts the files in place, starts the services
#   install.sh --dry-run [NODE]  shows all of that as a diff, and changes nothing
#   install.sh --undo            takes the latest installation back: every file is again what it was
# NODE is a folder beside this file; without it, the one with an address of this machine.
#   --no-services  leaves the services as they are
#   --root DIR     works on the system below DIR (an image, a test): no service, and nobody looks for the address
#   --force        goes on although a package is missing, the address is another machine's, or (--undo) a file was edited
# Can be repeated: what is in place already is left alone. When it fails or is killed, what it did is taken back, at the
# latest when it runs again. Exit codes: 2 wrong use, 3 this machine cannot have it, 4 something failed.
set -Eeuo pipefail
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
umask 022

HERE=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
BACKUPS=/var/backups/create-mesos-cluster
# Every service that a machine of a lab may have; what it does not play is stopped, but never Docker, which may have other work.
MANAGED='zookeeper mesos-master marathon chronos mesos-slave mesos-dns'
BLOCK_START='# >>> create-mesos-cluster: written by native/install.sh, removed by --undo >>>'
BLOCK_END='# <<< create-mesos-cluster <<<'

ROOT='' STORE='' NODE='' ADDRESS='' DRY_RUN=false UNDO=false FORCE=false WITH_SERVICES=true
WORK='' APPLYING='' RESOLVED='' FAILED_AT='' MOUNTS='' CHANGED=0 UNCHANGED=0
PROBLEMS=() JOURNAL=() FOLDERS=() START=() STOP=() TARGETS=() OTHERS=() WANTED_FOLDERS=()

say() { printf '%s\n' "$*"; }
warn() { printf 'install: warning: %s\n' "$*" >&2; }
fail() {
  local code=$1
  shift
  printf 'install: %s\n' "$@" >&2
  exit "$code"
}
problem() { PROBLEMS+=("$*"); }
stop_at_problems() {
  ((${#PROBLEMS[@]} == 0)) || fail 3 "${PROBLEMS[@]}" 'Nothing was changed.'
}

# ---- Paths: links are followed inside the root, never out of it, as the system below it would ----

# resolve PATH [whole]: where an absolute path leads, in RESOLVED; a link at its end is followed only with `whole`.
resolve() {
  local rest=${1#/} whole=${2:-} at='' name target links=0
  while [[ -n $rest ]]; do
    name=${rest%%/*}
    if [[ $rest == */* ]]; then rest=${rest#*/}; else rest=''; fi
    case $name in
      '' | .) continue ;;
      ..)
        at=${at%/*}
        continue
        ;;
    esac
    if [[ -L $ROOT$at/$name && (-n $rest || -n $whole) ]]; then
      ((++links <= 40)) || return 1
      target=$(readlink -- "$ROOT$at/$name")
      [[ $target != /* ]] || at=''
      rest=$target${rest:+/$rest}
      continue
    fi
    at=$at/$name
  done
  RESOLVED=$at
  # The journal has a line for each path, with tabs in it.
  [[ $RESOLVED != *[$'\t\n']* ]]
}

# plan_folders PATH: notes the folders that have to be made for a resolved path, or says why they cannot be.
plan_folders() {
  local folder=${1%/*} missing=() made
  while [[ -n $folder && ! -e $ROOT$folder && ! -L $ROOT$folder ]]; do
    missing=("$folder" ${missing[@]+"${missing[@]}"})
    folder=${folder%/*}
  done
  if [[ ! -d $ROOT$folder/ ]]; then
    problem "$ROOT$folder is no folder, and $ROOT$1 has to be in it: move it away"
  elif [[ ! -w $ROOT$folder/ ]]; then
    problem "$ROOT$folder/ cannot be written: it is read-only, or needs root"
  fi
  for made in ${missing[@]+"${missing[@]}"}; do
    [[ " ${FOLDERS[*]-} " == *" $made "* ]] || FOLDERS+=("$made")
  done
}

# put SOURCE PATH [like]: all or nothing. With `like` it keeps owner, mode and attributes of what is there; else those of SOURCE.
put() {
  local source=$1 target=$2 temporary
  temporary=${target%/*}/.${target##*/}.create-mesos-cluster
  if [[ -e $temporary || -L $temporary ]]; then rm -f -- "$temporary" || return 1; fi
  if [[ ${3:-} == like ]]; then
    cat -- "$source" >"$temporary" || return 1
    if [[ -f $target && ! -L $target ]]; then
      cp --attributes-only --preserve=mode,ownership,xattr -- "$target" "$temporary" || return 1
    fi
  else
    cp --archive --no-dereference -- "$source" "$temporary" || return 1
  fi
  if is_mount_point "$target"; then
    # A file that a container got from outside cannot be replaced, only written.
    cat -- "$temporary" >"$target" && rm -f -- "$temporary"
  else
    mv -fT -- "$temporary" "$target"
  fi
}

is_mount_point() {
  [[ -n $MOUNTS || ! -r /proc/self/mountinfo ]] || MOUNTS=$'\n'$(cut -d ' ' -f 5 /proc/self/mountinfo)$'\n'
  [[ $MOUNTS == *$'\n'"$1"$'\n'* ]]
}

same() { [[ -f $2 && ! -L $2 ]] && cmp -s -- "$1" "$2"; }

# ---- What is wanted ----

# want PATH SOURCE: a regular file with this content has to be at PATH; SOURCE - means that nothing may be there.
want() {
  local path=$1 source=$2 target kind
  if ! resolve "$path"; then
    problem "$ROOT$path goes round in links, or through a name with a tab or a line break: mend that first"
    return
  fi
  target=$ROOT$RESOLVED
  TARGETS+=("$RESOLVED")
  if [[ $source == - ]]; then
    [[ -f $target && ! -L $target ]] || return 0
    kind=remove
  elif [[ -L $target ]]; then
    kind=replace
  elif [[ ! -e $target ]]; then
    kind=create
  elif [[ ! -f $target ]]; then
    problem "$target is no file, and one has to stand there: move it away"
    return
  elif same "$source" "$target"; then
    UNCHANGED=$((UNCHANGED + 1))
    return
  else
    kind=replace
  fi
  plan_folders "$RESOLVED"
  JOURNAL+=("$kind"$'\t'"$path"$'\t'"$RESOLVED"$'\t'"$source")
  CHANGED=$((CHANGED + 1))
}

# want_folder PATH: an empty folder will do; what is in one that is there is left alone.
want_folder() {
  if ! resolve "$1" whole; then
    problem "$ROOT$1 goes round in links: mend that first"
    return
  fi
  [[ ! -d $ROOT$RESOLVED ]] || return 0
  plan_folders "$RESOLVED/."
  CHANGED=$((CHANGED + 1))
}

want_node_files() {
  local file path
  for path in ${WANTED_FOLDERS[@]+"${WANTED_FOLDERS[@]}"}; do want_folder "$path"; done
  while IFS= read -r -d '' file; do
    path=${file#"$HERE/$NODE"}
    [[ $path =~ ^/etc/[A-Za-z0-9._/-]+$ && -f $file && ! -L $file ]] ||
      fail 2 "$file is not of this lab: only what create-mesos-cluster wrote may be there"
    [[ $path != /etc/hosts ]] || continue
    want "$path" "$file"
  done < <(find "$HERE/$NODE/etc" ! -type d -print0 | sort -z)
  want_hosts
  want_myid
  want_leftovers_gone
}

# Lines for /etc/hosts stand in a block of our own; the rest of the file is the machine's.
want_hosts() {
  local lines=$HERE/$NODE/etc/hosts now='' name
  [[ -f $lines ]] || return 0
  if ! resolve /etc/hosts; then return; fi
  [[ ! -f $ROOT$RESOLVED ]] || now=$ROOT$RESOLVED
  {
    [[ -z $now ]] || without_block "$now"
    printf '%s\n' "$BLOCK_START"
    grep -v -e '^#' -e '^$' -- "$lines"
    printf '%s\n' "$BLOCK_END"
  } >"$WORK/hosts"
  want /etc/hosts "$WORK/hosts"
  [[ -n $now ]] || return 0
  while IFS= read -r name; do
    warn "$now also says that $name is 127.…: what asks for its address here gets one that no other machine can use; remove that line"
  done < <(without_block "$now" | awk -v lines="$lines" '
    BEGIN { while ((getline line < lines) > 0) { split(line, words); if (line !~ /^#/) names[words[2]] = 1 } }
    $1 ~ /^127\./ { for (i = 2; i <= NF; i++) if ($i != "" && $i in names) print $i }')
}

without_block() {
  awk -v start="$BLOCK_START" -v end="$BLOCK_END" '$0 == start { inside = 1 } !inside { print } $0 == end { inside = 0 }' "$1"
}

# Debian links the data folder's myid to the one under /etc; other packages do not.
want_myid() {
  local source=$HERE/$NODE/etc/zookeeper/conf/myid linked
  [[ -f $source ]] || return 0
  resolve /etc/zookeeper/conf/myid whole || return 0
  linked=$RESOLVED
  resolve /var/lib/zookeeper/myid whole || return 0
  [[ $RESOLVED == "$linked" ]] || want /var/lib/zookeeper/myid "$source"
}

# What an earlier installation put here and the lab no longer has would still be read as a flag.
want_leftovers_gone() {
  local folder kind path resolved created
  created=$(installations | while IFS= read -r folder; do awk -F '\t' '$1 == "create" { print $2 }' "$folder/journal"; done)
  while IFS= read -r folder; do
    while IFS=$'\t' read -r kind path resolved; do
      if [[ $kind == folder || $path == /etc/hosts ]] || ! grep -qxF -- "$path" <<<"$created"; then continue; fi
      [[ " ${TARGETS[*]-} " != *" $resolved "* ]] || continue
      # Not what somebody has edited since.
      ! same "$folder/now$resolved" "$ROOT$resolved" || want "$path" -
    done <"$folder/journal"
  done < <(installations)
}

# Other files in the folders that the packages read whole.
name_others() {
  local folder file
  for folder in mesos mesos-master mesos-slave marathon/conf chronos/conf; do
    [[ -d $HERE/$NODE/etc/$folder && -d $ROOT/etc/$folder ]] || continue
    for file in "$ROOT/etc/$folder"/*; do
      [[ -f $file ]] || continue
      resolve "/etc/$folder/${file##*/}" || continue
      [[ " ${TARGETS[*]-} " == *" $RESOLVED "* ]] || OTHERS+=("$file")
    done
  done
  ((${#OTHERS[@]} == 0)) || warn "not of this lab, and read as flags all the same: ${OTHERS[*]}"
}

# ---- The machine ----

read_node() {
  local word value service
  while read -r word value; do
    case $word in
      address) ADDRESS=$value ;;
      start) START+=("$value") ;;
      folder) WANTED_FOLDERS+=("$value") ;;
    esac
  done <"$HERE/$NODE/node.conf"
  for service in $MANAGED; do
    [[ " ${START[*]-} " == *" $service "* ]] || STOP+=("$service")
  done
}

own_addresses() {
  if command -v ip >/dev/null; then
    ip -o -4 addr show | awk '{ sub(/\/.*/, "", $4); print $4 }'
  else
    hostname -I | tr ' ' '\n'
  fi
}

choose_node() {
  local file address own found=()
  if [[ -z $NODE ]]; then
    [[ -z $ROOT ]] || fail 2 'with --root, name the node: install.sh --root DIR NODE'
    own=$(own_addresses)
    for file in "$HERE"/*/node.conf; do
      address=$(awk '$1 == "address" { print $2 }' "$file")
      [[ -z $address ]] || ! grep -qxF -- "$address" <<<"$own" || found+=("$(basename -- "$(dirname -- "$file")")")
    done
    ((${#found[@]} == 1)) || fail 3 "the addresses of this machine ($(paste -sd ' ' <<<"$own")) are those of ${#found[@]} nodes: ${found[*]-none}" \
      'Name the node: install.sh NODE'
    NODE=${found[0]}
  fi
  [[ $NODE =~ ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$ && -f $HERE/$NODE/node.conf ]] ||
    fail 2 "there is no node '$NODE' beside this script; there are: $(cd -- "$HERE" && printf '%s ' */node.conf | sed 's|/node.conf||g')"
}

check_address() {
  [[ -n $ADDRESS && -z $ROOT && $FORCE == false ]] || return 0
  own_addresses | grep -qxF -- "$ADDRESS" ||
    problem "$NODE is $ADDRESS, and this machine has other addresses: $(own_addresses | paste -sd ' ' -). Run it on $NODE; --force installs it here all the same"
}

# first_of PATH...: whether one of them is there.
first_of() {
  local path
  for path in "$@"; do
    if resolve "$path" whole && [[ -e $ROOT$RESOLVED ]]; then return; fi
  done
  return 1
}

check_packages() {
  local service missing=() mesos='build it from the sources of Apache Mesos with mesosphere/mesos-deb-packaging, or take it from an archive of your own: the repositories of Mesosphere are gone'
  for service in ${START[@]+"${START[@]}"}; do
    case $service in
      zookeeper)
        first_of /usr/share/zookeeper/bin/zkServer.sh /usr/lib/zookeeper/bin/zkServer.sh /opt/zookeeper/bin/zkServer.sh \
          /opt/mesosphere/zookeeper/bin/zkServer.sh || missing+=("zookeeper: apt-get install zookeeperd (Debian, Ubuntu)")
        ;;
      mesos-master | mesos-slave)
        first_of /usr/sbin/"$service" /usr/local/sbin/"$service" /usr/bin/"$service" /usr/local/bin/"$service" ||
          missing+=("$service (package mesos): $mesos")
        # The programs themselves do not read /etc/mesos*: their start script does.
        first_of /usr/bin/mesos-init-wrapper /usr/local/bin/mesos-init-wrapper ||
          missing+=("mesos-init-wrapper, which turns files under /etc into flags: it is in the same package")
        ;;
      marathon) first_of /usr/bin/marathon /usr/local/bin/marathon /usr/share/marathon/bin/marathon /opt/marathon/bin/marathon ||
        missing+=('marathon: a release with bin/marathon, unpacked to /opt/marathon, or a package of your own') ;;
      chronos) first_of /usr/bin/chronos /usr/local/bin/chronos /opt/chronos/bin/chronos ||
        missing+=('chronos: a package of your own; its project gave out sources and images only') ;;
      mesos-dns) first_of /usr/bin/mesos-dns ||
        missing+=('mesos-dns: one program, in the releases of mesosphere/mesos-dns; it belongs at /usr/bin/mesos-dns') ;;
      docker) first_of /usr/bin/docker /usr/local/bin/docker || missing+=('docker: apt-get install docker.io (Debian, Ubuntu)') ;;
    esac
  done
  ((${#missing[@]} > 0)) || return 0
  local line
  while IFS= read -r line; do
    if [[ $FORCE == true ]]; then warn "missing here: $line"; else problem "missing here: $line"; fi
  done < <(printf '%s\n' "${missing[@]}" | awk '!seen[$0]++')
  [[ $FORCE == true ]] || problem '--force puts the files in place all the same'
}

# ---- Back-ups: NUMBER-TIME, the highest number is the latest; one without `done` was interrupted ----

installations() {
  local folder
  [[ -n $STORE ]] || return 0
  for folder in "$STORE"/[0-9]*; do
    if [[ $folder != *.undone && -f $folder/journal ]]; then printf '%s\n' "$folder"; fi
  done | sort -r
}

find_store() {
  resolve "$BACKUPS" whole || fail 3 "$ROOT$BACKUPS goes round in links: mend that first"
  STORE=$ROOT$RESOLVED
}

# Copies all that will change, before anything does.
back_up() {
  local entry kind path resolved source partial=$STORE/.partial.$$ folder last
  mkdir -p -- "$STORE"
  chmod 0700 -- "$STORE"
  rm -rf -- "$STORE"/.partial.*
  mkdir -m 0700 -- "$partial" "$partial/was" "$partial/now"
  for entry in ${JOURNAL[@]+"${JOURNAL[@]}"}; do
    IFS=$'\t' read -r kind path resolved source <<<"$entry"
    if [[ $kind != create ]]; then
      mkdir -p -- "$partial/was${resolved%/*}"
      cp --archive --no-dereference -- "$ROOT$resolved" "$partial/was$resolved"
    fi
    if [[ $source != - ]]; then
      mkdir -p -- "$partial/now${resolved%/*}"
      cat -- "$source" >"$partial/now$resolved"
    fi
    printf '%s\t%s\t%s\n' "$kind" "$path" "$resolved"
  done >"$partial/journal"
  for path in ${FOLDERS[@]+"${FOLDERS[@]}"}; do printf 'folder\t%s\t%s\n' "$path" "$path"; done >>"$partial/journal"
  list_services >"$partial/services"
  printf '%s\n' "$NODE" >"$partial/node"
  # Of the whole disk this would take its time.
  find "$partial" -type f -exec sync {} +
  last=$(cd -- "$STORE" && printf '%s\n' [0-9]* | sed 's/-.*//' | sort -n | tail -n 1)
  [[ $last =~ ^[0-9]+$ ]] || last=0
  folder=$STORE/$(printf '%04d' $((10#$last + 1)))-$(date -u +%Y%m%dT%H%M%SZ)
  # From here on nothing is lost: what is there now is in the back-up, and the journal says what may change.
  mv -T -- "$partial" "$folder"
  APPLYING=$folder
}

apply() {
  local entry kind path resolved source folder
  for folder in ${FOLDERS[@]+"${FOLDERS[@]}"}; do
    [[ -d $ROOT$folder ]] || mkdir -- "$ROOT$folder"
  done
  for entry in ${JOURNAL[@]+"${JOURNAL[@]}"}; do
    IFS=$'\t' read -r kind path resolved source <<<"$entry"
    if [[ $kind == remove ]]; then
      end_unit "$path"
      rm -f -- "$ROOT$resolved"
      say "removed $ROOT$path (an earlier installation had put it there)"
    else
      put "$source" "$ROOT$resolved" like
      say "$([[ $kind == create ]] && printf created || printf replaced) $ROOT$path"
    fi
  done
  read_units "${JOURNAL[*]-}"
}

# take_back FOLDER: every file of an installation is again what it was. Can be repeated.
take_back() {
  local folder=$1 kind path resolved target lines line
  mapfile -t lines <"$folder/journal"
  for line in ${lines[@]+"${lines[@]}"}; do
    IFS=$'\t' read -r kind path resolved <<<"$line"
    target=$ROOT$resolved
    [[ $kind != create ]] || end_unit "$path"
    # Nobody may have put a link into the way since.
    if ! resolve "${resolved%/*}" whole || [[ $RESOLVED != "${resolved%/*}" ]]; then
      warn "${target%/*} is another folder than it was: $ROOT$path is left as it is; its back-up: $folder/was$resolved"
      continue
    fi
    line=${target%/*}/.${target##*/}.create-mesos-cluster
    if [[ $kind != folder && (-e $line || -L $line) ]]; then rm -f -- "$line"; fi
    case $kind in
      create)
        if [[ $path == /etc/hosts && -f $target ]] && ! same "$folder/now$resolved" "$target"; then
          restore_hosts "$folder" "$resolved"
        else
          [[ -d $target && ! -L $target ]] || rm -f -- "$target"
        fi
        ;;
      replace | remove)
        if [[ $kind == replace && $path == /etc/hosts && -f $target ]] && ! same "$folder/now$resolved" "$target"; then
          restore_hosts "$folder" "$resolved"
        elif [[ ! -d ${target%/*} ]]; then
          warn "${target%/*} is gone: the back-up of $ROOT$path is $folder/was$resolved"
        elif [[ -d $target && ! -L $target ]]; then
          warn "$target is a folder now: the back-up of the file is $folder/was$resolved"
        elif ! is_as_it_was "$folder/was$resolved" "$target"; then
          put "$folder/was$resolved" "$target" || return 1
        fi
        ;;
    esac
  done
  for ((line = ${#lines[@]} - 1; line >= 0; line--)); do
    IFS=$'\t' read -r kind path resolved <<<"${lines[line]}"
    [[ $kind != folder ]] || rmdir -- "$ROOT$resolved" 2>/dev/null || true
  done
  read_units "${lines[*]-}"
}

is_as_it_was() {
  [[ ! -L $1 && ! -L $2 && -f $2 ]] && cmp -s -- "$1" "$2" && [[ $(stat -c '%a %u %g %Y' -- "$1") == "$(stat -c '%a %u %g %Y' -- "$2")" ]]
}

# Somebody has edited /etc/hosts since: only our block goes, or becomes the one it was.
restore_hosts() {
  local was=$1/was$2 target=$ROOT$2 new
  new=$(mktemp)
  without_block "$target" >"$new"
  [[ ! -f $was ]] || awk -v start="$BLOCK_START" -v end="$BLOCK_END" '$0 == start { inside = 1 } inside { print } $0 == end { inside = 0 }' "$was" >>"$new"
  same "$new" "$target" || put "$new" "$target" like
  rm -f -- "$new"
}

# The files of an installation that were edited after it, one a line.
edited_since() {
  local folder=$1 kind path resolved target
  while IFS=$'\t' read -r kind path resolved; do
    target=$ROOT$resolved
    if [[ $kind == folder || $path == /etc/hosts ]]; then continue; fi
    if [[ $kind == remove || ! -e $folder/now$resolved ]]; then
      [[ ! -e $target && ! -L $target ]] || is_as_it_was "$folder/was$resolved" "$target" || printf '%s\n' "$ROOT$path"
    elif ! same "$folder/now$resolved" "$target"; then
      # One that is as it was before is what an interrupted undo has put back.
      if [[ $kind == create ]]; then
        [[ ! -e $target && ! -L $target ]] || printf '%s\n' "$ROOT$path"
      else
        is_as_it_was "$folder/was$resolved" "$target" || [[ -L $folder/was$resolved && -L $target ]] || printf '%s\n' "$ROOT$path"
      fi
    fi
  done <"$folder/journal"
}

# One that was killed is taken back before anything else is looked at.
recover() {
  local folder
  while IFS= read -r folder; do
    if [[ -f $folder/undoing ]]; then
      say "finishing an --undo that was interrupted: ${folder##*/}"
    elif [[ ! -f $folder/done ]]; then
      say "taking back an installation that was interrupted: ${folder##*/}"
    else
      continue
    fi
    take_back "$folder" || fail 4 "cannot take it back; what was there is in $folder/was"
    mv -T -- "$folder" "$folder.undone"
  done < <(installations)
}

# ---- Services ----

has_systemd() { [[ -d /run/systemd/system ]] && command -v systemctl >/dev/null; }
has_service() {
  if has_systemd; then
    systemctl cat "$1" >/dev/null 2>&1
  else
    [[ -x /etc/init.d/$1 ]] && command -v service >/dev/null
  fi
}
is_enabled() {
  if has_systemd; then
    systemctl is-enabled --quiet "$1" 2>/dev/null
  else
    compgen -G "/etc/rc[2-5].d/S[0-9][0-9]$1" >/dev/null
  fi
}
is_active() {
  if has_systemd; then systemctl is-active --quiet "$1"; else service "$1" status >/dev/null 2>&1; fi
}
# set_enabled SERVICE enable|disable
set_enabled() {
  if has_systemd; then
    systemctl --quiet "$2" "$1"
  elif command -v update-rc.d >/dev/null; then
    # A script that was never registered has no links that could be switched.
    if [[ $2 == enable ]]; then update-rc.d "$1" defaults >/dev/null; fi
    update-rc.d "$1" "$2" >/dev/null
  fi || warn "$1: $2 failed, so the next boot may do otherwise"
}
# end_unit PATH: a service whose unit goes must not outlive it.
end_unit() {
  local service=${1##*/}
  [[ $1 == /etc/systemd/system/*.service ]] && ! services_by_hand && has_systemd || return 0
  systemctl --quiet disable --now "$service" 2>/dev/null || true
}
# read_units PATHS: systemd reads a unit when it is told to.
read_units() {
  [[ $1 == */etc/systemd/system/* ]] && ! services_by_hand && has_systemd || return 0
  systemctl daemon-reload
}
# act SERVICE start|stop|restart
act() {
  local service=$1
  case $2 in
    restart) act "$service" stop && act "$service" start ;;
    stop) tell "$service" stop && end_zookeeper "$service" ;;
    *) tell "$service" "$2" ;;
  esac
}

tell() {
  if has_systemd; then
    systemctl "$2" "$1"
  # What goes on in the background must hold neither our lock nor our output.
  elif ! service "$1" "$2" 9>&- >"$WORK/service" 2>&1 </dev/null; then
    cat -- "$WORK/service" >&2
    return 1
  fi
}

# Debian's init script does not stop ZooKeeper, and does not say so: start-stop-daemon refuses a pid file in a folder that
# is not root's (zookeeperd 3.8.0-11). It would go on with the configuration that it was started with.
end_zookeeper() {
  local pid file=/run/zookeeper/zookeeper.pid second
  [[ $1 == zookeeper && -r $file ]] || return 0
  pid=$(<"$file")
  [[ $pid =~ ^[1-9][0-9]*$ && -r /proc/$pid/cmdline ]] || return 0
  tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qx 'org\.apache\.zookeeper\.server\..*' || return 0
  kill -- "$pid" || return 0
  for ((second = 0; second < 30; second++)); do
    [[ -d /proc/$pid ]] || return 0
    sleep 1
  done
  warn "ZooKeeper (process $pid) has not ended 30 s after it was asked to"
  return 1
}

# For the journal: how the services are now.
list_services() {
  local service
  [[ -z $ROOT && $WITH_SERVICES == true ]] || return 0
  for service in ${START[@]+"${START[@]}"} ${STOP[@]+"${STOP[@]}"}; do
    has_service "$service" || continue
    printf '%s %s %s\n' "$service" "$(is_enabled "$service" && printf enable || printf disable)" "$(is_active "$service" && printf restart || printf stop)"
  done
}

services_by_hand() {
  [[ -n $ROOT || $WITH_SERVICES == false ]]
}

start_services() {
  local service
  if services_by_hand; then
    say "services were left as they are; in this order they start: ${START[*]-none}"
    return
  fi
  for service in ${STOP[@]+"${STOP[@]}"}; do
    has_service "$service" || continue
    if is_active "$service"; then
      act "$service" stop || fail 4 "$service did not stop; its own message is above"
      say "stopped $service: $NODE does not play that role"
    fi
    ! is_enabled "$service" || set_enabled "$service" disable
  done
  for service in ${START[@]+"${START[@]}"}; do
    if ! has_service "$service"; then
      warn "there is no service $service here: start it by your own means"
      continue
    fi
    is_enabled "$service" || set_enabled "$service" enable
    if is_active "$service"; then
      # Docker is configured elsewhere, and its containers would end with it.
      if ((CHANGED == 0)) || [[ $service == docker ]]; then continue; fi
      act "$service" restart || service_failed "$service"
      say "restarted $service"
    else
      act "$service" start || service_failed "$service"
      say "started $service"
    fi
  done
}

service_failed() {
  fail 4 "$1 did not start; its own message is above$(has_systemd && printf ', its log: journalctl --unit %s' "$1")" \
    'The files are in place. Once mended, repeat this command; install.sh --undo takes everything back.'
}

restore_services() {
  local folder=$1 service enabled action enabled_now
  if [[ ! -f $folder/services ]] || services_by_hand; then return; fi
  while read -r service enabled action; do
    has_service "$service" || continue
    if is_enabled "$service"; then enabled_now=enable; else enabled_now=disable; fi
    [[ $enabled == "$enabled_now" ]] || set_enabled "$service" "$enabled"
    if [[ $action == stop ]]; then is_active "$service" || continue; elif [[ $service == docker ]]; then continue; fi
    act "$service" "$action" || warn "$service: $action failed"
    say "$service: $action"
  done <"$folder/services"
}

# ---- The three verbs ----

show_diff() {
  local entry kind path resolved source old new
  for entry in ${JOURNAL[@]+"${JOURNAL[@]}"}; do
    IFS=$'\t' read -r kind path resolved source <<<"$entry"
    old=/dev/null new=/dev/null
    [[ $kind == create || ! -f $ROOT$resolved ]] || old=$ROOT$resolved
    [[ $source == - ]] || new=$source
    diff -u --label "$ROOT$path" --label "$ROOT$path ($([[ $kind == remove ]] && printf removed || printf 'as in the lab'))" -- "$old" "$new" || true
  done
  for path in ${FOLDERS[@]+"${FOLDERS[@]}"}; do say "the folder $ROOT$path would be made"; done
  say "$CHANGED files would change, $UNCHANGED are as they should be. Nothing was changed."
  services_by_hand || say "services that would run, in this order: ${START[*]-none}; and not: ${STOP[*]-none}"
}

check_store() {
  local before=(${FOLDERS[@]+"${FOLDERS[@]}"})
  plan_folders "$STORE/back-up"
  FOLDERS=(${before[@]+"${before[@]}"})
}

install_node() {
  find_store
  [[ $DRY_RUN == true ]] || recover
  want_node_files
  check_store
  check_address
  check_packages
  if [[ $DRY_RUN == true ]]; then
    local line
    for line in ${PROBLEMS[@]+"${PROBLEMS[@]}"}; do warn "$line"; done
    name_others
    show_diff
    return
  fi
  stop_at_problems
  name_others
  if ((CHANGED > 0)); then
    back_up
    apply
    : >"$APPLYING/done"
    say "$CHANGED files changed, $UNCHANGED were as they should be; back-up: $APPLYING"
    APPLYING=''
  else
    say "all $UNCHANGED files of $NODE are in place already: nothing was changed"
  fi
  start_services
}

undo() {
  local folder edited
  find_store
  # An installation that was cut off is what is meant, then.
  if [[ -n $(installations | while IFS= read -r folder; do [[ -f $folder/done && ! -f $folder/undoing ]] || printf x; done) ]]; then
    [[ $DRY_RUN == false ]] || fail 3 'an installation was interrupted: --undo takes it back'
    recover
    return
  fi
  folder=$(installations | head -n 1)
  if [[ -z $folder ]]; then
    say 'there is nothing to undo'
    return
  fi
  edited=$(edited_since "$folder")
  if [[ $DRY_RUN == true ]]; then
    say "would take back ${folder##*/}:"
    cut -f 1,2 -- "$folder/journal"
    [[ -z $edited ]] || say "edited since: $edited"
    return
  fi
  if [[ -n $edited && $FORCE == false ]]; then
    fail 3 'these files were edited after the installation, and --undo would lose that:' "$edited" \
      'Move the edits away, or pass --force: then they are kept in the back-up. Nothing was changed.'
  fi
  keep_edited "$folder" "$edited"
  : >"$folder/undoing"
  take_back "$folder" || fail 4 "not everything could be taken back; what was there is in $folder/was. Repeat --undo once mended"
  restore_services "$folder"
  mv -T -- "$folder" "$folder.undone"
  say "took back the installation ${folder##*/}: $(grep -cv '^folder' -- "$folder.undone/journal") files are again what they were"
  [[ -z $(installations) ]] || say 'there is an older installation: --undo again takes that back, too'
}

# Edits that --undo --force replaces stay beside the back-up.
keep_edited() {
  local path
  [[ -n $2 ]] || return 0
  mkdir -p -- "$1/edited"
  while IFS= read -r path; do
    [[ ! -e $path ]] || cp --archive -- "$path" "$1/edited/$(tr / _ <<<"${path#"$ROOT"/}")"
  done <<<"$2"
  say "edited files were kept in $1.undone/edited"
}

on_exit() {
  local code=$?
  trap '' INT TERM HUP
  if [[ -n $APPLYING ]]; then
    printf 'install: it failed half-way (its reason is above); taking back what was done\n' >&2
    if take_back "$APPLYING"; then
      mv -T -- "$APPLYING" "$APPLYING.undone"
      printf 'install: everything is as it was before\n' >&2
    else
      printf 'install: could not take everything back: what was there is in %s; repeat this command once mended\n' "$APPLYING/was" >&2
    fi
  fi
  if ((code == 1)); then
    # A command of this script failed, in a way that nobody foresaw.
    printf 'install: line %s failed\n' "$FAILED_AT" >&2
    code=4
  fi
  [[ -z $WORK ]] || rm -rf -- "$WORK"
  exit "$code"
}

read_arguments() {
  while (($# > 0)); do
    case $1 in
      --dry-run) DRY_RUN=true ;;
      --undo) UNDO=true ;;
      --force) FORCE=true ;;
      --no-services) WITH_SERVICES=false ;;
      --root)
        [[ -d ${2:-} ]] || fail 2 "--root wants a folder, not '${2:-}'"
        ROOT=$(cd -- "$2" && pwd -P)
        ROOT=${ROOT%/}
        shift
        ;;
      --help | -h)
        sed -n '5,/^set /{s/^# \{0,1\}//;/^set /!p}' "${BASH_SOURCE[0]}"
        exit 0
        ;;
      -*) fail 2 "unknown option $1; install.sh --help lists them" ;;
      *)
        [[ -z $NODE ]] || fail 2 "one node at a time, not $NODE and $1"
        NODE=$1
        ;;
    esac
    shift
  done
}

main() {
  read_arguments "$@"
  [[ $DRY_RUN == true || -n $ROOT || $EUID == 0 ]] || fail 3 'needs root (--dry-run does not)'
  trap 'FAILED_AT=$LINENO' ERR
  trap on_exit EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  WORK=$(mktemp -d)
  if [[ $DRY_RUN == false ]]; then
    # One at a time on a machine; the lock goes with the process.
    exec 9<"$ROOT/"
    flock -n 9 || fail 4 "another install.sh is working on $ROOT/"
  fi
  if [[ $UNDO == true ]]; then
    undo
    return
  fi
  choose_node
  read_node
  install_node
}

main "$@"

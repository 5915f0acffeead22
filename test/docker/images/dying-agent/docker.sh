#!/bin/sh
# The Docker CLI, but for `run`: whatever the image is, it says the last words of a program that aborts.
for word in "$@"; do
  shift
  if [ "$word" = run ]; then
    set -- "$@" run --entrypoint /bin/sh
    ran=1
  else
    set -- "$@" "$word"
  fi
done
[ -z "${ran:-}" ] ||
  set -- "$@" -c "echo \"terminate called after throwing an instance of 'std::length_error'\" >&2; echo '  what():  basic_string::_M_create' >&2; exit 134"
exec real-docker "$@"

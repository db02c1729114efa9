#!/bin/sh
# Sends one command to the store and prints its answer: store LPUSH guestbook "hello there"
# The Redis protocol: an array of strings goes out, each with its length in bytes.
command_of() {
  printf '*%d\r\n' $#
  for word; do
    printf '$%d\r\n%s\r\n' "$(printf %s "$word" | wc -c)" "$word"
  done
}

conversation() {
  [ -z "$STORE_PASSWORD" ] || command_of AUTH "$STORE_PASSWORD"
  command_of "$@"
  command_of QUIT
}

answer=$(conversation "$@" | nc -w 5 "${STORE_HOST:-store}" "${STORE_PORT:-6379}" | tr -d '\r')
[ -n "$answer" ] || { echo "no answer from the store at ${STORE_HOST:-store}:${STORE_PORT:-6379}" >&2; exit 1; }
# The greeting's and the farewell's +OK are not part of it.
[ -z "$STORE_PASSWORD" ] || answer=$(printf '%s\n' "$answer" | sed 1d)
answer=$(printf '%s\n' "$answer" | sed '$d')
case "$answer" in
  -*) echo "store: ${answer#-}" >&2; exit 1 ;;
esac
# Lists: only the strings themselves, without counts and lengths.
case "$answer" in
  '*'*) printf '%s\n' "$answer" | sed -n '1d; /^\$/{n;p;}' ;;
  *) printf '%s\n' "$answer" | sed 's/^[+:]//; /^\$/d' ;;
esac

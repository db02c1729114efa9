#!/bin/sh
# Signs the guestbook every few seconds, until it is told to stop.
name=${POD_NAME:-$(hostname)}
trap 'echo "$name: stopping"; exit 0' TERM INT
count=0
while :; do
  count=$((count + 1))
  if store LPUSH guestbook "$name was here for the ${count}. time" >/dev/null && store LTRIM guestbook 0 99 >/dev/null; then
    echo "$name: signed $count times"
  fi
  # A shell waits for its children before it hears a signal, unless it waits by this word.
  sleep "${WORKER_INTERVAL:-10}" &
  wait $!
done

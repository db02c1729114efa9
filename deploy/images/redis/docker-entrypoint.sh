#!/bin/sh
# Arguments alone are the server's. A container's port is published on purpose, so the server's own
# protection, which answers nobody but loopback while no password is set, only stands in the way.
set -e
case "$1" in
  -* | *.conf) set -- redis-server "$@" ;;
esac
if [ "$1" = redis-server ]; then
  set -- "$@" --protected-mode no
fi
exec "$@"

#!/bin/sh
# The readiness probe: a front that cannot reach its store should get no visitors.
if reason=$(store PING 2>&1); then
  printf 'Status: 200 OK\r\nContent-Type: text/plain\r\n\r\nready\n'
else
  printf 'Status: 503 Service Unavailable\r\nContent-Type: text/plain\r\n\r\n%s\n' "$reason"
fi

#!/usr/bin/env bash
# Brings a fresh checkout on Debian or Ubuntu to the point where `gantry` runs, then runs it.
#   run.sh up|down [options]   start, change or stop the cluster on this machine
#   run.sh test | bench        the whole check and test suite | the benchmarks
set -euo pipefail
cd "$(dirname "$0")/../.."
here=deploy/quickstart

need_root() {
  [ "$(id -u)" = 0 ] || { echo "gantry makes network namespaces and cgroups: run this as root" >&2; exit 1; }
}

install_packages() {
  local missing=() package
  for package in $(grep -hv '^#' "$@"); do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  echo "installing Debian packages: ${missing[*]}"
  local log; log=$(mktemp)
  # A package's own service (etcd's, say) must not start: Gantry runs its own.
  if ! { apt-get update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    exit 1
  fi
  rm -f "$log"
}

install_npm() {
  local stamp=node_modules/.gantry-lock
  if [ "$(cat "$stamp" 2>/dev/null)" != "$(sha256sum package-lock.json)" ]; then
    echo "installing npm packages"
    # Not `npm ci`: it insists on entries for other platforms' optional packages, which a registry may not have.
    npm install --no-save --silent --no-audit --no-fund
    sha256sum package-lock.json >"$stamp"
  fi
}

verb=${1:-help}
shift || true
case "$verb" in
  up)
    need_root
    install_packages $here/packages.txt
    install_npm
    npm run -s build
    exec node dist/apps/cli/main.js up "$@"
    ;;
  down)
    need_root
    [ -f dist/apps/cli/main.js ] || { install_npm && npm run -s build; }
    exec node dist/apps/cli/main.js down "$@"
    ;;
  test)
    need_root
    install_packages $here/packages.txt $here/test-packages.txt
    install_npm
    npm run -s build
    exec node test/run.mjs "$@"
    ;;
  bench)
    need_root
    install_packages $here/packages.txt $here/test-packages.txt $here/bench-packages.txt
    install_npm
    npm run -s build
    exec node test/bench/run.mjs "$@"
    ;;
  *)
    sed -n '2,5s/^# //p' "$0" >&2
    exit 2
    ;;
esac

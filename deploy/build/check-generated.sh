#!/usr/bin/env bash
# Fails when libs/rpc/src/gen is not what proto/ generates.
set -euo pipefail
before=$(find libs/rpc/src/gen -type f -exec sha256sum {} + | sort)
npx --no-install buf lint
npx --no-install buf generate
after=$(find libs/rpc/src/gen -type f -exec sha256sum {} + | sort)
[ "$before" = "$after" ] || { echo 'libs/rpc/src/gen is stale: run `npm run generate` and commit it' >&2; exit 1; }

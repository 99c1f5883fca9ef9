#!/usr/bin/env bash
# Browser tests: tests/e2e/run.sh [FILE…]. Each file has a stand of its own (database, server, mails), copied from one filled model, so that
# none leans on what another one left. E2E_SCREENSHOTS=docs/screenshots renews the pictures there (without it only what fails is
# pictured, in tests/e2e/out); E2E_LANES files run at a time (default as many as there are cores).
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. tests/stand.sh

if [ "${1:-}" = --alone ]; then
  name=$(basename "$2" .test.mjs)
  log=.data/stand-browser_${name//-/_}.log
  stand_from=model
  began=$SECONDS
  stand_up "browser_${name//-/_}"
  stood=$SECONDS
  E2E_PSQL=$(deploy/cluster.sh bin "$stand_cluster")/psql
  E2E_DATABASE=$(deploy/cluster.sh url "$stand_cluster" superuser "browser_${name//-/_}")
  export E2E_BASE=$base E2E_INBOX=$inbox E2E_PSQL E2E_DATABASE
  failed=0
  node --test --test-reporter=spec "$2" >"$log" 2>&1 || failed=1
  # A line of its own for each file, so that it is seen where the time goes.
  printf 'browser: %s took %d s, %d s of them for its stand\n' "$name" $((SECONDS - began)) $((stood - began)) >>"$log"
  flock .data/stand-browser.lock cat "$log"
  exit "$failed"
fi

. tests/build.sh
cargo build --locked
make -s tests/e2e/node_modules/.package-lock.json frontend/dist/index.html
stand_model
[ -z "${E2E_SCREENSHOTS:-}" ] || E2E_SCREENSHOTS=$(realpath "$E2E_SCREENSHOTS")
looked=''
if [ $# -eq 0 ]; then
  set -- tests/e2e/*.test.mjs
  looked=$PWD/.data/stand-browser_looked.txt
  : >"$looked"
fi
export E2E_LOOKED=$looked
# The longest first, so that no lane stands idle at the end: those that look at every page, then by their size.
ls -S "$@" | awk '/pages-/ { print; next } { rest = rest $0 "\n" } END { printf "%s", rest }' | xargs -P "${E2E_LANES:-$(nproc)}" -n 1 tests/e2e/run.sh --alone
if [ -n "$looked" ]; then node tests/e2e/looked.mjs "$looked"; fi

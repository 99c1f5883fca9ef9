#!/usr/bin/env bash
# Browser tests against a stand of their own: tests/e2e/run.sh [FILE…]. E2E_SCREENSHOTS=docs/screenshots renews the pictures there.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. tests/stand.sh
. tests/build.sh
cargo build --locked
make -s tests/e2e/node_modules/.package-lock.json frontend/dist/index.html
stand_up browser
export E2E_BASE=$base E2E_INBOX=$inbox
[ -z "${E2E_SCREENSHOTS:-}" ] || E2E_SCREENSHOTS=$(realpath "$E2E_SCREENSHOTS")
if [ $# -eq 0 ]; then set -- tests/e2e/*.test.mjs; fi
# One file at a time: two cores are shared with server, database and Chromium.
node --test --test-concurrency=1 --test-reporter=spec "$@"

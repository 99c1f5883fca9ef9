#!/usr/bin/env bash
# Everything that must hold, in named steps with their times. Called by `make test`; needs no network but the package registries.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/build.sh
began=$SECONDS
names=()
times=()
not_run=''

# A function called in a condition would go on after an error in it, so a failing step ends the script, and this says which one it was.
current=''
pages=''
said() {
  if [ -n "$pages" ]; then kill "$pages" 2>/dev/null || true; fi
  if [ -n "$current" ]; then printf '\n✗ failed: %s, after %d s\n' "$current" "$((SECONDS - from))" >&2; fi
}
trap said EXIT

step() {
  current=$1
  from=$SECONDS
  shift
  printf '\n━━ %s\n' "$current"
  "$@"
  names+=("$current")
  times+=($((SECONDS - from)))
  printf '── %s: %d s\n' "$current" "$((SECONDS - from))"
  current=''
}

frontend() {
  npm --prefix frontend run --silent check
  npm --prefix frontend run --silent test
  make -s frontend/dist/index.html
  npm --prefix frontend run --silent size
}

# Neither waits for the other, and neither keeps two cores busy alone: the pages are looked at while the program is built.
frontend_begins() {
  make -s frontend/node_modules/.package-lock.json
  mkdir -p .data
  frontend >.data/pages.txt 2>&1 &
  pages=$!
}

frontend_ends() {
  local failed=0
  wait "$pages" || failed=$?
  pages=''
  cat .data/pages.txt
  return "$failed"
}

rust_tests() {
  eval "$(deploy/cluster.sh env .data/test)"
  cargo test --locked
  # Rust's harness swallows what a passing test prints.
  if [ -f "${FACILITIES_DIR:-../shared/data}/flensburg.csv" ]; then
    echo "run: import of the real facility lists"
  else
    not_run="import of the real facility lists (no folder ${FACILITIES_DIR:-../shared/data}; name one in FACILITIES_DIR)"
  fi
}

# Made anew each time, so that no run can lean on what another one left behind.
cluster() {
  if [ -f .data/test/cluster ]; then deploy/cluster.sh remove .data/test; fi
  deploy/cluster.sh start .data/test --test
}

step "what this machine needs" deploy/prepare.sh test
step "private database cluster in .data/test" cluster
step "format" cargo fmt --check
step "packages of the pages" frontend_begins
step "program with lints, generated files against the sources" tests/generated.sh check
step "pages: types, unit tests, build, size of the first pages (begun beside the program)" frontend_ends
step "tests compile without warnings" cargo build --locked --all-targets
step "Rust tests" rust_tests
step "API against its contract (schemathesis)" tests/schemathesis.sh
step "browser" tests/e2e/run.sh
step "backup and restore" tests/restore.sh

printf '\n'
for i in "${!names[@]}"; do printf '%5d s  %s\n' "${times[$i]}" "${names[$i]}"; done
if [ -n "$not_run" ]; then printf 'not run: %s\n' "$not_run"; fi
printf 'not run: what measures a large town (cargo test --release --test api -- --ignored --nocapture)\n'
printf 'all steps passed in %d s\n' "$((SECONDS - began))"

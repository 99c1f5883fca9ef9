#!/usr/bin/env bash
# What is generated and committed: `tests/generated.sh update` renews it, `tests/generated.sh check` fails when it is stale.
#
#   .sqlx/                          the queries as the database understands them; builds need no database
#   openapi/openapi.json            the contract, from the code
#   frontend/src/api/schema.d.ts    its types for the pages
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. deploy/process.sh
. tests/build.sh
mode=${1:?update or check}
scratch=$PWD/.data/generated
cluster=.data/test
database=generated
stale=()

# The queries depend on these files alone.
sources() {
  find src migrations .sqlx Cargo.lock -type f | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum | cut -d' ' -f1
}

# By psql and not by the binary, which cannot be built before its queries are known.
migrate() {
  local file
  deploy/cluster.sh start "$cluster" --test
  deploy/cluster.sh drop "$cluster" "$database"
  deploy/cluster.sh database "$cluster" "$database"
  for file in migrations/*.sql; do
    PGOPTIONS='-c role=kitaplatz_owner' "$(deploy/cluster.sh bin "$cluster")/psql" -X -q -v ON_ERROR_STOP=1 --single-transaction \
      "$(deploy/cluster.sh url "$cluster" migrate "$database")" -f "$file"
  done
}

# Compiling against a live database writes one file per query; what it writes must be what is committed.
queries() {
  if [ "$mode" = check ] && [ "$(cat "$scratch/queries.stamp" 2>/dev/null)" = "$(sources)" ]; then
    echo "queries: unchanged since the last check"
    return
  fi
  migrate
  rm -rf "$scratch/sqlx"
  mkdir -p "$scratch/sqlx"
  touch src/lib.rs
  SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$scratch/sqlx DATABASE_URL=$(deploy/cluster.sh url "$cluster" superuser "$database") \
    cargo build --locked
  compare "$scratch/sqlx" .sqlx
  if [ "$mode" = update ] || diff -rq "$scratch/sqlx" .sqlx >/dev/null; then sources >"$scratch/queries.stamp"; fi
}

contract() {
  "$binary" openapi >"$scratch/openapi.json"
  compare "$scratch/openapi.json" openapi/openapi.json
}

types() {
  make -s frontend/node_modules/.package-lock.json
  (cd frontend && node_modules/.bin/openapi-typescript "$scratch/openapi.json" -o "$scratch/schema.d.ts" >/dev/null)
  compare "$scratch/schema.d.ts" frontend/src/api/schema.d.ts
}

# compare NEW COMMITTED: takes over what is new, or notes that it differs.
compare() {
  if [ "$mode" = update ]; then
    mkdir -p "$(dirname "$2")"
    rm -rf "$2"
    cp -r "$1" "$2"
    echo "renewed: $2"
  elif diff -r "$2" "$1" >"$scratch/diff.txt" 2>&1; then
    echo "up to date: $2"
  else
    head -n 40 "$scratch/diff.txt"
    stale+=("$2")
  fi
}

mkdir -p "$scratch"
queries
cargo build --locked
contract
types
if [ ${#stale[@]} -gt 0 ]; then
  echo "stale: ${stale[*]} – run \"make update\" and commit what it changes." >&2
  exit 1
fi

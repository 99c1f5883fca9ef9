#!/usr/bin/env bash
# The demo: `deploy/demo.sh start` and `deploy/demo.sh stop`. All of its data stand in .data/demo.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. deploy/process.sh
folder=$PWD/.data/demo
began=$(date +%s.%N)

fail() {
  printf 'demo: %s\n' "$*" >&2
  exit 1
}

seconds() {
  awk -v from="$began" -v to="$(date +%s.%N)" 'BEGIN { printf "%.1f", to - from }'
}

# One line per part, so that a long wait explains itself.
part() {
  printf 'demo: [%5ss] %s\n' "$(seconds)" "$*"
}

# An own cluster, unless the environment names a database; then all its roles must be named.
database() {
  if [ -z "${DATABASE_URL:-}" ]; then
    deploy/cluster.sh start "$folder"
    eval "$(deploy/cluster.sh env "$folder")"
    return
  fi
  local name
  for name in KITAPLATZ_MIGRATE_DATABASE_URL KITAPLATZ_WORKER_DATABASE_URL KITAPLATZ_OPS_DATABASE_URL; do
    [ -n "${!name:-}" ] || fail "DATABASE_URL is set, so the database it names is used; then $name is needed as well (deploy/roles.sql makes the roles)."
  done
  part "using the database of DATABASE_URL"
}

settings() {
  export KITAPLATZ_LISTEN=${KITAPLATZ_LISTEN:-127.0.0.1:8080}
  export KITAPLATZ_ADMIN_LISTEN=${KITAPLATZ_ADMIN_LISTEN:-127.0.0.1:9090}
  export KITAPLATZ_PUBLIC_URL=${KITAPLATZ_PUBLIC_URL:-http://localhost:${KITAPLATZ_LISTEN##*:}}
  export KITAPLATZ_SMTP_URL=${KITAPLATZ_SMTP_URL:-smtp://127.0.0.1:2525?tls=none}
  export KITAPLATZ_MAIL_FROM=${KITAPLATZ_MAIL_FROM:-kitaplatz@demo.example}
  export KITAPLATZ_LOG_TEXT=true
  if [ -z "${KITAPLATZ_SECRET_KEY:-}" ]; then
    KITAPLATZ_SECRET_KEY=$(secret_key "$folder/secret.key")
    export KITAPLATZ_SECRET_KEY
  fi
}

# A port that somebody else holds would make the start fail with less to go on.
refuse_taken() {
  if ! alive "$folder/$1.pid" && listens "$2"; then
    fail "port $2 is taken by another program; end it, or choose another one: $3"
  fi
}

# Restarts what runs an older build; leaves alone what is up to date.
run() {
  local name=$1 port=$2 path=$3
  shift 3
  if alive "$folder/$name.pid" && [ "$folder/$name.pid" -nt "$binary" ] && [ "$(cat "$folder/$name.env" 2>/dev/null)" = "$(fingerprint)" ]; then return; fi
  stop_process "$folder" "$name"
  fingerprint >"$folder/$name.env"
  start_process "$folder" "$name" "$@"
  wait_ready "$folder" "$name" "$port" "$path" || exit 1
}

# Changes when a setting does; a digest, because the settings hold secrets.
fingerprint() {
  env | grep -E '^(DATABASE_URL|KITAPLATZ_)' | sort | sha256sum
}

start() {
  mkdir -p "$folder"
  deploy/prepare.sh demo
  database
  settings
  refuse_taken serve "${KITAPLATZ_LISTEN##*:}" "make demo KITAPLATZ_LISTEN=127.0.0.1:8081"
  refuse_taken serve "${KITAPLATZ_ADMIN_LISTEN##*:}" "make demo KITAPLATZ_ADMIN_LISTEN=127.0.0.1:9091"
  refuse_taken mail-catcher 8025 "the inbox page needs this one"
  part "building the pages"
  make -s frontend/dist/index.html
  part "building the program (the first time takes minutes)"
  SQLX_OFFLINE=true cargo build --locked ${CARGO_QUIET:---quiet}
  part "bringing the database up to date"
  "$binary" migrate
  if [ "$KITAPLATZ_SMTP_URL" = "smtp://127.0.0.1:2525?tls=none" ]; then
    run mail-catcher 8025 / "$binary" mail-catcher --listen 127.0.0.1:2525 --inbox 127.0.0.1:8025 --folder "$folder/mails"
  fi
  part "making the example towns"
  "$binary" demo >"$folder/logins.txt"
  if [ -n "${FACILITIES:-}" ]; then
    part "importing $FACILITIES into ${TENANT:=flensburg}"
    "$binary" import facilities --tenant "$TENANT" "$FACILITIES"
  fi
  run serve "${KITAPLATZ_LISTEN##*:}" /health/ready "$binary" serve
  part "ready"
  cat "$folder/logins.txt"
}

stop() {
  stop_process "$folder" serve
  stop_process "$folder" mail-catcher
  if [ -f "$folder/cluster" ]; then deploy/cluster.sh stop "$folder"; fi
}

case ${1:-} in
  start) start ;;
  stop) stop ;;
  *) fail "say start or stop." ;;
esac

#!/usr/bin/env bash
# Kills the server with all of its jobs (kill -9) and PostgreSQL at moments of chance, while people register. Afterwards every registration
# that was acknowledged must have its mail, a second delivery must carry the same Message-ID, and there are no more of those than kills.
#
#   CRASHES   how often (default 20; every fifth one is PostgreSQL's)
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/stand.sh
crashes=${CRASHES:-20}
stand_up crash
node tests/crash.mjs register "$base" "$stand/acknowledged.txt" &
people=$!
for ((i = 1; i <= crashes; i++)); do
  sleep "0.$((RANDOM % 9))"
  if ((i % 5 == 0)); then
    pid=$(deploy/cluster.sh psql .data/test -Atc "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
    # One process of PostgreSQL dies; the others follow, and it recovers from its log.
    kill -9 "$pid"
  else
    kill -9 "$(cat "$stand/serve.pid")"
    wait_gone "$stand/serve.pid"
    start_process "$stand" serve "$binary" serve
  fi
  wait_ready "$stand" serve "${KITAPLATZ_LISTEN##*:}" /health/ready
done
kill -TERM "$people"
wait "$people" || true
node tests/crash.mjs check "$inbox" "$stand/acknowledged.txt" "$crashes"

#!/usr/bin/env bash
# Kills the server with all of its jobs (kill -9) and PostgreSQL at moments of chance, while people register. Afterwards every registration
# that was acknowledged must have its mail, a second delivery must carry the same Message-ID, and there are no more of those than kills.
#
#   CRASHES   how often (default 20; every fifth one is PostgreSQL's)
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/stand.sh
crashes=${CRASHES:-20}
# What was acknowledged must be on disk, so this cluster writes as a real one does.
stand_cluster=.data/crash
stand_durability=''
stand_fill() {
  "$binary" tenant create --slug flensburg --name Flensburg --ags 01001000 --ars 010010000000 --federal-state SH --language de
}
stand_up crash
node tests/crash.mjs register "$base" "$stand/acknowledged.txt" &
people=$!
trap 'kill "$people" 2>/dev/null; stand_down' EXIT
for ((i = 1; i <= crashes; i++)); do
  sleep "0.$((RANDOM % 9))"
  if ((i % 5 == 0)); then
    pid=$(deploy/cluster.sh psql "$stand_cluster" -Atc "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
    # One process of PostgreSQL dies; the others follow, and it recovers from its log.
    kill -9 "$pid"
  else
    kill -9 "$(cat "$stand/serve.pid")"
    wait_gone "$stand/serve.pid"
    # Its threads may hold the port a moment longer.
    while listens "${KITAPLATZ_LISTEN##*:}"; do sleep 0.05; done
    start_process "$stand" serve "$binary" serve
  fi
  wait_ready "$stand" serve "${KITAPLATZ_LISTEN##*:}" /health/ready
done
kill -TERM "$people"
wait "$people" || true
node tests/crash.mjs check "$inbox" "$stand/acknowledged.txt" "$crashes"
stand_down
deploy/cluster.sh stop "$stand_cluster"

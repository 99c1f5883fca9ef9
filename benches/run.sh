#!/usr/bin/env bash
# Measures the release binary with a Frankfurt-sized tenant and fifty small ones, beside pgbench and a bare handler with the same
# statements in the same run. Prints a report and keeps it in .data/bench/report.md. Settings: SECONDS_EACH (10), RATE (200), MIX_SECONDS (30).
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. deploy/process.sh
dir=$PWD/.data/bench
target=${CARGO_TARGET_DIR:-target}
export SQLX_OFFLINE=true
mkdir -p "$dir"

echo "bench: building the release binary and the harness"
cargo build --release --locked --quiet
cargo build --profile bench --bench http --locked --quiet --message-format=json | sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' >"$dir/harness"
harness=$(grep '/http-' "$dir/harness" | tail -n 1)

deploy/cluster.sh start "$dir"
eval "$(deploy/cluster.sh env "$dir")"
superuser=$(deploy/cluster.sh url "$dir" superuser)
psql=$(deploy/cluster.sh bin "$dir")/psql
export KITAPLATZ_SECRET_KEY=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= KITAPLATZ_LOG=warn KITAPLATZ_LIMIT_FACTOR=1000000
port=$(free_port)
# Mails leave over SMTP, to a catcher on the same two cores.
smtp=$(free_port)
export KITAPLATZ_SMTP_URL="smtp://127.0.0.1:$smtp?tls=none" KITAPLATZ_MAIL_FROM=kitaplatz@bench.example
export KITAPLATZ_LISTEN=127.0.0.1:$port KITAPLATZ_PUBLIC_URL=http://localhost:$port KITAPLATZ_ADMIN_LISTEN=127.0.0.1:$(free_port)
"$target/release/kitaplatz" migrate
trap 'stop_process "$dir" mail-catcher' EXIT
inbox=$(free_port)
start_process "$dir" mail-catcher "$target/release/kitaplatz" mail-catcher --listen "127.0.0.1:$smtp" --inbox "127.0.0.1:$inbox" --folder "$dir/mails"
wait_ready "$dir" mail-catcher "$inbox" /

seed() {
  "$target/release/kitaplatz" tenant list | grep "^$1 " >/dev/null ||
    "$target/release/kitaplatz" tenant create --slug "$1" --name "$1" --ags 06412000 --ars 064120000000 --federal-state HE >/dev/null
  "$psql" -X -q "$superuser" -v slug="$1" -v facilities="$2" -v families="$3" -v drafts="$4" -f benches/seed.sql
}
echo "bench: seeding one large and fifty small tenants"
seed frankfurt 800 35000 6000
for n in $(seq -w 50); do seed "klein$n" 10 100 0; done
"$psql" -X -q "$superuser" -c 'VACUUM ANALYZE'

BENCH_SERVER=$target/release/kitaplatz BENCH_SUPERUSER_URL=$superuser BENCH_LOG=$(deploy/cluster.sh log "$dir") \
  BENCH_PGBENCH=$(deploy/cluster.sh bin "$dir")/pgbench BENCH_DIR=$dir "$harness" | tee "$dir/report.md"
deploy/cluster.sh stop "$dir"

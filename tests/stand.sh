# A stand for tests from outside: a fresh database on the test cluster, a server and a mail catcher on free ports; to be sourced.

. deploy/process.sh
# The cluster to stand on; the test cluster writes without fsync, because its data may be lost.
stand_cluster=.data/test
stand_durability=--test

# Afterwards the environment leads to a new database NAME, filled or a copy of FROM, and $stand (a folder for logs) is set.
stand_database() {
  local name=$1 from=${2:-}
  stand=$PWD/.data/stand-$name
  mkdir -p "$stand"
  rm -f "$stand"/*.log
  deploy/cluster.sh drop "$stand_cluster" "$name"
  deploy/cluster.sh database "$stand_cluster" "$name" $from
  eval "$(deploy/cluster.sh env "$stand_cluster" "$name")"
  # One key for all stands, or a copy could not open what its model has sealed.
  KITAPLATZ_SECRET_KEY=$(secret_key .data/stand.key)
  export KITAPLATZ_SECRET_KEY
  if [ -n "$from" ]; then return; fi
  "$binary" migrate
  stand_fill >"$stand/logins.txt"
}

# stand_up NAME [SETTING=VALUE…]: afterwards $base (pages and API), $inbox (mails as JSON below /mails.json) and $stand are set.
# With $stand_from, the database is a copy of that one.
stand_up() {
  local name=$1 port smtp mails setting
  shift
  port=$(free_port) smtp=$(free_port) mails=$(free_port)
  export KITAPLATZ_LISTEN=127.0.0.1:$port KITAPLATZ_PUBLIC_URL=http://localhost:$port
  export KITAPLATZ_ADMIN_LISTEN=127.0.0.1:$(free_port)
  export KITAPLATZ_SMTP_URL="smtp://127.0.0.1:$smtp?tls=none" KITAPLATZ_MAIL_FROM=kitaplatz@test.example
  export KITAPLATZ_LOG_TEXT=true KITAPLATZ_LIMIT_FACTOR=1000
  for setting in "$@"; do export "${setting?}"; done
  base=http://localhost:$port
  inbox=http://127.0.0.1:$mails
  deploy/cluster.sh start "$stand_cluster" $stand_durability
  stand_database "$name" "${stand_from:-}"
  trap stand_down EXIT
  start_process "$stand" mail-catcher "$binary" mail-catcher --listen "127.0.0.1:$smtp" --inbox "127.0.0.1:$mails"
  wait_ready "$stand" mail-catcher "$mails" /
  start_process "$stand" serve "$binary" serve
  wait_ready "$stand" serve "$port" /health/ready
}

# The database `model` that stands are copied from: filled once for each program, day and cluster.
stand_model() {
  local mark=$stand_cluster/model wanted
  deploy/cluster.sh start "$stand_cluster" $stand_durability
  # A cluster that was made anew has none, whatever the mark beside it says.
  wanted="$(sha256sum <"$binary") $(date +%F) $(stat -c %Y "$stand_cluster/initdb.log")"
  if [ "$(cat "$mark" 2>/dev/null)" = "$wanted" ]; then return; fi
  rm -f "$mark"
  stand_database model
  printf '%s' "$wanted" >"$mark"
}

# What stands in the database before the server starts; a script may define its own.
stand_fill() {
  "$binary" demo
}

stand_down() {
  stop_process "$stand" serve
  stop_process "$stand" mail-catcher
}

#!/usr/bin/env bash
# A private PostgreSQL cluster below a folder, reached only through a Unix socket. `deploy/cluster.sh help` lists the commands.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Written into every path of a socket by PostgreSQL itself; no TCP port is opened.
port=5432
newest=18
oldest=15

usage() {
  cat <<'TEXT'
deploy/cluster.sh COMMAND DIR …     a private PostgreSQL cluster below DIR

  start DIR [--test]      create it when missing, start it, make the database "kitaplatz" with its roles
                          (--test: no fsync; for data that may be lost)
  stop DIR                stop it
  status DIR              say whether it runs (exit 0: yes, 3: no)
  url DIR ROLE [NAME]     connection string of ROLE: app, migrate, worker, ops, backup or superuser (database NAME, else "kitaplatz")
  env DIR [NAME]          lines to `eval`: the connection strings of all roles
  psql DIR [ARGUMENT…]    psql as superuser
  database DIR NAME [FROM]  make one more database with the same roles and extensions, when it is missing (as a copy of FROM)
  drop DIR NAME           drop a database made that way
  log DIR                 where the server's log is
  bin DIR                 the folder of the PostgreSQL programs in use
  remove DIR              stop it and delete its data

Programs are taken from $KITAPLATZ_PGBIN, else /usr/lib/postgresql/{18..15}/bin, else `pg_config --bindir`.
TEXT
}

fail() {
  printf 'cluster: %s\n' "$*" >&2
  exit 1
}

say() {
  printf 'cluster: %s\n' "$*" >&2
}

# ---- where things are -------------------------------------------------------------------------------------------------

# DIR/cluster remembers the two folders, because they need not be below DIR (see choose_data and choose_socket).
remembered() {
  [ -f "$dir/cluster" ] && sed -n "s/^$1=//p" "$dir/cluster" || true
}

remember() {
  printf 'data=%s\nsocket=%s\n' "$data" "$socket" >"$dir/cluster"
}

# A short name for DIR that two checkouts on one machine do not share.
fingerprint() {
  printf '%s' "$dir" | sha256sum | cut -c1-12
}

major_of() {
  "$1/postgres" --version 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p'
}

usable() {
  [ -x "$1/postgres" ] && [ -x "$1/initdb" ] && [ -x "$1/pg_ctl" ] && [ -x "$1/psql" ]
}

# Finds the programs; those of the version that made the data come first, because no other version can read them.
find_bin() {
  local made='' candidate major
  local -a candidates=()
  if [ -n "$data" ] && as_server test -f "$data/PG_VERSION"; then made=$(as_server cat "$data/PG_VERSION"); fi
  if [ -n "${KITAPLATZ_PGBIN:-}" ]; then
    usable "$KITAPLATZ_PGBIN" || fail "KITAPLATZ_PGBIN=$KITAPLATZ_PGBIN holds no postgres, initdb, pg_ctl and psql."
    candidates=("$KITAPLATZ_PGBIN")
  else
    [ -z "$made" ] || candidates+=("/usr/lib/postgresql/$made/bin")
    for major in $(seq "$newest" -1 "$oldest"); do candidates+=("/usr/lib/postgresql/$major/bin"); done
    if command -v pg_config >/dev/null; then candidates+=("$(pg_config --bindir)"); fi
  fi
  for candidate in "${candidates[@]}"; do
    usable "$candidate" || continue
    major=$(major_of "$candidate")
    [ -n "$major" ] && [ "$major" -ge "$oldest" ] || continue
    if [ -n "$made" ] && [ "$made" != "$major" ]; then
      fail "the data in $data were made by PostgreSQL $made, but only PostgreSQL $major was found. Install postgresql-$made, or name its programs in KITAPLATZ_PGBIN, or move the folder away and start afresh (docs/operating.md, \"PostgreSQL upgrades\")."
    fi
    bin=$candidate
    return
  done
  fail "no PostgreSQL $oldest or newer was found. Run deploy/prepare.sh, or install the package \"postgresql\", or name the programs in KITAPLATZ_PGBIN."
}

# ---- who runs it ------------------------------------------------------------------------------------------------------

# PostgreSQL refuses to run as root; then it runs as "postgres" (made by the package) or a user of its own.
choose_user() {
  server=$(id -un)
  [ "$(id -u)" -eq 0 ] || return 0
  if [ -n "$data" ] && [ -d "$data" ] && [ "$(stat -c %u "$data")" -ne 0 ]; then
    server=$(stat -c %U "$data")
  elif id -u postgres >/dev/null 2>&1; then
    server=postgres
  else
    id -u kitaplatz >/dev/null 2>&1 || useradd --system --user-group --no-create-home --shell /usr/sbin/nologin kitaplatz
    server=kitaplatz
  fi
}

# Runs a command as the user of the server. The lock (descriptor 9) must not live on in the server's processes.
as_server() {
  if [ "$(id -un)" = "$server" ]; then
    (cd / && exec "$@") 9>&-
  else
    (cd / && exec setpriv --reuid="$server" --regid="$(id -g "$server")" --init-groups -- env HOME=/ "$@") 9>&-
  fi
}

# Makes a folder that only the server's user may enter; says no when somebody else already owns it.
own_folder() {
  mkdir -p "$1" 2>/dev/null || return 1
  if [ "$(id -u)" -eq 0 ] && [ "$(stat -c %u "$1")" -eq 0 ]; then chown "$server:" "$1"; fi
  [ "$(stat -c %U "$1")" = "$server" ] && [ ! -L "$1" ] || return 1
  chmod 700 "$1"
  as_server test -w "$1"
}

# Below DIR when the server's user can get there; a checkout below /root or another closed folder needs a place outside.
choose_data() {
  [ -z "$data" ] || return 0
  local base candidate
  for base in "$dir" "/var/lib/kitaplatz/$(fingerprint)" "/tmp/kitaplatz-$(fingerprint)"; do
    candidate=$base/postgres
    if { [ "$base" = "$dir" ] || own_folder "$base"; } && own_folder "$candidate" 2>/dev/null; then
      data=$candidate
      [ "$base" = "$dir" ] || say "user \"$server\" cannot enter $dir, so the data stand in $data (noted in $dir/cluster)."
      return
    fi
    rmdir "$candidate" 2>/dev/null || true
  done
  fail "found no folder for the data that user \"$server\" may write."
}

# The kernel allows 107 bytes for the path of a socket.
choose_socket() {
  local candidate
  if [ -n "$socket" ] && own_folder "$socket"; then return; fi
  for candidate in "$(dirname "$data")/run" "${XDG_RUNTIME_DIR:-/tmp}/kitaplatz-$(fingerprint)" "/tmp/kitaplatz-$(fingerprint)"; do
    [ "$(printf '%s/.s.PGSQL.%s' "$candidate" "$port" | wc -c)" -le 107 ] || continue
    if own_folder "$candidate" 2>/dev/null; then
      socket=$candidate
      return
    fi
  done
  fail "found no folder for the socket that user \"$server\" may write."
}

locate() {
  case $1 in
    /*) dir=$1 ;;
    *) dir=$PWD/$1 ;;
  esac
  if [ -d "$dir" ]; then dir=$(cd "$dir" && pwd); fi
  data=$(remembered data)
  socket=$(remembered socket)
  # A checkout that was moved or copied takes its data along.
  if [ -n "$data" ] && [ ! -d "$data" ] && [ -d "$dir/postgres" ]; then
    data=$dir/postgres
    socket=''
  elif [ ! -d "$data" ]; then
    data=''
    socket=''
  fi
  choose_user
}

# ---- commands ---------------------------------------------------------------------------------------------------------

running() {
  [ -n "$data" ] && as_server test -f "$data/PG_VERSION" && as_server "$bin/pg_ctl" status -D "$data" >/dev/null 2>&1
}

configure() {
  local durable=''
  if [ "$1" = test ]; then durable=$'fsync = off\nsynchronous_commit = off\nfull_page_writes = off'; fi
  as_server sh -c 'cat >"$1"' sh "$data/kitaplatz.conf" <<CONF
# Written at every start by deploy/cluster.sh; put your own settings into postgresql.auto.conf (ALTER SYSTEM).
listen_addresses = ''
port = $port
unix_socket_directories = '${socket//\'/\'\'}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
max_locks_per_transaction = 128
# Queries here are short; compiling them costs more than it saves.
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_lock_waits = on
$durable
CONF
}

create() {
  say "creating a PostgreSQL $(major_of "$bin") cluster in $data"
  local -a sums=(--data-checksums)
  [ "$1" != test ] || sums=(--no-sync)
  as_server "$bin/initdb" -D "$data" -U postgres --encoding=UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=reject "${sums[@]}" \
    >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; fail "initdb failed."; }
  as_server sh -c 'printf "\ninclude_if_exists = '\''kitaplatz.conf'\''\n" >>"$1"' sh "$data/postgresql.conf"
}

client() {
  PGHOST=$socket PGPORT=$port PGUSER=postgres PGOPTIONS='-c client_min_messages=warning' "$bin/psql" -X -q -v ON_ERROR_STOP=1 "$@"
}

# Makes database NAME when it is missing (empty, or a copy of FROM, which nobody may be using), and brings its roles up to date when
# roles.sql has changed.
ensure_database() {
  local name=$1 from=${2:-template0} wanted found
  [[ $name =~ ^[a-z_][a-z0-9_]{0,62}$ ]] || fail "\"$name\" is no name for a database (a-z, 0-9, _)."
  if [ "$(client -d postgres -Atc "SELECT count(*) FROM pg_database WHERE datname = '$name'")" = 0 ]; then
    client -d postgres -c "CREATE DATABASE $name TEMPLATE $from STRATEGY file_copy ENCODING 'UTF8' LOCALE 'C.UTF-8'"
  fi
  wanted="roles $(sha256sum "$here/roles.sql" | cut -c1-16)"
  found=$(client -d postgres -Atc "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$name'")
  [ "$found" = "$wanted" ] && return
  client -d "$name" -f "$here/roles.sql"
  client -d postgres -c "COMMENT ON DATABASE $name IS '$wanted'"
}

start() {
  local kind=durable
  [ "${1:-}" != --test ] || kind=test
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  exec 9>"$dir/cluster.lock"
  flock -w 120 9 || fail "another start of $dir has not finished within two minutes."
  choose_data
  find_bin
  as_server test -f "$data/PG_VERSION" || create "$kind"
  if ! running; then
    choose_socket
    remember
    configure "$kind"
    # pg_ctl leaves a stale postmaster.pid to the server, which alone can tell whether another one is alive.
    as_server "$bin/pg_ctl" start -D "$data" -w -t 60 -l "$data/server.log" >/dev/null 2>&1 ||
      { as_server tail -n 20 "$data/server.log" >&2 || true; fail "PostgreSQL did not start."; }
    say "PostgreSQL $(major_of "$bin") runs on socket $socket"
  fi
  ensure_database kitaplatz
}

stop() {
  [ -n "$data" ] && [ -d "$data" ] || return 0
  find_bin
  running || return 0
  as_server "$bin/pg_ctl" stop -D "$data" -m fast -w -t 60 >/dev/null || fail "PostgreSQL did not stop."
  say "stopped"
}

status() {
  if [ -n "$data" ] && [ -d "$data" ]; then
    find_bin
    if running; then
      echo "running (PostgreSQL $(major_of "$bin"), data $data, socket $socket)"
      return 0
    fi
  fi
  echo "stopped"
  return 3
}

# Everything but letters, digits and a few signs is written as %XX, as both libpq and the application read it.
encode() {
  local LC_ALL=C text=$1 out='' i c
  for ((i = 0; i < ${#text}; i++)); do
    c=${text:i:1}
    case $c in
      [a-zA-Z0-9/._~-]) out+=$c ;;
      *) out+=$(printf '%%%02X' "'$c") ;;
    esac
  done
  printf '%s' "$out"
}

url() {
  local role name=${2:-kitaplatz}
  case $1 in
    superuser) role=postgres ;;
    app | migrate | worker | ops | backup) role=kitaplatz_$1 ;;
    *) fail "no role \"$1\": app, migrate, worker, ops, backup or superuser." ;;
  esac
  [ -n "$socket" ] || fail "there is no cluster in $dir yet: deploy/cluster.sh start $dir"
  printf 'postgres://%s@localhost:%s/%s?host=%s\n' "$role" "$port" "$name" "$(encode "$socket")"
}

print_env() {
  printf "export DATABASE_URL='%s'\n" "$(url app "$@")"
  local role
  for role in migrate worker ops backup; do
    printf "export KITAPLATZ_%s_DATABASE_URL='%s'\n" "${role^^}" "$(url "$role" "$@")"
  done
}

# Needs a cluster that runs.
with_client() {
  [ -n "$data" ] && [ -d "$data" ] || fail "there is no cluster in $dir yet: deploy/cluster.sh start $dir"
  find_bin
}

remove() {
  stop
  local folder
  for folder in "$data" "$socket"; do
    [ -n "$folder" ] && [ -d "$folder" ] || continue
    # Only what this script made: below DIR, or a folder that carries DIR's own fingerprint.
    case $folder in
      "$dir"/* | */kitaplatz/"$(fingerprint)"/* | */kitaplatz-"$(fingerprint)" | */kitaplatz-"$(fingerprint)"/*) rm -rf -- "$folder" ;;
      *) fail "$folder was not made for $dir; delete it yourself if you are sure." ;;
    esac
  done
  rmdir "/var/lib/kitaplatz/$(fingerprint)" "/tmp/kitaplatz-$(fingerprint)" 2>/dev/null || true
  rm -f -- "$dir/cluster" "$dir/cluster.lock" "$dir/initdb.log"
}

command=${1:-help}
if [ "$command" = help ] || [ "$command" = --help ]; then
  usage
  exit 0
fi
[ $# -ge 2 ] || { usage >&2; exit 2; }
locate "$2"
shift 2
case $command in
  start) start "$@" ;;
  stop) stop ;;
  status) status ;;
  url) url "${1:-app}" "${2:-kitaplatz}" ;;
  env) print_env "$@" ;;
  psql) with_client && client -d kitaplatz "$@" ;;
  database)
    with_client
    # Roles belong to the whole cluster: two scripts that grant at the same moment would fail on each other.
    exec 9>"$dir/cluster.lock"
    flock -w 120 9 || fail "another script has held $dir for two minutes."
    ensure_database "${1:?a name}" "${2:-}"
    ;;
  drop) with_client && [ "${1:?a name}" != kitaplatz ] && client -d postgres -c "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)" ;;
  log) echo "$data/server.log" ;;
  bin) data=${data:-} && find_bin && echo "$bin" ;;
  remove) remove ;;
  *) usage >&2; exit 2 ;;
esac

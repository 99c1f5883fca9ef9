#!/usr/bin/env bash
# Restores a backup into an empty database and proves that nothing is missing: deploy/restore.sh FILE.dump
#
#   RESTORE_DATABASE_URL   the empty database, as a superuser; required. Never the one in use: rename databases afterwards.
#   KITAPLATZ_PGBIN        folder of pg_restore and psql, when they are not in the PATH
#
# An encrypted backup is decrypted first: gpg --decrypt FILE.dump.gpg >FILE.dump
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -z "${KITAPLATZ_PGBIN:-}" ] || PATH=$KITAPLATZ_PGBIN:$PATH
file=${1:?a backup file}
database=${RESTORE_DATABASE_URL:?names an empty database as a superuser}
counts=${file%.dump}.counts

fail() {
  echo "restore: $*" >&2
  exit 1
}

ask() {
  psql "$database" -X -q -At -v ON_ERROR_STOP=1 "$@"
}

[ -f "$file" ] || fail "$file is missing."
[ -f "$counts" ] || fail "$counts is missing; without it nobody can tell whether the restore is complete."
tables=$(ask -c "SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = 'app' AND c.relkind IN ('r', 'p')")
[ "$tables" = 0 ] || fail "the database already holds $tables tables; restore into an empty one."

ask -f "$here/roles.sql"
# The schema exists by now, empty; --clean makes room for the one of the backup, with its owner and rights.
pg_restore --dbname="$database" --clean --if-exists --exit-on-error --single-transaction "$file"
ask -c 'ANALYZE'

restored=$(mktemp)
trap 'rm -f -- "$restored"' EXIT
ask -f "$here/counts.sql" >"$restored"
diff "$counts" "$restored" || fail "rows differ from the backup (left: backup, right: restored)."
awk -F'|' '{ rows += $3; tables[$1] = 1; if ($2 != "") tenants[$2] = 1 }
  END { printf "restore: %d rows in %d tables of %d tenants, the same as in the backup\n", rows, length(tables), length(tenants) }' "$restored"

#!/usr/bin/env bash
# Backs a filled database up and restores it into another cluster: every table of every tenant must be the same, and isolation must hold there.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/stand.sh
source=$stand_cluster
scratch=.data/restore
backups=$PWD/.data/backups

fail() {
  echo "restore test: $*" >&2
  exit 1
}

fresh_scratch() {
  [ ! -f "$scratch/cluster" ] || deploy/cluster.sh remove "$scratch"
  deploy/cluster.sh start "$scratch" --test
}

rm -rf "$backups"
mkdir -p "$backups"
stand_model
stand_database backup_source model
KITAPLATZ_PGBIN=$(deploy/cluster.sh bin "$source")
export KITAPLATZ_PGBIN
file=$(BACKUP_DIR=$backups deploy/backup.sh)
rows=$(awk -F'|' '{ rows += $3 } END { print rows }' "${file%.dump}.counts")
[ "$rows" -gt 1000 ] || fail "the backup holds only $rows rows; that proves nothing."

fresh_scratch
trap 'deploy/cluster.sh remove "$scratch"' EXIT
RESTORE_DATABASE_URL=$(deploy/cluster.sh url "$scratch" superuser)
export RESTORE_DATABASE_URL
deploy/restore.sh "$file"

# The restored database must be one that the program agrees to serve.
eval "$(deploy/cluster.sh env "$scratch")"
"$binary" doctor
"$binary" audit verify

# The comparison must be able to fail: one changed cell in the restored copy has to show.
deploy/cluster.sh psql "$scratch" -c "UPDATE app.tenant SET name = name || '!' WHERE id = (SELECT min(id) FROM app.tenant)"
if diff -q "${file%.dump}.counts" <(deploy/cluster.sh psql "$scratch" -At -f deploy/counts.sql) >/dev/null; then
  fail "a changed row was not noticed."
fi
# And a second restore over living data has to be refused.
if deploy/restore.sh "$file" 2>/dev/null; then fail "it restored over a filled database."; fi
echo "restore test: passed"

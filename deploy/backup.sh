#!/usr/bin/env bash
# Writes a backup of the whole database: BACKUP_DIR/kitaplatz-<time>.dump, and beside it .counts with rows per table and tenant.
#
#   KITAPLATZ_BACKUP_DATABASE_URL   the reading role (deploy/roles.sql); required
#   BACKUP_DIR                      where to (default /var/backups/kitaplatz)
#   BACKUP_KEEP_DAYS                older ones are deleted after a good backup (default 30)
#   BACKUP_GPG_RECIPIENT            encrypts with that key; its secret half must not be on this machine
#   KITAPLATZ_PGBIN                 folder of pg_dump and psql, when they are not in the PATH
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -z "${KITAPLATZ_PGBIN:-}" ] || PATH=$KITAPLATZ_PGBIN:$PATH
database=${KITAPLATZ_BACKUP_DATABASE_URL:?names the database as the role kitaplatz_backup}
folder=${BACKUP_DIR:-/var/backups/kitaplatz}
keep=${BACKUP_KEEP_DAYS:-30}
umask 077
mkdir -p "$folder"
name=$folder/kitaplatz-$(date -u +%Y%m%dT%H%M%SZ)
trap 'rm -f -- "$name".part "$name".counts.part "$name".status' EXIT

# Counting and dumping see one snapshot, so that the two fit while people go on working.
export database name
psql "$database" -X -q -At -v ON_ERROR_STOP=1 <<SQL
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv SNAPSHOT :snapshot
\o '$name.counts.part'
\i '$here/counts.sql'
\o
\! pg_dump "\$database" --format=custom --schema=app --snapshot="\$SNAPSHOT" --file="\$name.part" && touch "\$name.status"
COMMIT;
SQL
[ -e "$name.status" ] || { echo "backup: pg_dump failed" >&2; exit 1; }

if [ -n "${BACKUP_GPG_RECIPIENT:-}" ]; then
  gpg --batch --yes --trust-model always --recipient "$BACKUP_GPG_RECIPIENT" --output "$name.dump.gpg" --encrypt "$name.part"
  rm -f -- "$name.part"
  file=$name.dump.gpg
else
  mv -- "$name.part" "$name.dump"
  file=$name.dump
fi
mv -- "$name.counts.part" "$name.counts"
find "$folder" -maxdepth 1 -name 'kitaplatz-*' -type f -mtime "+$keep" -delete
echo "$file"

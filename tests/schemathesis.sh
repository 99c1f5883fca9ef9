#!/usr/bin/env bash
# Generated requests against a served stand: no answer 5xx, none that the contract does not describe. Ends with the number of requests.
#
#   SCHEMATHESIS_EXAMPLES   test cases per operation, kind of data and visitor (default 8, which makes more than 10,000 requests)
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/stand.sh
examples=${SCHEMATHESIS_EXAMPLES:-8}
tools=$PWD/.data/schemathesis
wanted=$(cat tests/schemathesis/requirements.txt)

if [ "$(cat "$tools/installed" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check -r tests/schemathesis/requirements.txt
  printf '%s' "$wanted" >"$tools/installed"
fi

stand_up schemathesis
reports=$stand/reports
rm -rf "$reports"
mkdir -p "$reports"
# Writes one settings file per visitor: cookie, ids that exist, and what the visitor must not do to himself (sign out, close the account).
node tests/schemathesis/visitors.mjs "$base" "$reports"

failed=0
for settings in "$reports"/*.toml; do
  visitor=$(basename "$settings" .toml)
  printf '── as %s\n' "$visitor"
  "$tools/bin/st" --config-file "$settings" run "$base/api/openapi.json" \
    --max-examples "$examples" --seed 20261124 --workers 2 --phases examples,coverage,fuzzing \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
    --suppress-health-check all --continue-on-failure --warnings off --request-timeout 20 \
    --report json --report-json-path "$reports/$visitor.json" >"$reports/$visitor.txt" 2>&1 || failed=1
  tail -n "$([ "$failed" = 0 ] && echo 25 || echo 200)" "$reports/$visitor.txt"
done
alive "$stand/serve.pid" || { echo "the server ended under the requests; see $stand/serve.log" >&2; exit 1; }
node tests/schemathesis/sum.mjs "$reports"
exit "$failed"

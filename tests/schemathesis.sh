#!/usr/bin/env bash
# Generated requests against a served stand: no answer 5xx, none that the contract does not describe. Ends with the number of requests.
#
#   SCHEMATHESIS_EXAMPLES   test cases per operation, kind of data and visitor (default 2, which makes more than 10,000 requests)
#   SCHEMATHESIS_PHASES     for all visitors and operations alike; without it, every limit of every field is tried by the administrator, and
#                           by a family and a leader where only they may do something (visitors.mjs)
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/stand.sh
. tests/build.sh
cargo build --locked
examples=${SCHEMATHESIS_EXAMPLES:-2}
tools=$PWD/.data/schemathesis
wanted=$(cat tests/schemathesis/requirements.txt)

if [ "$(cat "$tools/installed" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check -r tests/schemathesis/requirements.txt
  printf '%s' "$wanted" >"$tools/installed"
fi

stand_model
stand_from=model
stand_up schemathesis
reports=$stand/reports
rm -rf "$reports"
mkdir -p "$reports"
# Writes one settings file per visitor: cookie, ids that exist, and what the visitor must not do to himself (sign out, close the account).
node tests/schemathesis/visitors.mjs "$base" "$reports"

phases_of() {
  case $(basename "$1" .toml) in
    # Whoever is signed out is refused before a body is read, and a clerk may nothing that an administrator may not.
    signed-out | clerk) echo examples,fuzzing ;;
    *) echo examples,coverage,fuzzing ;;
  esac
}

# Whoever is mostly refused comes with fewer.
examples_of() {
  case $(basename "$1" .toml) in
    signed-out | clerk) echo $(((examples + 1) / 2)) ;;
    *) echo "$examples" ;;
  esac
}

# In one thread, because Python's parser of its own sources is not safe in several; so several visitors come at a time.
visit() {
  "$tools/bin/st" --config-file "$1" run "$base/api/openapi.json" \
    --max-examples "$(examples_of "$1")" --seed 20261124 --workers 1 --phases "${SCHEMATHESIS_PHASES:-$(phases_of "$1")}" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
    --suppress-health-check all --continue-on-failure --warnings off --request-timeout 20 \
    --report json --report-json-path "${1%.toml}.json" >"${1%.toml}.txt" 2>&1
}

under_way() {
  local pid count=0
  for pid in "$@"; do if kill -0 "$pid" 2>/dev/null; then count=$((count + 1)); fi; done
  echo "$count"
}

failed=0
visits=()
for settings in "$reports"/*.toml; do
  visit "$settings" &
  visits+=($!)
  while [ "$(under_way "${visits[@]}")" -ge "$(nproc)" ]; do sleep 0.5; done
done
for pid in "${visits[@]}"; do wait "$pid" || failed=1; done
for settings in "$reports"/*.toml; do
  printf '── as %s\n' "$(basename "$settings" .toml)"
  tail -n "$([ "$failed" = 0 ] && echo 25 || echo 200)" "${settings%.toml}.txt"
done
alive "$stand/serve.pid" || { echo "the server ended under the requests; see $stand/serve.log" >&2; exit 1; }
node tests/schemathesis/sum.mjs "$reports"
exit "$failed"

#!/usr/bin/env bash
# The longer proofs, for the night: Rust tests that are marked `ignored` for their length, ten times the generated requests, crashes.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/build.sh
deploy/prepare.sh test
deploy/cluster.sh start .data/test --test
make -s frontend/dist/index.html
cargo build --locked
cargo test --locked -- --ignored
tests/crash.sh
SCHEMATHESIS_PHASES=examples,coverage,fuzzing SCHEMATHESIS_EXAMPLES=250 SCHEMATHESIS_REQUESTS=100000 tests/schemathesis.sh

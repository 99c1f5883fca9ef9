#!/usr/bin/env bash
# Installs what is missing on Debian 12+ or Ubuntu 24.04+: `deploy/prepare.sh demo` or `deploy/prepare.sh test`. Quick when nothing is.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
purpose=${1:-demo}
rust_wanted=1.95
node_wanted=20
packages=()
reasons=()

fail() {
  printf 'prepare: %s\n' "$*" >&2
  exit 1
}

need() {
  packages+=("$1")
  reasons+=("$1: $2")
}

# True when version $1 is at least $2.
at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

check_rust() {
  # rustup's own folder is often missing in the PATH of a fresh shell.
  command -v cargo >/dev/null || PATH=$PATH:$HOME/.cargo/bin
  command -v cargo >/dev/null || fail "Rust $rust_wanted or newer is needed, with cargo in the PATH: see https://rustup.rs"
  local found
  found=$(rustc --version 2>/dev/null | cut -d' ' -f2) ||
    fail "the compiler named in rust-toolchain.toml is not installed: rustup toolchain install $(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)"
  at_least "$found" "$rust_wanted" || fail "Rust $found is too old; $rust_wanted or newer is needed (rustup update)."
}

check_node() {
  command -v node >/dev/null && command -v npm >/dev/null ||
    fail "Node.js $node_wanted or newer with npm is needed: apt-get install nodejs npm (Debian 13), or https://nodejs.org"
  local found
  found=$(node --version)
  at_least "${found#v}" "$node_wanted" || fail "Node.js ${found#v} is too old; $node_wanted or newer is needed."
}

# PostgreSQL 15 or newer, in any of the places where cluster.sh looks.
has_postgres() {
  local folder
  for folder in ${KITAPLATZ_PGBIN:+"$KITAPLATZ_PGBIN"} /usr/lib/postgresql/{18,17,16,15}/bin "$(pg_config --bindir 2>/dev/null || true)"; do
    if [ -n "$folder" ] && [ -x "$folder/postgres" ] && [ -x "$folder/initdb" ]; then return 0; fi
  done
  return 1
}

has_chromium() {
  local name
  [ -z "${CHROME_PATH:-}" ] || [ ! -x "$CHROME_PATH" ] || return 0
  for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then return 0; fi
  done
  return 1
}

# Debian has one without windows, which does the same for half the work; Ubuntu calls the other one chromium-browser.
browser_package() {
  local name
  for name in chromium-headless-shell chromium; do
    if apt-cache show "$name" >/dev/null 2>&1; then
      echo "$name"
      return
    fi
  done
  echo chromium-browser
}

# `python3 -m venv` exists without ensurepip on Debian, and then fails half-way.
has_venv() {
  python3 -c 'import venv, ensurepip' 2>/dev/null
}

collect() {
  command -v cc >/dev/null || need build-essential "C compiler and linker for the Rust build"
  command -v setpriv >/dev/null && command -v flock >/dev/null || need util-linux "runs PostgreSQL as an unprivileged user"
  [ -n "${DATABASE_URL:-}" ] && [ "$purpose" = demo ] || has_postgres || need postgresql "the database; it runs as a private cluster, no service is started"
  if [ "$purpose" = test ]; then
    has_chromium || need "$(browser_package)" "browser tests"
    command -v pdftotext >/dev/null || need poppler-utils "reads what stands in letters and notices"
    has_venv || need python3-venv "API tests by schemathesis, in an environment of their own"
  fi
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "not root and no sudo. Ask an administrator for: apt-get install --no-install-recommends ${packages[*]}"
  fi
}

install() {
  command -v apt-get >/dev/null || fail "this is neither Debian nor Ubuntu; please install: $(printf '%s; ' "${reasons[@]}")"
  printf 'prepare: installing with apt\n' >&2
  printf 'prepare:   %s\n' "${reasons[@]}" >&2
  if printf '%s\n' "${packages[@]}" | grep -qx postgresql && ! grep -qsE '^\s*create_main_cluster\s*=\s*false' /etc/postgresql-common/createcluster.conf; then
    # Else the package starts a cluster of its own on port 5432.
    as_root sh -c 'mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" >>/etc/postgresql-common/createcluster.conf'
  fi
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

case $purpose in
  demo | test) ;;
  *) fail "say demo or test." ;;
esac
check_rust
check_node
collect
[ ${#packages[@]} -eq 0 ] || install

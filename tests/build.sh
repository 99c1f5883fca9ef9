# How the tests compile; to be sourced. One set of artefacts serves build, lints and tests, so that nothing is compiled twice:
# clippy runs as the compiler of our own package (as `cargo clippy` does it, but with code generation), and dependencies are built once.

export SQLX_OFFLINE=true
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}
RUSTC_WORKSPACE_WRAPPER=$(rustup which clippy-driver 2>/dev/null || command -v clippy-driver)
export RUSTC_WORKSPACE_WRAPPER
# The separator is clippy's own.
export CLIPPY_ARGS='-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__'

//! Tells cargo what the compiled program depends on besides its sources.

fn main() {
    // A new migration changes no source file, but is compiled in.
    println!("cargo:rerun-if-changed=migrations");
}

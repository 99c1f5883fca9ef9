//! `kitaplatz allocation …` as a script sees it: files, standard input and output, and exit codes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use kitaplatz::allocation::{Run, solve};

use crate::generator::{Features, Random, small};

/// A folder that is gone after the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("kitaplatz-allocation-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> String {
        std::fs::write(self.0.join(name), bytes).unwrap();
        self.path(name)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(Path::new(&self.0));
    }
}

/// A reader that stops early, as `head` does.
#[test]
fn a_closed_standard_output_is_no_panic() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kitaplatz"))
        .arg("openapi")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The document is longer than a pipe holds, so the program meets the closed end while it writes.
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success(), "{}", output.status);
}

fn kitaplatz(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kitaplatz"));
    command
        .arg("allocation")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that does not read its input closes it, which is no fault.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn example() -> (Vec<u8>, Run) {
    let instance = small(
        &mut Random::new(7),
        12,
        4,
        Features {
            nodes: true,
            reserves: true,
            stays: true,
            siblings: true,
        },
    );
    let result = solve(&instance).file();
    let mut text = Vec::new();
    instance.write_canonical(&mut text).unwrap();
    (text, Run { instance, result })
}

#[test]
fn a_solved_file_is_verified() {
    let folder = Folder::new("solve");
    let instance = folder.file("instance.json", &example().0);
    let solved = kitaplatz(&["solve", &instance, "--out", &folder.path("result.json")], b"");
    assert_eq!(solved.status.code(), Some(0), "{solved:?}");
    let verified = kitaplatz(&["verify", &instance, &folder.path("result.json")], b"");
    assert_eq!(verified.status.code(), Some(0), "{verified:?}");
    assert_eq!(String::from_utf8(verified.stdout).unwrap().lines().count(), 1);
}

#[test]
fn a_dash_is_standard_input_and_output() {
    let folder = Folder::new("dash");
    let (text, _) = example();
    let solved = kitaplatz(&["solve", "-", "--out", "-"], &text);
    assert_eq!(solved.status.code(), Some(0));
    let result = folder.file("result.json", &solved.stdout);
    assert_eq!(kitaplatz(&["verify", "-", &result], &text).status.code(), Some(0));
}

#[test]
fn a_wrong_result_ends_with_1_and_each_violation() {
    let folder = Folder::new("wrong");
    let (text, mut run) = example();
    run.result.metrics.placed += 1;
    run.result.metrics.wish_sum += 1;
    let mut bytes = Vec::new();
    run.result.write(&mut bytes).unwrap();
    let (instance, result) = (folder.file("instance.json", &text), folder.file("result.json", &bytes));
    let verified = kitaplatz(&["verify", &instance, &result], b"");
    assert_eq!(verified.status.code(), Some(1));
    assert_eq!(String::from_utf8(verified.stdout).unwrap().lines().count(), 2);
}

#[test]
fn a_bad_file_ends_with_2_and_the_place() {
    let text = br#"{"format":"kitaplatz-allocation/1","pools":[{"id":"p","cap":-1}],"families":[]}"#;
    for arguments in [&["solve", "-"][..], &["verify", "-", "/dev/null"]] {
        let output = kitaplatz(arguments, text);
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains("line 1, column 62, at pools[0].cap"), "{error}");
    }
    assert_eq!(
        kitaplatz(&["solve", "/there/is/no/such/file"], b"").status.code(),
        Some(2)
    );
    assert_eq!(kitaplatz(&["verify", "-", "-"], b"").status.code(), Some(2));
}

#[test]
fn a_run_is_replayed() {
    let (_, mut run) = example();
    let mut bytes = Vec::new();
    run.write(&mut bytes).unwrap();
    assert_eq!(kitaplatz(&["replay", "-"], &bytes).status.code(), Some(0));
    run.result.assignments[0].wish = None;
    run.result.metrics.placed = 99;
    bytes.clear();
    run.write(&mut bytes).unwrap();
    assert_eq!(kitaplatz(&["replay", "-"], &bytes).status.code(), Some(1));
}

#[test]
fn the_schemas_are_printed() {
    for of in ["instance", "result"] {
        let output = kitaplatz(&["schema", of], b"");
        assert_eq!(output.status.code(), Some(0));
        let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(schema["type"], "object");
    }
}

//! What the program writes into its log meanwhile: of nobody a name, an address or a number.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use tracing_subscriber::EnvFilter;

use super::stage::FACTS;

static WRITTEN: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Sink;

impl Write for Sink {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        WRITTEN.lock().unwrap_or_else(PoisonError::into_inner).write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps from now on what the whole process logs, as it does in operation.
pub fn listen() {
    let log = tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::new("info"))
        .with_writer(|| Sink);
    // Another test listens already.
    let _ = log.try_init();
}

/// Nothing in the log tells of a person.
pub fn name_nobody() {
    let written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
    let log = String::from_utf8_lossy(&written);
    assert!(log.contains("\"status\":200"), "requests are logged: {log:.2000}");
    let of_people = FACTS.iter().filter(|(fact, _)| *fact != "kita" && *fact != "notice");
    for (fact, word) in of_people {
        let line = log.lines().find(|line| line.contains(word));
        assert!(line.is_none(), "{fact} stands in the log: {line:?}");
    }
}

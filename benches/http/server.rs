//! The release binary as a child process.

use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

pub struct Server {
    child: Child,
    pub base: String,
    pub ready_after: Duration,
}

impl Server {
    /// Serves and works, as in operation.
    pub async fn start() -> Self {
        Self::start_with(&["serve"]).await
    }

    /// Serves only, so that nothing but requests is in the database's log.
    pub async fn start_without_jobs() -> Self {
        Self::start_with(&["serve", "--no-worker"]).await
    }

    async fn start_with(arguments: &[&str]) -> Self {
        let listen = std::env::var("KITAPLATZ_LISTEN").unwrap();
        let base = format!("http://{listen}");
        let begun = Instant::now();
        let child = Command::new(std::env::var("BENCH_SERVER").unwrap())
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let http = reqwest::Client::new();
        while !http
            .get(format!("{base}/health/ready"))
            .send()
            .await
            .is_ok_and(|r| r.status().is_success())
        {
            assert!(begun.elapsed() < Duration::from_secs(20), "the server does not start");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Self {
            child,
            base,
            ready_after: begun.elapsed(),
        }
    }

    pub fn memory_mib(&self) -> f64 {
        self.status("VmRSS:")
    }

    pub fn peak_memory_mib(&self) -> f64 {
        self.status("VmHWM:")
    }

    fn status(&self, field: &str) -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id().unwrap())).unwrap();
        let kib = text
            .lines()
            .find_map(|l| l.strip_prefix(field))
            .and_then(|v| v.trim().split(' ').next()?.parse::<f64>().ok());
        kib.unwrap_or_default() / 1024.0
    }

    pub async fn stop(mut self) {
        let pid = self.child.id().unwrap().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status().await;
        let _ = self.child.wait().await;
    }
}

//! Load: as much as goes (closed loop), or a fixed rate whose times count from when a request was due (open loop).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::scenario::{Request, Scenario};
use crate::server::Server;

/// What was measured of one operation.
#[derive(Default)]
pub struct Figures {
    micros: Vec<u64>,
    errors: u64,
    first_error: Option<String>,
    seconds: f64,
}

impl Figures {
    pub fn per_second(&self) -> f64 {
        self.micros.len() as f64 / self.seconds.max(0.001)
    }

    fn percentile(&self, part: f64) -> f64 {
        let at = ((self.micros.len() as f64 * part).ceil() as usize).clamp(1, self.micros.len().max(1)) - 1;
        self.micros.get(at).copied().unwrap_or_default() as f64 / 1000.0
    }

    fn sorted(mut self) -> Self {
        self.micros.sort_unstable();
        if let Some(error) = &self.first_error {
            eprintln!("first error: {error}");
        }
        self
    }

    pub fn row(&self, name: &str) -> String {
        format!(
            "| {name} | {:.0} | {:.1} | {:.1} | {:.1} | {} |",
            self.per_second(),
            self.percentile(0.5),
            self.percentile(0.95),
            self.percentile(0.99),
            self.errors
        )
    }

    fn add(&mut self, begun: Instant, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => self.micros.push(begun.elapsed().as_micros() as u64),
            Err(error) => {
                self.errors += 1;
                self.first_error.get_or_insert(error);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.micros.extend(other.micros);
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
    }
}

/// Sends one request below the large tenant and reads the answer to its end.
pub async fn send(http: &reqwest::Client, base: &str, request: Request, n: u64) -> Result<(), String> {
    let mut built = http
        .request(
            request.method.clone(),
            format!("{base}/api/v1/frankfurt{}", request.path),
        )
        .header("sec-fetch-site", "same-origin");
    if let Some(cookie) = request.cookie {
        built = built.header("cookie", format!("__Host-kp-frankfurt={cookie}"));
    }
    if let Some(body) = request.body {
        built = built
            .header("idempotency-key", format!("bench-{n:010}-{}", std::process::id()))
            .json(&body);
    }
    let answer = built.send().await.map_err(|e| e.to_string())?;
    let status = answer.status();
    let body = answer.bytes().await.map_err(|e| e.to_string())?;
    if status.is_success() {
        Ok(())
    } else {
        Err(format!("{status} {}", String::from_utf8_lossy(&body)))
    }
}

/// `clients` of them, each sending its next request when the last was answered.
pub async fn closed(server: &Server, scenario: &Scenario, clients: usize, length: Duration) -> Figures {
    let begun = Instant::now();
    let (next, http) = (NUMBERS.counter(scenario.name), reqwest::Client::new());
    let runs = (0..clients).map(|_| {
        let (next, http) = (next.clone(), http.clone());
        async move {
            let mut figures = Figures::default();
            while begun.elapsed() < length {
                let n = next.fetch_add(1, Ordering::Relaxed);
                let Some(request) = (scenario.make)(n) else { break };
                let at = Instant::now();
                let outcome = send(&http, &server.base, request, n).await;
                figures.add(at, outcome);
            }
            figures
        }
    });
    let mut all = Figures::default();
    for one in futures_util::future::join_all(runs).await {
        all.merge(one);
    }
    all.seconds = begun.elapsed().as_secs_f64();
    all.sorted()
}

/// A request under way: when it was due, how long its answer took from then on, and what it was.
type Sent = tokio::task::JoinHandle<(Instant, Duration, Result<(), String>)>;

/// A mix at a fixed rate: a late answer does not hold the next request back.
pub async fn mix<'a>(
    server: &Server,
    scenarios: &'a [Scenario],
    rate: u64,
    length: Duration,
) -> Vec<(&'a str, u64, Figures)> {
    let http = reqwest::Client::new();
    let total = rate * length.as_secs();
    let begun = Instant::now();
    let mut pending: Vec<Vec<Sent>> = scenarios.iter().map(|_| Vec::new()).collect();
    for tick in 0..total {
        let due = begun + Duration::from_micros(tick * 1_000_000 / rate);
        tokio::time::sleep_until(due.into()).await;
        // Spread the shares evenly instead of in blocks: 37 has no factor in common with 100.
        let (mut point, mut chosen) = (tick * 37 % 100, 0);
        for (at, scenario) in scenarios.iter().enumerate() {
            chosen = at;
            if point < scenario.share {
                break;
            }
            point -= scenario.share;
        }
        let n = NUMBERS.counter(scenarios[chosen].name).fetch_add(1, Ordering::Relaxed);
        let Some(request) = (scenarios[chosen].make)(n) else {
            continue;
        };
        let (http, base) = (http.clone(), server.base.clone());
        pending[chosen].push(tokio::spawn(async move {
            let outcome = send(&http, &base, request, n).await;
            (due, due.elapsed(), outcome)
        }));
    }
    let mut results = Vec::new();
    for (scenario, tasks) in scenarios.iter().zip(pending) {
        let mut figures = Figures {
            seconds: length.as_secs_f64(),
            ..Figures::default()
        };
        for task in tasks {
            let (_, took, outcome) = task.await.unwrap();
            match outcome {
                Ok(()) => figures.micros.push(took.as_micros() as u64),
                Err(error) => {
                    figures.errors += 1;
                    figures.first_error.get_or_insert(error);
                }
            }
        }
        results.push((scenario.name, scenario.share, figures.sorted()));
    }
    results
}

/// Numbers go on over the phases, so that a write is never sent twice.
struct Numbers(std::sync::Mutex<Vec<(&'static str, Arc<AtomicU64>)>>);

static NUMBERS: Numbers = Numbers(std::sync::Mutex::new(Vec::new()));

impl Numbers {
    fn counter(&self, name: &'static str) -> Arc<AtomicU64> {
        let mut all = self.0.lock().unwrap();
        if let Some((_, counter)) = all.iter().find(|(n, _)| *n == name) {
            return counter.clone();
        }
        let counter = Arc::new(AtomicU64::new(0));
        all.push((name, counter.clone()));
        counter
    }
}

/// Closed-loop load on any address, for the references.
pub async fn closed_urls(urls: Vec<String>, clients: usize, length: Duration) -> Figures {
    let begun = Instant::now();
    let (urls, next, http) = (Arc::new(urls), Arc::new(AtomicU64::new(0)), reqwest::Client::new());
    let runs = (0..clients).map(|_| {
        let (urls, next, http) = (urls.clone(), next.clone(), http.clone());
        async move {
            let mut figures = Figures::default();
            while begun.elapsed() < length {
                let n = next.fetch_add(1, Ordering::Relaxed) as usize;
                let at = Instant::now();
                let outcome = async {
                    let answer = http
                        .get(&urls[n % urls.len()])
                        .send()
                        .await
                        .map_err(|e| e.to_string())?;
                    let status = answer.status();
                    answer.bytes().await.map_err(|e| e.to_string())?;
                    if status.is_success() {
                        Ok(())
                    } else {
                        Err(status.to_string())
                    }
                }
                .await;
                figures.add(at, outcome);
            }
            figures
        }
    });
    let mut all = Figures::default();
    for one in futures_util::future::join_all(runs).await {
        all.merge(one);
    }
    all.seconds = begun.elapsed().as_secs_f64();
    all.sorted()
}

//! Load on the release binary, beside a bare handler and pgbench with the same statements. Started by `benches/run.sh`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a measuring program"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "it reads its environment and the machine's clock"
)]

mod bare;
mod capture;
mod load;
mod scenario;
mod server;

use std::time::Duration;

use load::Figures;
use server::Server;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|v| v.parse().ok())
        .unwrap_or(otherwise)
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("--bare") {
        return bare::serve(&arguments.next().unwrap());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let each = Duration::from_secs(number("SECONDS_EACH", 10));
    let world = scenario::World::read().await;
    let scenarios = scenario::all(&world);

    // What the server asks the database for each read, as the database saw it.
    capture::log_statements(true).await;
    let server = Server::start_without_jobs().await;
    let mut captured = Vec::new();
    for scenario in scenarios.iter().filter(|s| s.reads) {
        captured.push(capture::of(&server, scenario).await);
    }
    server.stop().await;
    capture::log_statements(false).await;

    let server = Server::start().await;
    println!(
        "Start until ready: {:.0} ms. Memory after start: {:.0} MiB.\n",
        server.ready_after.as_secs_f64() * 1000.0,
        server.memory_mib()
    );

    println!("## As much as it takes, eight clients\n");
    println!("| operation | requests/s | p50 ms | p95 ms | p99 ms | errors |");
    println!("|---|---|---|---|---|---|");
    let mut ours = Vec::new();
    for scenario in &scenarios {
        let figures = load::closed(&server, scenario, 8, each).await;
        println!("{}", figures.row(scenario.name));
        ours.push((scenario, figures));
    }
    println!(
        "\nMemory after this: {:.0} MiB (highest {:.0} MiB).\n",
        server.memory_mib(),
        server.peak_memory_mib()
    );

    println!("## The same statements without our layers\n");
    println!("| operation | ours /s | bare handler /s | ratio | pgbench /s | statements |");
    println!("|---|---|---|---|---|---|");
    let bare = bare::Bare::start(&captured).await;
    for one in &captured {
        let reference: Figures = bare.measure(one, each).await;
        let pgbench = capture::pgbench(one, each);
        let own = ours
            .iter()
            .find(|(s, _)| s.name == one.name)
            .map(|(_, f)| f.per_second())
            .unwrap_or_default();
        println!(
            "| {} | {:.0} | {:.0} | {:.2} | {:.0} | {} |",
            one.name,
            own,
            reference.per_second(),
            own / reference.per_second(),
            pgbench,
            one.variants.first().map_or(0, Vec::len)
        );
    }
    bare.stop().await;

    let (rate, seconds) = (number("RATE", 200), number("MIX_SECONDS", 30));
    println!("\n## A mix at {rate} requests a second for {seconds} s, everything on these cores\n");
    println!("| operation | share | requests/s | p50 ms | p95 ms | p99 ms | errors |");
    println!("|---|---|---|---|---|---|---|");
    for (name, share, figures) in load::mix(&server, &scenarios, rate, Duration::from_secs(seconds)).await {
        println!("| {name} | {share} % {}", figures.row("").trim_start_matches("| "));
    }
    println!(
        "\nMemory after this: {:.0} MiB (highest {:.0} MiB).",
        server.memory_mib(),
        server.peak_memory_mib()
    );
    server.stop().await;
}

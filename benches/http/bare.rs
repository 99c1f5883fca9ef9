//! The reference: actix-web and sqlx with the captured statements and nothing else. No tenant, no session, no policy, no row-level
//! security, no shaping of the answer: rows go out as the database's own JSON.

use std::process::Stdio;
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, web};
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Executor, PgPool, Row};
use tokio::process::{Child, Command};

use crate::capture::Captured;
use crate::load::{Figures, closed_urls};

/// `EXECUTE` lines of every operation and variant.
type Plans = Vec<Vec<Vec<String>>>;

/// Serves the captured statements of a file; runs as a process of its own.
pub fn serve(file: &str) {
    let captured: Vec<Captured> = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let (prepare, plans) = plan(&captured);
    actix_web::rt::System::new().block_on(async move {
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .after_connect(move |conn, _| {
                let prepare = prepare.clone();
                Box::pin(async move {
                    conn.execute(AssertSqlSafe(prepare)).await?;
                    Ok(())
                })
            })
            .connect(&std::env::var("BENCH_SUPERUSER_URL").unwrap())
            .await
            .unwrap();
        let (pool, plans) = (web::Data::new(pool), web::Data::new(plans));
        HttpServer::new(move || {
            App::new()
                .app_data(pool.clone())
                .app_data(plans.clone())
                .route("/{operation}/{variant}", web::get().to(answer))
        })
        .bind(std::env::var("BENCH_BARE_LISTEN").unwrap())
        .unwrap()
        .run()
        .await
        .unwrap();
    });
}

/// Every different statement is prepared once a connection, wrapped so that it gives one JSON text.
fn plan(captured: &[Captured]) -> (String, Plans) {
    let mut known: Vec<String> = Vec::new();
    let mut prepare = String::from("SET search_path = app, public;");
    let plans = captured
        .iter()
        .map(|operation| {
            operation
                .variants
                .iter()
                .map(|statements| {
                    statements
                        .iter()
                        .map(|statement| {
                            let at = known.iter().position(|sql| *sql == statement.sql).unwrap_or_else(|| {
                                let n = known.len();
                                prepare.push_str(&format!(
                                    "PREPARE bare{n} AS SELECT COALESCE(json_agg(r), '[]')::text FROM ({}) r;",
                                    statement.sql.trim_end_matches(';')
                                ));
                                known.push(statement.sql.clone());
                                n
                            });
                            format!("EXECUTE bare{at}{}", statement.literals())
                        })
                        .collect()
                })
                .collect()
        })
        .collect();
    (prepare, plans)
}

async fn answer(path: web::Path<(usize, usize)>, pool: web::Data<PgPool>, plans: web::Data<Plans>) -> HttpResponse {
    let (operation, variant) = path.into_inner();
    let mut body = String::from("[");
    let mut conn = pool.acquire().await.unwrap();
    for statement in &plans[operation][variant] {
        match sqlx::raw_sql(AssertSqlSafe(statement.clone()))
            .fetch_one(&mut *conn)
            .await
        {
            Ok(row) => body.push_str(row.get::<&str, _>(0)),
            Err(error) => return HttpResponse::InternalServerError().body(error.to_string()),
        }
        body.push(',');
    }
    body.pop();
    body.push(']');
    HttpResponse::Ok().content_type("application/json").body(body)
}

/// The reference as a running process.
pub struct Bare {
    child: Child,
    base: String,
    names: Vec<String>,
}

impl Bare {
    pub async fn start(captured: &[Captured]) -> Self {
        let file = format!("{}/captured.json", std::env::var("BENCH_DIR").unwrap());
        std::fs::write(&file, serde_json::to_vec_pretty(captured).unwrap()).unwrap();
        let listen = {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            free.local_addr().unwrap().to_string()
        };
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--bare", &file])
            .env("BENCH_BARE_LISTEN", &listen)
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let base = format!("http://{listen}");
        let http = reqwest::Client::new();
        for _ in 0..1000 {
            match http.get(format!("{base}/0/0")).send().await {
                Ok(answer) if answer.status().is_success() => break,
                Ok(answer) => panic!("the bare handler fails: {}", answer.text().await.unwrap()),
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
        Self {
            child,
            base,
            names: captured.iter().map(|c| c.name.clone()).collect(),
        }
    }

    pub async fn measure(&self, captured: &Captured, length: Duration) -> Figures {
        let at = self.names.iter().position(|n| *n == captured.name).unwrap();
        let urls = (0..captured.variants.len())
            .map(|variant| format!("{}/{at}/{variant}", self.base))
            .collect();
        closed_urls(urls, 8, length).await
    }

    pub async fn stop(mut self) {
        let _ = self.child.kill().await;
    }
}

//! The statements behind a request, read from the database's own log, so that the references run exactly those.

use std::io::{Read, Seek, SeekFrom};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sqlx::{Connection, Executor, PgConnection};

use crate::load::send;
use crate::scenario::Scenario;
use crate::server::Server;

/// How many different requests of a kind are captured.
const VARIANTS: u64 = 20;

/// One statement with its values as text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Statement {
    pub sql: String,
    pub values: Vec<Option<String>>,
}

/// A read operation: for each of some different requests, its statements.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Captured {
    pub name: String,
    pub variants: Vec<Vec<Statement>>,
}

/// Makes the database write down every statement of the application's new connections, or stops that.
pub async fn log_statements(on: bool) {
    let mut conn = PgConnection::connect(&std::env::var("BENCH_SUPERUSER_URL").unwrap())
        .await
        .unwrap();
    let sql = if on {
        "ALTER ROLE kitaplatz_app SET log_statement = 'all'"
    } else {
        "ALTER ROLE kitaplatz_app RESET log_statement"
    };
    conn.execute(sql).await.unwrap();
}

/// The statements of some requests of a kind; what belongs to our layers (transaction, session, settings, audit) is left out.
pub async fn of(server: &Server, scenario: &Scenario) -> Captured {
    let path = std::env::var("BENCH_LOG").unwrap();
    let http = reqwest::Client::new();
    let mut variants = Vec::new();
    for n in 0..VARIANTS {
        let from = std::fs::metadata(&path).unwrap().len();
        send(&http, &server.base, (scenario.make)(n).unwrap(), n).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let mut file = std::fs::File::open(&path).unwrap();
        file.seek(SeekFrom::Start(from)).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        let statements: Vec<Statement> = parse(&text).into_iter().filter(is_the_query).collect();
        assert!(
            !statements.is_empty(),
            "no statement captured for {}: {text}",
            scenario.name
        );
        variants.push(statements);
    }
    Captured {
        name: scenario.name.into(),
        variants,
    }
}

fn is_the_query(statement: &Statement) -> bool {
    let layers = [
        "FROM session",
        "FROM membership",
        "tenant_settings",
        "audit_event",
        "UPDATE session",
        // By slug, and all of them, which the registry keeps.
        "FROM tenant WHERE",
        "AS \"active!\" FROM tenant",
        "job_claim",
        "INSERT INTO job",
    ];
    statement.sql.trim_start().to_uppercase().starts_with(['S', 'W'])
        && !layers.iter().any(|word| statement.sql.contains(word))
}

/// Entries of the log: `execute NAME: SQL`, then `DETAIL:  parameters: $1 = '…', …`.
fn parse(text: &str) -> Vec<Statement> {
    let mut entries: Vec<String> = Vec::new();
    for line in text.lines() {
        // Lines that go on begin with a tab; a new entry begins with the date.
        if line.starts_with(|c: char| c.is_ascii_digit()) {
            entries.push(line.to_owned());
        } else if let Some(last) = entries.last_mut() {
            last.push('\n');
            last.push_str(line.trim_start_matches('\t'));
        }
    }
    let mut statements: Vec<Statement> = Vec::new();
    for entry in entries {
        if let Some((_, rest)) = entry.split_once("LOG:  execute ") {
            if let Some((_, sql)) = rest.split_once(": ") {
                statements.push(Statement {
                    sql: sql.to_owned(),
                    values: Vec::new(),
                });
            }
        } else if let (Some((_, list)), Some(last)) = (entry.split_once("DETAIL:  parameters: "), statements.last_mut())
        {
            last.values = values(list);
        }
    }
    statements
}

/// `$1 = 'a''b', $2 = NULL` → the values.
fn values(list: &str) -> Vec<Option<String>> {
    let mut found = Vec::new();
    let mut rest = list;
    while let Some((_, after)) = rest.split_once(" = ") {
        if let Some(quoted) = after.strip_prefix('\'') {
            let mut value = String::new();
            let mut chars = quoted.char_indices().peekable();
            let mut end = quoted.len();
            while let Some((at, c)) = chars.next() {
                match (c, chars.peek()) {
                    ('\'', Some((_, '\''))) => {
                        value.push('\'');
                        chars.next();
                    }
                    ('\'', _) => {
                        end = at + 1;
                        break;
                    }
                    _ => value.push(c),
                }
            }
            found.push(Some(value));
            rest = &quoted[end..];
        } else {
            found.push(None);
            rest = after.strip_prefix("NULL").unwrap_or(after);
        }
    }
    found
}

impl Statement {
    /// The values as SQL literals in parentheses, for `EXECUTE`.
    pub fn literals(&self) -> String {
        if self.values.is_empty() {
            return String::new();
        }
        let list: Vec<String> = self
            .values
            .iter()
            .map(|v| {
                v.as_ref()
                    .map_or("NULL".into(), |v| format!("'{}'", v.replace('\'', "''")))
            })
            .collect();
        format!("({})", list.join(", "))
    }

    /// The statement with its values written in.
    fn inlined(&self) -> String {
        let mut sql = String::new();
        let mut rest = self.sql.as_str();
        while let Some(at) = rest.find('$') {
            let digits: String = rest[at + 1..].chars().take_while(char::is_ascii_digit).collect();
            sql.push_str(&rest[..at]);
            match digits.parse::<usize>().ok().and_then(|n| self.values.get(n - 1)) {
                Some(Some(value)) => sql.push_str(&format!("'{}'", value.replace('\'', "''"))),
                Some(None) => sql.push_str("NULL"),
                None => sql.push('$'),
            }
            rest = &rest[at + 1 + digits.len()..];
        }
        sql + rest
    }
}

/// pgbench with the same statements: each variant a script, statements prepared once a client.
pub fn pgbench(captured: &Captured, length: Duration) -> f64 {
    let dir = std::path::PathBuf::from(std::env::var("BENCH_DIR").unwrap()).join("pgbench");
    std::fs::create_dir_all(&dir).unwrap();
    let mut command = std::process::Command::new(std::env::var("BENCH_PGBENCH").unwrap());
    command.args([
        "-n",
        "-M",
        "prepared",
        "-c",
        "8",
        "-j",
        "1",
        "-T",
        &length.as_secs().to_string(),
    ]);
    for (n, variant) in captured.variants.iter().enumerate() {
        let file = dir.join(format!("{}-{n}.sql", captured.name.replace([' ', '\''], "-")));
        // pgbench reads a colon before a name as a variable; one line a statement, so comments go.
        let one_line = |sql: String| -> String {
            let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
            lines.collect::<Vec<_>>().join(" ").replace("::", " :: ") + ";\n"
        };
        let script: String = variant.iter().map(|s| one_line(s.inlined())).collect();
        std::fs::write(&file, script).unwrap();
        command.arg("-f").arg(file);
    }
    command.arg(std::env::var("BENCH_SUPERUSER_URL").unwrap());
    command.env("PGOPTIONS", "-c search_path=app,public");
    let out = command.output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout);
    let rate = text
        .lines()
        .find_map(|l| l.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    rate.unwrap_or_else(|| {
        eprintln!("pgbench: {text}{}", String::from_utf8_lossy(&out.stderr));
        f64::NAN
    })
}

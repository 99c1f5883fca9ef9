//! A round outlives its server: kill -9 at twenty moments between the freeze and the last mail, and nothing is lost or sent twice.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use chrono::{Days, Months, NaiveDate};
use kitaplatz::access::as_system;
use kitaplatz::facilities::{self, AgeBand, NewFigure};
use kitaplatz::platform::clock::{berlin_date, month_of};
use kitaplatz::platform::ids::FacilityId;
use kitaplatz::platform::mail::catcher::Catcher;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::criteria::{criterion, draft, flat, publish};
use crate::support::facilities::facility;
use crate::support::rounds::Round;
use crate::support::waiting::{Family, Waiting, waiting};
use crate::support::{Client, Database, TestApp};

const FAMILIES: usize = 36;
pub const PLACES: i32 = 10;
/// Kills at each step before the release, and while the offers go out.
const KILLS_A_STEP: usize = 2;
const KILLS_WHILE_SENDING: usize = 10;

/// The binary on a port that stays the same, so that people find it again.
pub struct Server<'a> {
    pub database: &'a Database,
    address: String,
    smtp: String,
    child: Option<Child>,
}

impl<'a> Server<'a> {
    /// On a free port, not started yet.
    pub fn new(database: &'a Database, smtp: String) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            database,
            address: free.local_addr().unwrap().to_string(),
            smtp,
            child: None,
        }
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Starts it if it does not run, and waits until it answers.
    pub async fn up(&mut self) {
        if self.child.is_none() {
            let mut command = self.database.binary(&["serve"]);
            let child = command
                .env("KITAPLATZ_LISTEN", &self.address)
                .env("KITAPLATZ_SMTP_URL", &self.smtp)
                .env("KITAPLATZ_LIMIT_FACTOR", "1000")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn();
            self.child = Some(child.unwrap());
        }
        let (begun, ready) = (Instant::now(), format!("{}/health/ready", self.base()));
        while !reqwest::get(&ready).await.is_ok_and(|r| r.status().is_success()) {
            assert!(begun.elapsed() < Duration::from_secs(30), "it does not get ready");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Whoever died holds its jobs for two minutes; here these are over.
    pub async fn let_jobs_go(&self) {
        self.database
            .as_owner("UPDATE job SET locked_until = now() - interval '1 second' WHERE state = 'running'")
            .await;
    }

    /// SIGKILL: no destructor runs, no transaction is ended.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Steps of a round, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Freeze,
    DryRun,
    Draw,
    FinalRun,
    Release,
    Sending,
}

pub const STEPS: [Step; 6] = [
    Step::Freeze,
    Step::DryRun,
    Step::Draw,
    Step::FinalRun,
    Step::Release,
    Step::Sending,
];

/// A tenant with families who wish, and a planned round.
pub struct Town {
    pub app: TestApp,
    pub kitas: Vec<FacilityId>,
    families: Vec<Waiting>,
    /// Their accounts, in the same order.
    pub parents: Vec<Client>,
    pub round: Round,
}

impl Town {
    pub async fn furnished(database: &Database, base: &str, mode: &str) -> Self {
        let app = TestApp::elsewhere(database.platform(), base).await;
        let today = berlin_date(app.platform.clock.now());
        let mut kitas = Vec::new();
        for name in ["Kita Sonne", "Kita Mond", "Kita Stern"] {
            let id = facility(&app, name).await;
            places(&app, id, month_of(today)).await;
            kitas.push(id);
        }
        let (mut families, mut parents) = (Vec::new(), Vec::new());
        for n in 0..FAMILIES {
            let (made, parent) = family(&app, n, today, &kitas).await;
            families.push(made);
            parents.push(parent);
        }
        rules(&app, today).await;
        let round = Round::of(&app, plan(today, mode)).await;
        let town = Self {
            app,
            kitas,
            families,
            parents,
            round,
        };
        town.counted().await;
        town
    }

    /// Waits until the server's worker has counted every wish by the criteria.
    async fn counted(&self) {
        let begun = Instant::now();
        while self
            .number("SELECT count(*) FROM care_demand WHERE tenant_id = $1 AND scored_on IS NULL")
            .await
            > 0
        {
            assert!(begun.elapsed() < Duration::from_secs(30), "the points are not counted");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn number(&self, sql: &'static str) -> i64 {
        as_system(&self.app.platform, &self.app.tenant, "test_count", async |tx| {
            let tenant = tx.tenant_id().0;
            sqlx::query_scalar(sql).bind(tenant).fetch_one(tx.conn()).await
        })
        .await
        .unwrap()
    }

    async fn seen(&self) -> reqwest::Result<Value> {
        let path = self.round.path("");
        Ok(self.round.clerk.attempt(Method::GET, &path, None, &[]).await?.json())
    }

    /// Whether a step has been done.
    pub async fn done(&self, step: Step) -> reqwest::Result<bool> {
        let round = self.seen().await?;
        Ok(match step {
            Step::Freeze => round["state"] != "planned",
            Step::DryRun => !round["run"].is_null(),
            Step::Draw => !round["seed"].is_null(),
            Step::FinalRun => round["run"]["kind"] == "final",
            Step::Release => round["state"] == "released",
            Step::Sending => round["outcomes"]["waiting"] == 0 && self.mails_left().await == 0,
        })
    }

    async fn mails_left(&self) -> i64 {
        self.number("SELECT count(*) FROM notification WHERE tenant_id = $1 AND state <> 'sent'")
            .await
    }

    async fn post(&self, who: &Client, below: &str, body: Value, extra: &[(&str, &str)]) -> reqwest::Result<()> {
        let body = ("application/json", body.to_string().into_bytes());
        let path = self.round.path(below);
        who.attempt(Method::POST, &path, Some(body), extra).await.map(|_| ())
    }

    /// What persons do for a step; whoever gets no answer looks again and goes on from there.
    async fn attempt(&self, step: Step) -> reqwest::Result<()> {
        let (clerk, admin) = (&self.round.clerk, &self.round.admin);
        let version = async || Ok::<_, reqwest::Error>(format!("\"{}\"", self.seen().await?["version"]));
        match step {
            Step::Freeze => {
                let version = version().await?;
                self.post(clerk, "/freeze", json!({}), &[("if-match", &version)]).await
            }
            Step::DryRun | Step::FinalRun => {
                let key = [(
                    "idempotency-key",
                    if step == Step::DryRun {
                        "the-dry-run"
                    } else {
                        "the-final-run"
                    },
                )];
                self.post(clerk, "/runs", json!({}), &key).await
            }
            Step::Draw => {
                self.round.draw_comes().await;
                for person in [clerk, admin] {
                    self.post(person, "/seed", json!({"seed": "3-14-15"}), &[]).await?;
                }
                Ok(())
            }
            Step::Release => {
                for person in [clerk, admin] {
                    self.post(person, "/conflicts", json!({}), &[]).await?;
                    let waiting = self.round.path("/cases?undecided=true&limit=200");
                    let waiting = person.attempt(Method::GET, &waiting, None, &[]).await?.json();
                    let ids: Vec<_> = waiting["items"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .map(|c| c["id"].clone())
                        .collect();
                    if !ids.is_empty() {
                        let body = json!({"case_ids": ids, "decided": true, "note": "Geprüft."});
                        self.post(person, "/case-decisions", body, &[]).await?;
                    }
                    let run = json!({"run_id": self.seen().await?["run"]["id"]});
                    let version = version().await?;
                    self.post(person, "/release", run, &[("if-match", &version)]).await?;
                }
                Ok(())
            }
            Step::Sending => {
                while !self.done(Step::Sending).await? {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Ok(())
            }
        }
    }

    /// Does a step to its end, and answers how long that took.
    pub async fn finish(&self, step: Step) -> Duration {
        let begun = Instant::now();
        while !self.done(step).await.unwrap() {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "{step:?} does not come to its end"
            );
            self.attempt(step).await.unwrap();
        }
        begun.elapsed()
    }

    /// What stands at the end, without ids and times: for each family its states and its offers.
    pub async fn ending(&self) -> Vec<String> {
        let rows = as_system(&self.app.platform, &self.app.tenant, "test_ending", async |tx| {
            let tenant = tx.tenant_id().0;
            let demands: Vec<uuid::Uuid> = self.families.iter().map(|f| f.demand.0).collect();
            let kitas: Vec<uuid::Uuid> = self.kitas.iter().map(|f| f.0).collect();
            sqlx::query_scalar::<_, String>(
                "SELECT concat_ws(' ', n::text, d.state,
                        (SELECT string_agg(p.state, ',' ORDER BY p.rank) FROM facility_preference p
                          WHERE p.tenant_id = $1 AND p.demand_id = d.id),
                        (SELECT string_agg(array_position($3, o.facility_id) || ':' || o.state || ':' || o.deadline_on, ','
                                           ORDER BY array_position($3, o.facility_id), o.state) FROM place_offer o
                          WHERE o.tenant_id = $1 AND o.demand_id = d.id),
                        (SELECT c.outcome FROM round_case c WHERE c.tenant_id = $1 AND c.demand_id = d.id),
                        (SELECT count(*)::text FROM decision_record r JOIN round_case c ON c.tenant_id = r.tenant_id AND c.id = r.case_id
                          WHERE r.tenant_id = $1 AND c.demand_id = d.id),
                        (SELECT string_agg(w.kind || ':' || w.state, ',' ORDER BY w.kind) FROM notification w
                          WHERE w.tenant_id = $1 AND w.demand_id = d.id))
                   FROM unnest($2::uuid[]) WITH ORDINALITY AS x (id, n)
                   JOIN care_demand d ON d.tenant_id = $1 AND d.id = x.id
                  ORDER BY n",
            )
            .bind(tenant)
            .bind(demands)
            .bind(kitas)
            .fetch_all(tx.conn())
            .await
        });
        rows.await.unwrap()
    }
}

async fn places(app: &TestApp, facility: FacilityId, from: NaiveDate) {
    for (seen, band) in (0..).zip([AgeBand::Under3, AgeBand::Over3]) {
        let figure = NewFigure::of(from, PLACES);
        as_system(&app.platform, &app.tenant, "test", async |tx| {
            facilities::put_figure(tx, facility, band, &figure, seen).await
        })
        .await
        .unwrap();
    }
}

/// A family that registered a minute after the one before it, and wishes two of the three.
async fn family(app: &TestApp, n: usize, today: NaiveDate, kitas: &[FacilityId]) -> (Waiting, Client) {
    let email = format!("familie-{n}@{}.example", app.tenant.slug);
    let parent = app.parent(&email).await;
    let received = format!("{}T08:{n:02}:00Z", today - Days::new(10));
    let family = Family {
        birth: today - Months::new(10),
        start: starts_on(today),
        received_at: &received,
        due: "2099-01-01",
        account: parent.account,
        ..Family::default()
    };
    let made = waiting(app, &family, &[kitas[n % 3], kitas[(n + 1 + n / 3 % 2) % 3]]).await;
    (made, parent)
}

fn starts_on(today: NaiveDate) -> NaiveDate {
    month_of(today + Months::new(4))
}

/// Nobody has points; who registered earlier goes first, so that no draw tells two towns apart.
async fn rules(app: &TestApp, today: NaiveDate) {
    let works = criterion(app, "both_work", "asked").await;
    let admin = app.admin().await;
    let set = draft(&admin, None, &[flat(&works, 4)]).await;
    publish(&admin, &set, &today.to_string()).await.ok();
}

fn plan(today: NaiveDate, mode: &str) -> Value {
    json!({"name": "Runde", "mode": mode, "key_date": today - Days::new(2), "start_on": starts_on(today),
           "config": {"age_bands": ["under3", "over3"], "offer_days": 10, "siblings": "preferred",
                      "draw_source": "Ziehung von morgen", "draw_on": today + Days::new(1)}})
}

/// Moments of chance, the same in every run of the test.
pub struct Moments(pub u64);

impl Moments {
    pub fn within(&mut self, longest: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let micros = u64::try_from(longest.as_micros()).unwrap().max(1);
        Duration::from_micros(self.0 % micros)
    }
}

/// Kills the server at a moment while persons and jobs are at a step; answers whether the step was still to be done.
async fn struck(server: &mut Server<'_>, town: &Town, step: Step, after: Duration) -> bool {
    server.up().await;
    let strike = async {
        tokio::time::sleep(after).await;
        server.kill();
    };
    let (answered, ()) = tokio::join!(town.attempt(step), strike);
    server.let_jobs_go().await;
    answered.is_err()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_round_goes_on_after_twenty_kills_as_if_there_had_been_none() {
    let database = Database::new("rounds_crash").await;
    let catcher = Catcher::start("127.0.0.1:0", None).await.unwrap();
    let mut server = Server::new(&database, catcher.smtp_url());
    server.up().await;
    let calm = Town::furnished(&database, &server.base(), "central").await;
    let town = Town::furnished(&database, &server.base(), "central").await;
    let mut lengths = Vec::new();
    for step in STEPS {
        lengths.push(calm.finish(step).await);
    }
    let (mut moments, mut kills, mut met) = (Moments(0x5eed), 0, [0, 0]);
    for (step, length) in STEPS.into_iter().zip(lengths) {
        let (times, longest) = match step {
            Step::Sending => (KILLS_WHILE_SENDING, length / 3),
            _ => (KILLS_A_STEP, length + Duration::from_millis(5)),
        };
        for _ in 0..times {
            let after = moments.within(longest);
            met[usize::from(step == Step::Sending)] += usize::from(struck(&mut server, &town, step, after).await);
            kills += 1;
        }
        server.up().await;
        town.finish(step).await;
    }
    assert_eq!(kills, 20);
    // A kill that meets nobody at work proves nothing. How many do depends on how busy the machine is.
    assert!(
        met[0] >= 3 && met[1] >= 3,
        "of {kills} kills {met:?} came before the release and while offers went out"
    );
    let ending = town.ending().await;
    assert_eq!(ending, calm.ending().await);
    assert_eq!(
        ending.iter().filter(|line| line.contains(":sent:")).count(),
        3 * PLACES as usize
    );
    for town in [&calm, &town] {
        assert_eq!(town.round.verify_all(&town.app).await, 2, "one dry run and one final");
        let held = town
            .number("SELECT count(DISTINCT offer_id) FROM occupancy WHERE tenant_id = $1")
            .await;
        assert_eq!(held, i64::from(3 * PLACES));
    }
    delivered(&catcher, &town, kills).await;
}

/// Every mail of the outbox arrived, once but for those that were on their way when the server died, and these recognisably so.
pub async fn delivered(catcher: &Catcher, town: &Town, kills: usize) {
    let mut twice = 0;
    for (n, line) in town.ending().await.iter().enumerate() {
        let mails = catcher.to(&format!("familie-{n}@{}.example", town.app.tenant.slug));
        let mut ids: Vec<String> = mails
            .iter()
            .map(|m| m.letter().header("Message-ID").unwrap().to_owned())
            .collect();
        ids.sort();
        let all = ids.len();
        ids.dedup();
        twice += all - ids.len();
        // Its mails stand at the end.
        let mails = line.rsplit(' ').next().unwrap_or_default();
        let sent = mails.split(',').filter(|mail| mail.ends_with(":sent")).count();
        assert_eq!(ids.len(), sent, "{line}");
    }
    assert!(twice <= kills, "{twice} mails came twice after {kills} kills");
}

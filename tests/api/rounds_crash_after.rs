//! After the release a place that comes back goes on, whenever the server dies: to one family, told once, and nobody's place is lost.

use std::time::{Duration, Instant};

use kitaplatz::platform::mail::catcher::Catcher;
use reqwest::Method;
use serde_json::{Value, json};

use crate::rounds_crash::{Moments, PLACES, STEPS, Server, Step, Town, delivered};
use crate::support::Database;

/// Families who decline, one after the other: where many wait for the place, and where who takes it leaves another one.
const DECLINE: [usize; 4] = [0, 7, 13, 20];
const KILLS_A_DECLINE: usize = 3;

/// The family's open offer; it had one, whatever became of it.
async fn offer(town: &Town, n: usize) -> reqwest::Result<Option<Value>> {
    let list = town.parents[n].attempt(Method::GET, "/offers", None, &[]).await?.json();
    let all = list["items"].as_array().unwrap_or_else(|| panic!("no list: {list}"));
    assert!(!all.is_empty(), "{n} has no offer");
    let open = |one: &&Value| one["state"] == "sent" || one["state"] == "viewed";
    Ok(all.iter().find(open).cloned())
}

/// Whether the family has declined, nobody looks for the next any more, and all have their mails.
async fn settled(town: &Town, n: usize) -> reqwest::Result<bool> {
    let jobs = "SELECT count(*) FROM job WHERE tenant_id = $1 AND kind = 'FollowUpRounds' AND dedup_key = 'rounds'
                   AND state IN ('waiting', 'running')";
    Ok(offer(town, n).await?.is_none() && town.number(jobs).await == 0 && town.done(Step::Sending).await?)
}

/// Declines, unless the family has, and waits until all that follows is done. Whoever gets no answer looks again.
async fn decline(town: &Town, n: usize) -> reqwest::Result<()> {
    if let Some(open) = offer(town, n).await? {
        let path = format!("/offers/{}/decline", open["id"].as_str().unwrap());
        let body = (
            "application/json",
            json!({"reason": "too_far"}).to_string().into_bytes(),
        );
        let version = format!("\"{}\"", open["version"]);
        let extra = [("if-match", version.as_str())];
        town.parents[n].attempt(Method::POST, &path, Some(body), &extra).await?;
    }
    let begun = Instant::now();
    while !settled(town, n).await? {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "the place of {n} does not go on"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_place_that_comes_back_goes_on_after_kills_as_if_there_had_been_none() {
    let database = Database::new("rounds_crash_after").await;
    let catcher = Catcher::start("127.0.0.1:0", None).await.unwrap();
    let mut server = Server::new(&database, catcher.smtp_url());
    server.up().await;
    let calm = Town::furnished(&database, &server.base(), "central").await;
    let town = Town::furnished(&database, &server.base(), "central").await;
    for step in STEPS {
        calm.finish(step).await;
        town.finish(step).await;
    }
    let (mut moments, mut kills, mut met) = (Moments(0xa7e5), 0, 0);
    for n in DECLINE {
        let begun = Instant::now();
        decline(&calm, n).await.unwrap();
        let longest = begun.elapsed();
        for _ in 0..KILLS_A_DECLINE {
            // Early: what is done cannot be killed any more.
            let after = moments.within(longest / 3);
            let strike = async {
                tokio::time::sleep(after).await;
                server.kill();
            };
            let (answered, ()) = tokio::join!(decline(&town, n), strike);
            met += usize::from(answered.is_err());
            kills += 1;
            server.let_jobs_go().await;
            server.up().await;
        }
        decline(&town, n).await.unwrap();
    }
    assert!(met >= 2, "{met} of {kills} kills met somebody at work");
    let ending = town.ending().await;
    assert_eq!(ending, calm.ending().await);
    let gone = ending.iter().filter(|line| line.contains(":declined:")).count();
    assert_eq!(gone, DECLINE.len());
    for town in [&calm, &town] {
        let held = "SELECT count(DISTINCT offer_id) FROM occupancy WHERE tenant_id = $1";
        assert_eq!(
            town.number(held).await,
            i64::from(3 * PLACES),
            "each place went to somebody"
        );
        town.round.verify_all(&town.app).await;
    }
    delivered(&catcher, &town, kills).await;
}

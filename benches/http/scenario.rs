//! What is asked of the server.

use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

/// Ids of the seeded tenant, in the order of their numbers.
pub struct World {
    facilities: Vec<String>,
    /// Demand and number of the parent.
    drafts: Vec<(String, i32)>,
    /// Preference and the number of its facility's manager.
    offerable: Vec<(String, usize)>,
    start: String,
    birth: String,
}

pub struct Request {
    pub method: reqwest::Method,
    pub path: String,
    pub cookie: Option<String>,
    pub body: Option<Value>,
}

pub struct Scenario {
    pub name: &'static str,
    /// Share of the mix in percent.
    pub share: u64,
    /// Reads can be repeated and have references; writes are done once each.
    pub reads: bool,
    pub make: Box<dyn Fn(u64) -> Option<Request> + Send + Sync>,
}

impl World {
    pub async fn read() -> Self {
        let mut conn = PgConnection::connect(&std::env::var("BENCH_SUPERUSER_URL").unwrap())
            .await
            .unwrap();
        let ids = async |conn: &mut PgConnection, sql: &'static str| -> Vec<String> {
            sqlx::query_scalar(sql).fetch_all(conn).await.unwrap()
        };
        let facilities = ids(
            &mut conn,
            "SELECT md5('bench:facility:' || n)::uuid::text FROM generate_series(1, 800) n ORDER BY n",
        )
        .await;
        // Those that no earlier run has sent.
        let drafts = sqlx::query_as::<_, (String, i32)>(
            "SELECT d.id::text, n FROM generate_series(1, 6000) n JOIN app.care_demand d ON d.id = md5('bench:demand:' || n)::uuid
              WHERE d.tenant_id = (SELECT id FROM app.tenant WHERE slug = 'frankfurt') AND d.state = 'draft' ORDER BY n",
        )
        .fetch_all(&mut conn)
        .await
        .unwrap();
        assert!(
            drafts.len() > 3000,
            "few drafts are left to send; remove .data/bench and begin anew"
        );
        let offerable = sqlx::query_as::<_, (String, i32)>(
            "SELECT DISTINCT ON (p.demand_id) p.id::text, n
               FROM generate_series(1, 800) n
               JOIN app.facility_preference p ON p.facility_id = md5('bench:facility:' || n)::uuid AND p.state = 'received'
              WHERE n % 3 <> 0 AND p.tenant_id = (SELECT id FROM app.tenant WHERE slug = 'frankfurt')
              ORDER BY p.demand_id, p.rank LIMIT 20000",
        )
        .fetch_all(&mut conn)
        .await
        .unwrap();
        let day = async |conn: &mut PgConnection, sql: &'static str| -> String {
            sqlx::query_scalar(sql).fetch_one(conn).await.unwrap()
        };
        Self {
            facilities,
            drafts,
            offerable: offerable.into_iter().map(|(id, n)| (id, n as usize)).collect(),
            start: day(
                &mut conn,
                "SELECT (date_trunc('month', now()) + interval '9 months')::date::text",
            )
            .await,
            birth: day(&mut conn, "SELECT (now()::date - 500)::text").await,
        }
    }
}

fn get(path: String, cookie: Option<String>) -> Option<Request> {
    Some(Request {
        method: reqwest::Method::GET,
        path,
        cookie,
        body: None,
    })
}

fn post(path: String, cookie: String, body: Value) -> Option<Request> {
    Some(Request {
        method: reqwest::Method::POST,
        path,
        cookie: Some(cookie),
        body: Some(body),
    })
}

/// All scenarios; each makes its n-th request, and none when what it needs is used up.
pub fn all(world: &World) -> Vec<Scenario> {
    let (start, birth) = (world.start.clone(), world.birth.clone());
    let search = move |n: u64| {
        let (code, km) = (60300 + n % 90, 2 + n % 4);
        let latitude = 50.06 + (n % 97) as f64 * 0.0014;
        let longitude = 8.55 + (n % 89) as f64 * 0.002;
        let place = if n.is_multiple_of(2) {
            format!("q={code}")
        } else {
            format!("latitude={latitude:.4}&longitude={longitude:.4}&radius_km={km}")
        };
        get(
            format!("/facilities?{place}&birth_date={birth}&start={start}&limit=20&sort=distance"),
            None,
        )
    };
    let facilities = world.facilities.clone();
    let facility = move |n: u64| get(format!("/facilities/{}", facilities[(n * 7 % 800) as usize]), None);
    let facilities = world.facilities.clone();
    let list = move |n: u64| {
        let at = (n * 11 % 800) as usize;
        get(
            format!(
                "/staff/preferences?facility_id={}&sort=priority&limit=50",
                facilities[at]
            ),
            Some(format!("manager-{}", at + 1)),
        )
    };
    let drafts = world.drafts.clone();
    let submit = move |n: u64| {
        let (id, parent) = drafts.get(n as usize)?;
        post(format!("/demands/{id}/submit"), format!("parent-{parent}"), json!({}))
    };
    let (offerable, care_from) = (world.offerable.clone(), world.start.clone());
    let offer = move |n: u64| {
        let (preference, manager) = offerable.get(n as usize)?;
        let body = json!({"preference_id": preference, "care_from": care_from, "care_until": null, "hours_per_week": 35,
                          "window_from": "08:00", "window_to": "15:00", "deadline_days": null});
        post("/staff/offers".into(), format!("manager-{manager}"), body)
    };
    vec![
        Scenario {
            name: "public search",
            share: 60,
            reads: true,
            make: Box::new(search),
        },
        Scenario {
            name: "facility page",
            share: 20,
            reads: true,
            make: Box::new(facility),
        },
        Scenario {
            name: "manager's list",
            share: 12,
            reads: true,
            make: Box::new(list),
        },
        Scenario {
            name: "submit demand",
            share: 6,
            reads: false,
            make: Box::new(submit),
        },
        Scenario {
            name: "send offer",
            share: 2,
            reads: false,
            make: Box::new(offer),
        },
    ]
}

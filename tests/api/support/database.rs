//! Where the test cluster is, and that it is migrated once.

use std::process::Command;

use tokio::sync::OnceCell;

/// Connection strings of the test cluster, one a role.
#[derive(Clone, Debug)]
pub struct Urls {
    pub app: String,
    pub worker: String,
    pub ops: String,
    pub migrate: String,
}

static READY: OnceCell<Urls> = OnceCell::const_new();

/// The connection strings, after the schema was brought up to date.
pub async fn ready() -> Urls {
    READY
        .get_or_init(async || {
            let urls = urls();
            kitaplatz::platform::db::migrate(&urls.migrate)
                .await
                .expect("migrations apply");
            urls
        })
        .await
        .clone()
}

/// The connection strings as `deploy/cluster.sh env .data/test` prints them.
pub fn urls() -> Urls {
    let root = env!("CARGO_MANIFEST_DIR");
    let out = Command::new(format!("{root}/deploy/cluster.sh"))
        .args(["env", ".data/test"])
        .current_dir(root)
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let get = |name: &str| {
        text.lines()
            .filter_map(|l| l.trim_start_matches("export ").split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.trim_matches(['\'', '"']).to_owned())
            .unwrap_or_else(|| panic!("{name} is missing; run deploy/cluster.sh start .data/test --test"))
    };
    Urls {
        app: get("DATABASE_URL"),
        worker: get("KITAPLATZ_WORKER_DATABASE_URL"),
        ops: get("KITAPLATZ_OPS_DATABASE_URL"),
        migrate: get("KITAPLATZ_MIGRATE_DATABASE_URL"),
    }
}

/// The superuser's connection string: for a look at all tenants at once, which no role of the product has.
pub fn superuser_url() -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    let out = Command::new(format!("{root}/deploy/cluster.sh"))
        .args(["url", ".data/test", "superuser"])
        .current_dir(root)
        .output()
        .unwrap();
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

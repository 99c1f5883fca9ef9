//! What costs most to make is made once and lent: a server with its connections, to one test at a time.
//!
//! A connection belongs to the runtime that opened it, so all tests run on one that ends with the process, and each server on a thread of its own.

use std::cell::Cell;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, mpsc};

use kitaplatz::platform::Platform;
use kitaplatz::platform::clock::Clock;
use kitaplatz::platform::jobs::Worker;
use tokio::runtime::Runtime;
use tokio::task::LocalSet;

use super::{config, database, start};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

thread_local! {
    static HERE: Cell<bool> = const { Cell::new(false) };
}

/// What a test runs in: `#[actix_web::rt::test(system = "crate::support::Shared")]`.
pub struct Shared;

impl Shared {
    #[allow(clippy::new_without_default, reason = "only the attribute of a test makes one")]
    pub fn new() -> Self {
        Self
    }

    pub fn block_on<F: Future>(&self, test: F) -> F::Output {
        HERE.set(true);
        // On the heap: some tests are too large for the stack of a thread, through which they would be handed from call to call.
        LocalSet::new().block_on(&RUNTIME, Box::pin(test))
    }
}

struct Stand {
    platform: Platform,
    base: String,
    worker: Arc<Worker>,
}

static FREE: Mutex<Vec<Stand>> = Mutex::new(Vec::new());

/// A server that no other test uses as long as this value lives; its clock stands at [`start`].
pub struct Lent(Option<Stand>);

impl Lent {
    pub async fn new() -> Self {
        assert!(HERE.get(), "a test with a server runs in `crate::support::Shared`");
        let free = FREE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let stand = match free {
            Some(stand) => stand,
            None => made().await,
        };
        Self(Some(stand))
    }

    fn stand(&self) -> &Stand {
        self.0.as_ref().unwrap()
    }

    pub fn platform(&self) -> Platform {
        self.stand().platform.clone()
    }

    pub fn base(&self) -> String {
        self.stand().base.clone()
    }

    pub fn worker(&self) -> Arc<Worker> {
        self.stand().worker.clone()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // What a failed test left behind is nobody else's.
        if let Some(stand) = self.0.take()
            && !std::thread::panicking()
        {
            stand.platform.clock.set(start());
            FREE.lock().unwrap_or_else(PoisonError::into_inner).push(stand);
        }
    }
}

async fn made() -> Stand {
    let urls = database::ready().await;
    let config = config(&urls, "smtp://127.0.0.1:9?tls=none");
    let platform = kitaplatz::app::platform_at(config, Clock::fixed(start())).unwrap();
    let (served, (address, listening)) = (platform.clone(), mpsc::channel());
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async {
            let (server, at) = kitaplatz::app::server(served, "127.0.0.1:0", 1).unwrap();
            address.send(at).unwrap();
            server.await
        })
    });
    let base = format!("http://{}", listening.recv().unwrap());
    let worker = Arc::new(Worker::new(platform.clone(), kitaplatz::app::jobs()).unwrap());
    Stand { platform, base, worker }
}

//! A real SMTP server on loopback that keeps what it is sent: the inbox of the demo, and the post office of the tests.

mod inbox;
mod letter;
mod smtp;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use inbox::serve as serve_inbox;
pub use letter::{Attachment, Letter};

/// How many mails are kept; the oldest go first.
const KEPT: usize = 5_000;

/// One mail as it came over the wire.
#[derive(Clone, Debug)]
pub struct Caught {
    /// Number in the order of arrival, from 1.
    pub id: u64,
    /// Sender of the envelope.
    pub from: String,
    /// Recipients of the envelope that were not refused.
    pub to: Vec<String>,
    /// The bytes after DATA, as sent.
    pub raw: Arc<[u8]>,
}

impl Caught {
    /// The mail as a reader sees it.
    pub fn letter(&self) -> Letter {
        Letter::parse(&self.raw)
    }
}

/// Handle on a running catcher; cheap to clone.
#[derive(Clone, Debug)]
pub struct Catcher {
    address: SocketAddr,
    mailbox: Arc<Mutex<MailBox>>,
}

#[derive(Debug, Default)]
struct MailBox {
    mails: VecDeque<Caught>,
    last_id: u64,
    folder: Option<PathBuf>,
}

impl Catcher {
    /// Listens for SMTP on an address like `127.0.0.1:2525` (port 0: any free one) until the process ends.
    ///
    /// With a folder each mail is also written there as an `.eml` file, and those found there are shown again.
    pub async fn start(listen: &str, folder: Option<PathBuf>) -> io::Result<Self> {
        Self::start_as(listen, folder, None).await
    }

    /// Listens as [`Catcher::start`] does, and takes mail only from senders that log in with this password.
    pub async fn start_with_login(listen: &str, password: &str) -> io::Result<Self> {
        Self::start_as(listen, None, Some(password.to_owned())).await
    }

    async fn start_as(listen: &str, folder: Option<PathBuf>, password: Option<String>) -> io::Result<Self> {
        let mut kept = MailBox {
            folder,
            ..MailBox::default()
        };
        kept.load()?;
        let listener = tokio::net::TcpListener::bind(listen).await?;
        let catcher = Self {
            address: listener.local_addr()?,
            mailbox: Arc::new(Mutex::new(kept)),
        };
        smtp::listen(listener, catcher.clone(), password);
        Ok(catcher)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The setting with which the platform sends its mail here.
    pub fn smtp_url(&self) -> String {
        format!("smtp://{}?tls=none", self.address)
    }

    /// All mails, oldest first.
    pub fn all(&self) -> Vec<Caught> {
        self.lock().mails.iter().cloned().collect()
    }

    /// Mails to one address (upper and lower case alike), oldest first.
    pub fn to(&self, address: &str) -> Vec<Caught> {
        let mine = |mail: &&Caught| mail.to.iter().any(|to| to.eq_ignore_ascii_case(address));
        self.lock().mails.iter().filter(mine).cloned().collect()
    }

    /// One mail.
    pub fn get(&self, id: u64) -> Option<Caught> {
        self.lock().mails.iter().find(|mail| mail.id == id).cloned()
    }

    fn keep(&self, from: String, to: Vec<String>, raw: Vec<u8>) -> io::Result<u64> {
        self.lock().keep(from, to, raw)
    }

    // A panic elsewhere leaves the list whole: every change to it is a single push or pop.
    fn lock(&self) -> MutexGuard<'_, MailBox> {
        self.mailbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MailBox {
    fn keep(&mut self, from: String, to: Vec<String>, raw: Vec<u8>) -> io::Result<u64> {
        let id = self.last_id + 1;
        if let Some(folder) = &self.folder {
            // The envelope goes in front, as mail servers do it, so that a blind copy is not lost.
            let mut file = format!("Return-Path: <{from}>\r\nX-Envelope-To: {}\r\n", to.join(", ")).into_bytes();
            file.extend_from_slice(&raw);
            std::fs::write(folder.join(format!("{id:06}.eml")), file)?;
        }
        self.push(Caught {
            id,
            from,
            to,
            raw: raw.into(),
        });
        Ok(id)
    }

    fn push(&mut self, mail: Caught) {
        self.last_id = self.last_id.max(mail.id);
        self.mails.push_back(mail);
        if self.mails.len() > KEPT {
            self.mails.pop_front();
        }
    }

    fn load(&mut self) -> io::Result<()> {
        let Some(folder) = self.folder.clone() else {
            return Ok(());
        };
        std::fs::create_dir_all(&folder)?;
        let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)?
            .filter_map(|e| e.ok().map(|e| e.path()))
            .collect();
        files.retain(|path| path.extension().is_some_and(|e| e == "eml"));
        files.sort();
        for path in files {
            let number = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .and_then(|stem| stem.parse().ok());
            let Some(id) = number else { continue };
            let raw = std::fs::read(&path)?;
            let letter = Letter::parse(&raw);
            let from = letter
                .header("Return-Path")
                .unwrap_or_default()
                .trim_matches(['<', '>'])
                .to_owned();
            let to = letter
                .header("X-Envelope-To")
                .unwrap_or_default()
                .split(", ")
                .map(str::to_owned)
                .collect();
            self.push(Caught {
                id,
                from,
                to,
                raw: raw.into(),
            });
        }
        Ok(())
    }
}

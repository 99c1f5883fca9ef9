//! The inbox page of the catcher: newest first, text and sandboxed HTML, and the same as JSON for browser tests.

use std::net::SocketAddr;

use actix_web::http::header;
use actix_web::{App, HttpResponse, HttpServer, web};
use minijinja::value::Serde;
use minijinja::{Environment, context};
use serde::{Deserialize, Serialize};

use super::letter::{Piece, pieces};
use super::{Catcher, Caught};

const PAGE: &str = include_str!("inbox.html");

/// Serves the inbox on an address like `127.0.0.1:8025` until the process is told to stop.
pub async fn serve(catcher: Catcher, listen: SocketAddr) -> std::io::Result<()> {
    HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(catcher.clone()))
            .route("/", web::get().to(list))
            .route("/mails.json", web::get().to(list_json))
            .route("/{id}", web::get().to(show))
            .route("/{id}/html", web::get().to(show_html))
            .route("/{id}/raw", web::get().to(show_raw))
            .route("/{id}/attachment/{number}", web::get().to(attachment))
    })
    .workers(1)
    .shutdown_timeout(1)
    .bind(listen)?
    .run()
    .await
}

#[derive(Serialize)]
struct Row {
    id: u64,
    from: String,
    to: String,
    subject: String,
    date: String,
    text: String,
    links: Vec<String>,
}

impl Row {
    fn of(mail: &Caught) -> Self {
        let letter = mail.letter();
        Self {
            id: mail.id,
            from: letter.header("From").unwrap_or(&mail.from).to_owned(),
            to: mail.to.join(", "),
            date: letter.header("Date").unwrap_or_default().to_owned(),
            links: letter.links().into_iter().map(str::to_owned).collect(),
            subject: letter.subject,
            text: letter.text.unwrap_or_default(),
        }
    }
}

/// The mail that is read.
#[derive(Serialize)]
struct Opened {
    row: Row,
    headers: Vec<(String, String)>,
    text: Vec<Stretch>,
    files: Vec<String>,
    has_html: bool,
}

/// A stretch of text, or an address to click on.
#[derive(Serialize)]
struct Stretch {
    text: Option<String>,
    link: Option<String>,
}

impl Opened {
    fn of(mail: &Caught) -> Self {
        let letter = mail.letter();
        let stretch = |piece| match piece {
            Piece::Plain(text) => Stretch {
                text: Some(text.to_owned()),
                link: None,
            },
            Piece::Link(link) => Stretch {
                text: None,
                link: Some(link.to_owned()),
            },
        };
        Self {
            row: Row::of(mail),
            text: pieces(letter.text.as_deref().unwrap_or_default())
                .into_iter()
                .map(stretch)
                .collect(),
            files: letter.attachments.into_iter().map(|file| file.name).collect(),
            has_html: letter.html.is_some(),
            headers: letter.headers,
        }
    }
}

#[derive(Deserialize)]
struct Filter {
    to: Option<String>,
}

async fn list(catcher: web::Data<Catcher>, filter: web::Query<Filter>) -> HttpResponse {
    page(&newest_first(&catcher, filter.to.as_deref()), None)
}

async fn list_json(catcher: web::Data<Catcher>, filter: web::Query<Filter>) -> HttpResponse {
    HttpResponse::Ok().json(newest_first(&catcher, filter.to.as_deref()))
}

async fn show(catcher: web::Data<Catcher>, id: web::Path<u64>) -> HttpResponse {
    match catcher.get(*id) {
        Some(mail) => page(&newest_first(&catcher, None), Some(&Opened::of(&mail))),
        None => missing(),
    }
}

/// The HTML part, unable to run scripts or load anything from elsewhere.
async fn show_html(catcher: web::Data<Catcher>, id: web::Path<u64>) -> HttpResponse {
    match catcher.get(*id).and_then(|mail| mail.letter().html) {
        Some(html) => HttpResponse::Ok()
            .insert_header((
                header::CONTENT_SECURITY_POLICY,
                "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; \
                 default-src 'none'; style-src 'unsafe-inline'; img-src data:",
            ))
            .content_type("text/html; charset=utf-8")
            .body(format!("<base target=\"_blank\">{html}")),
        None => missing(),
    }
}

async fn show_raw(catcher: web::Data<Catcher>, id: web::Path<u64>) -> HttpResponse {
    match catcher.get(*id) {
        Some(mail) => HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .body(mail.raw.to_vec()),
        None => missing(),
    }
}

async fn attachment(catcher: web::Data<Catcher>, path: web::Path<(u64, usize)>) -> HttpResponse {
    let (id, number) = path.into_inner();
    match catcher
        .get(id)
        .and_then(|mail| mail.letter().attachments.into_iter().nth(number))
    {
        Some(file) => HttpResponse::Ok()
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .content_type(if file.content_type == "application/pdf" {
                "application/pdf"
            } else {
                "application/octet-stream"
            })
            .body(file.bytes),
        None => missing(),
    }
}

fn newest_first(catcher: &Catcher, to: Option<&str>) -> Vec<Row> {
    let mails = match to {
        Some(address) => catcher.to(address),
        None => catcher.all(),
    };
    mails.iter().rev().take(200).map(Row::of).collect()
}

fn missing() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type("text/plain; charset=utf-8")
        .body("no such mail")
}

fn page(rows: &[Row], opened: Option<&Opened>) -> HttpResponse {
    let mut environment = Environment::new();
    // Named .html so that everything put in is escaped.
    let rendered = environment
        .add_template("inbox.html", PAGE)
        .and_then(|()| environment.get_template("inbox.html"))
        .and_then(|template| template.render(context! { rows => Serde(rows), opened => Serde(opened) }));
    match rendered {
        Ok(body) => HttpResponse::Ok()
            .insert_header((
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'",
            ))
            .content_type("text/html; charset=utf-8")
            .body(body),
        Err(error) => {
            tracing::error!(%error, "inbox page not rendered");
            HttpResponse::InternalServerError().finish()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_page_shows_the_mail_and_escapes_what_stands_in_it() {
        let catcher = Catcher::start("127.0.0.1:0", None).await.unwrap();
        let raw = b"Subject: <b>Angebot</b>\r\n\r\nBitte https://kita.example/a#t bis morgen.\r\n".to_vec();
        let id = catcher
            .keep("a@x.example".into(), vec!["b@x.example".into()], raw)
            .unwrap();
        let answer = show(web::Data::new(catcher), web::Path::from(id)).await;
        let body = actix_web::body::to_bytes(answer.into_body()).await.unwrap();
        let page = std::str::from_utf8(&body).unwrap();
        assert!(page.contains("&lt;b&gt;Angebot&lt;"), "{page}");
        assert!(
            page.contains("<a href=\"https:&#x2f;&#x2f;kita.example&#x2f;a#t\">"),
            "{page}"
        );
    }
}

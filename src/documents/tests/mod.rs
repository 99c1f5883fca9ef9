//! Papers set and read back: words, structure tags, language, outline.

mod contracts;
mod letters;
mod papers;

use std::io::Write;
use std::process::{Command, Stdio};

use self::papers::{fee, head, letter, paper, reasons, receipt, table};
use super::*;

/// What a program of poppler says of a PDF.
///
/// Poppler 22 prints two warnings about ours, and no option of the typesetter changes what it means. "Suspects object is wrong type": PDF/UA
/// asks for `/Suspects false`, and that version takes only `true` for a truth value. "Attribute BorderColor value is of wrong type": the
/// colour of a table's lines is an array of three numbers (ISO 32000-1, table 344), and that version wants an array to be one of four colours.
fn poppler(program: &str, arguments: &[&str], pdf: &Pdf) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| {
            panic!("{program} reads what our papers say ({e}); deploy/prepare.sh test says what to install")
        });
    child.stdin.take().unwrap().write_all(&pdf.0).unwrap();
    String::from_utf8_lossy(&child.wait_with_output().unwrap().stdout).into_owned()
}

fn text_of(pdf: &Pdf) -> String {
    poppler("pdftotext", &["-layout", "-", "-"], pdf)
}

fn info_of(pdf: &Pdf) -> String {
    poppler("pdfinfo", &["-"], pdf)
}

/// The tree of tags.
fn tags_of(pdf: &Pdf) -> String {
    poppler("pdfinfo", &["-struct-text", "-"], pdf)
}

async fn every_document(language: &'static str) -> Vec<(&'static str, Pdf)> {
    vec![
        ("receipt", receipt_pdf(head(language), receipt()).await.unwrap()),
        ("contract", contract_pdf(head(language), paper()).await.unwrap()),
        (
            "amendment",
            amendment_pdf(head(language), amendment::example()).await.unwrap(),
        ),
        ("letter", letter_pdf(head(language), letter()).await.unwrap()),
        ("reasons", reasons_pdf(head(language), reasons()).await.unwrap()),
        // Whatever the language of the page, a notice is in German.
        ("fee", notice_pdf(head("de"), fee()).await.unwrap()),
        ("table", table_pdf(head(language), table()).await.unwrap()),
    ]
}

#[actix_web::test]
async fn every_document_is_tagged_and_titled_in_both_languages() {
    for language in ["de", "en"] {
        for (name, pdf) in every_document(language).await {
            let info = info_of(&pdf);
            let line = |key: &str| info.lines().find(|l| l.starts_with(key)).unwrap_or_default().to_owned();
            assert!(line("Tagged:").contains("yes"), "{language}/{name}: {info}");
            assert!(line("Title:").len() > 20, "{language}/{name}: {info}");
            assert!(line("Page size:").contains("A4"), "{language}/{name}: {info}");
            let tags = tags_of(&pdf);
            let tag = |name: &str| tags.lines().any(|line| line.trim_start().starts_with(name));
            for wanted in ["Document", "H1 ", if name == "table" { "TD" } else { "P " }] {
                assert!(tag(wanted), "{language}/{name} has no {wanted}: {tags}");
            }
        }
    }
}

#[actix_web::test]
async fn what_people_wrote_is_never_a_command() {
    let pdf = receipt_pdf(head("de"), receipt()).await.unwrap();
    let text = text_of(&pdf);
    assert!(text.contains("#sys.inputs *Mia* $x$ \\ <b> Großmann"), "{text}");
    assert!(text.contains("#panic()"), "{text}");
    let pdf = letter_pdf(head("de"), letter()).await.unwrap();
    assert!(text_of(&pdf).contains("#let x = 1 ist kein Befehl."));
}

#[actix_web::test]
async fn a_sign_that_no_font_has_stops_no_document() {
    let paper = TablePaper {
        title: "Kinder \u{9d}".into(),
        headers: vec!["Kind\u{1}".into(), "Kita".into()],
        rows: vec![vec!["王小明 Özge".into(), "\u{67b00}Sonne\u{0}".into()]],
    };
    let pdf = table_pdf(head("de"), paper).await.unwrap();
    let text = text_of(&pdf);
    assert!(text.contains("??? Özge") && text.contains("?Sonne"), "{text}");
}

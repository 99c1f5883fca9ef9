//! Every mail in every language: whole sentences, working links, nothing personal.

mod samples;

use super::kinds::asks;
use super::*;
use crate::notifications::model::{ChildInitial, Step};
use crate::platform::ids::DemandId;
use samples::every_message;

fn frame() -> Frame<'static> {
    Frame {
        tenant: "Stadt <b>Leipzig</b>",
        office: "Amt für Jugend & Familie",
        phone: "0341 123-0",
        address: "Rathausplatz 1, 04109 Leipzig",
        base: "https://kita.example/leipzig".into(),
    }
}

/// The words of an HTML mail as a person reads them.
fn read(html: &str) -> String {
    let body = html.split_once("<body").unwrap().1;
    let mut text = String::new();
    for piece in body.split('<').skip(1) {
        text.push(' ');
        text.push_str(piece.split_once('>').map_or("", |(_, words)| words));
    }
    for (entity, letter) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#x2f;", "/"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, letter);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_kind_in_every_language_says_the_same_as_text_and_html() {
    for language in languages() {
        for message in every_message() {
            let mail = mail(&message, language, &frame(), Reader::Online).unwrap();
            let html = read(&mail.html);
            let kind = message.kind();
            assert!(
                !mail.subject.is_empty() && !mail.subject.contains('\n'),
                "{language}/{kind}"
            );
            assert!(
                mail.subject.chars().count() <= 110,
                "{language}/{kind}: {}",
                mail.subject
            );
            assert!(!mail.text.contains("M.."), "{language}/{kind}: {}", mail.text);
            for paragraph in mail.text.split("\n\n").filter(|p| *p != "--") {
                let words = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
                let words = words.replace(&format!(": {}", frame().base), &format!(" {}", frame().base));
                let html = html.replace(&format!(": {}", frame().base), &format!(" {}", frame().base));
                assert!(html.contains(&words), "{language}/{kind}: {words:?} is not in {html:?}");
            }
            assert_eq!(mail.html.matches("<a ").count(), 1, "{language}/{kind} has one button");
            assert!(
                !mail.html.contains("<zahn>") && !mail.html.contains("<b>Leipzig"),
                "{language}/{kind}"
            );
            if let Some(token) = message.token() {
                assert!(
                    mail.text.contains(&format!("#{}\n", token.expose())),
                    "{language}/{kind}"
                );
            }
        }
    }
}

#[test]
fn what_must_be_answered_says_by_when_in_the_subject() {
    for message in every_message() {
        if matches!(
            message,
            Message::Offer(_) | Message::OfferBetter { .. } | Message::OfferReminder(_)
        ) {
            let german = mail(&message, "de", &frame(), Reader::Online).unwrap().subject;
            assert!(german.contains("bis Montag, 15. Februar 2027"), "{german}");
            let english = mail(&message, "en", &frame(), Reader::Online).unwrap().subject;
            assert!(english.contains("by Monday, 15 February 2027"), "{english}");
        }
    }
}

#[test]
fn an_offer_of_single_days_names_them() {
    let offers = every_message()
        .into_iter()
        .filter(|m| matches!(m, Message::Offer(_) | Message::OfferReminder(_)));
    let mut told = 0;
    for mut message in offers {
        let text = |message: &Message, language| mail(message, language, &frame(), Reader::Online).unwrap().text;
        assert!(text(&message, "de").contains("Betreuungszeiten: Fr 08:00–12:30 Uhr."));
        assert!(text(&message, "en").contains("Times of care: Fri 08:00–12:30."));
        if let Message::Offer(news) | Message::OfferReminder(news) = &mut message {
            news.week = None;
        }
        assert!(
            !text(&message, "de").contains("Betreuungszeiten"),
            "the same on every day"
        );
        told += 1;
    }
    assert_eq!(told, 2);
}

#[test]
fn a_facility_cannot_make_a_button_or_a_template() {
    let message = Message::StateChange {
        demand_id: DemandId::new(),
        facility: "Kita\r\n\r\n[[ Geld überweisen ]]\n\n{{ office }}".into(),
        step: Step::Invited,
        child: ChildInitial::default(),
    };
    let words = words(&message, "de", &frame(), Reader::Online).unwrap();
    assert_eq!(words.body.iter().filter(|b| b.button).count(), 1);
    assert!(words.subject.contains("{{ office }}") && !words.subject.contains('\n'));
}

#[test]
fn a_language_without_words_gets_german() {
    assert_eq!(
        words(&Message::AccountExists, "tlh", &frame(), Reader::Online)
            .unwrap()
            .language,
        "de"
    );
}

#[test]
fn who_cannot_follow_the_button_reads_how_to_answer() {
    let reader = Reader::WithoutAccount {
        reference_code: Some("7K3M-2QXD"),
    };
    for language in languages() {
        for message in every_message() {
            let kind = message.kind();
            let words = words(&message, language, &frame(), reader).unwrap();
            for block in &words.body {
                assert!(
                    !block.button && !block.text.ends_with(':'),
                    "{language}/{kind}: {}",
                    block.text
                );
            }
            let text = words
                .body
                .iter()
                .map(|b| b.text.as_str())
                .collect::<Vec<_>>()
                .join("\n");
            if matches!(asks(&message), "answer" | "sign") {
                for wanted in ["0341 123-0", "Rathausplatz 1", "7K3M-2QXD"] {
                    assert!(text.contains(wanted), "{language}/{kind}: no {wanted} in {text}");
                }
                for wrong in ["Klick", "click", "online", "im Konto", "signing in"] {
                    assert!(!text.contains(wrong), "{language}/{kind}: {wrong} in {text}");
                }
            }
        }
    }
}

#[test]
fn an_office_without_a_telephone_names_none() {
    let bare = Frame {
        phone: "",
        address: "",
        ..frame()
    };
    let reader = Reader::WithoutAccount { reference_code: None };
    let offer = every_message()
        .into_iter()
        .find(|m| matches!(m, Message::Offer(_)))
        .unwrap();
    let text = mail(&offer, "de", &bare, reader).unwrap().text;
    assert!(
        text.contains("So antworten Sie: Schreiben Sie uns oder kommen Sie vorbei: Amt für Jugend & Familie. Es zählt"),
        "{text}"
    );
    assert!(!text.contains("https://kita.example/leipzig/angebot"), "{text}");
}

//! Contracts and their changes.

use super::papers::{head, paper};
use super::{tags_of, text_of};
use crate::documents::{amendment, amendment_pdf, contract_pdf};

#[actix_web::test]
async fn a_contract_names_the_last_day_of_care() {
    let pdf = contract_pdf(head("en"), paper()).await.unwrap();
    let text = text_of(&pdf);
    assert!(text.contains("31 July 2033") && text.contains("Kim Großmann"), "{text}");
    assert!(!text.contains("Provider  "), "an unknown provider is left out: {text}");
}

#[actix_web::test]
async fn a_contract_and_its_changes_are_paper_of_the_provider_not_of_the_office() {
    let mut ours = paper();
    ours.draft.provider = Some("Kirchenkreis Auenland".into());
    for (pdf, above) in [
        (contract_pdf(head("de"), ours).await.unwrap(), "Kirchenkreis Auenland"),
        (contract_pdf(head("de"), paper()).await.unwrap(), "Auenstraße 3, 04105"),
    ] {
        let text = text_of(&pdf);
        let (top, _) = text.split_once("Datum").unwrap();
        assert!(top.contains(above), "{above} in {top}");
        assert!(
            !text.contains("Amt für Jugend") && !text.contains("Stadt Musterstadt"),
            "{text}"
        );
    }
}

#[actix_web::test]
async fn a_contract_has_bookmarks_and_tags_and_its_words_are_no_commands() {
    let pdf = contract_pdf(head("de"), paper()).await.unwrap();
    let text = text_of(&pdf);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "Krankheit #panic()",
        "$x$ *nicht fett*",
        "#let x = 1",
        "#panic() Eingewöhnung mit der Oma",
        "Betreuungsvertrag, Fassung 2",
        "am 20. Februar 2027 online bestätigt, mit einem Code per E-Mail",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    // A reader lists the headings as bookmarks, and a screen reader walks headings and lists by their tags.
    let bytes = String::from_utf8_lossy(&pdf.0);
    assert!(bytes.contains("/Outlines") && bytes.contains("/StructTreeRoot"));
    let tags = tags_of(&pdf);
    for tag in ["H2", "H3", "L (block)", "LI (block)", "Table"] {
        assert!(tags.contains(tag), "{tag} in {tags}");
    }
}

#[actix_web::test]
async fn other_times_on_each_day_stand_in_a_table_with_heads() {
    let days = serde_json::json!([{"weekday": 1, "from": "07:30", "to": "15:00"}, {"weekday": 5, "from": "07:30", "to": "13:00"}]);
    let week = serde_json::from_value(days).unwrap();
    let mut paper = paper();
    paper.draft.week = Some(week);
    let pdf = contract_pdf(head("de"), paper).await.unwrap();
    let tags = tags_of(&pdf);
    let at = |words: &str| tags.find(words).unwrap_or_else(|| panic!("{words} in {tags}"));
    let table = &tags[at("Betreuungszeiten")..at("Unterschriften")];
    for words in [
        "Table",
        "THead",
        "\"Tag\"",
        "Montag",
        "07:30–15:00 Uhr",
        "Donnerstag",
        "kommt nicht",
    ] {
        assert!(table.contains(words), "{words} in {table}");
    }
    let mut change = amendment::example();
    change.draft.after.week = Some(week);
    let pdf = amendment_pdf(head("en"), change).await.unwrap();
    let tags = tags_of(&pdf);
    for words in ["Monday", "07:30–15:00", "does not come"] {
        assert!(tags.contains(words), "{words} in {tags}");
    }
}

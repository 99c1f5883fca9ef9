//! The receipt, the letter of reasons and notices.

use super::papers::{fee, head, reasons, receipt};
use super::{info_of, text_of};
use crate::documents::{NoticeLetter, notice_pdf, reasons_pdf, receipt_pdf};

#[actix_web::test]
async fn the_receipt_says_what_was_asked_and_when() {
    let pdf = receipt_pdf(head("de"), receipt()).await.unwrap();
    let text = text_of(&pdf);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "Eingangsbestätigung Ihrer Bedarfsanmeldung",
        "7K3M-2QXD",
        "1. Februar 2027, 10:05 Uhr",
        "Rechtsanspruch geltend gemacht",
        "Sonntag, 1. August 2027",
        "4. Mai 2026",
        "Krippe",
        "08:00–16:00 Uhr",
        "Kinderhaus am Auwald",
        "Rathausplatz 1",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains("Spätester Beginn"), "what was not given is left out");
}

#[actix_web::test]
async fn the_letter_of_reasons_says_why_and_how_to_check() {
    for (language, all) in [
        (
            "de",
            [
                "ab 1. August 2027 gebraucht, mit 25 Stunden in der Woche.",
                "1. Wunsch: Kita „Löwenzahn“",
                "Das letzte Kind hatte 12 Punkte, Ihres hat 9 Punkte.",
                "Am Tag der Entscheidung standen Sie an 4. Stelle der Nachrückliste.",
                "Genaueres sagen wir hier nicht",
                "nicht rechtzeitig vorgelegt",
                "120 von 812 Familien",
                "Grund: die Gruppe kann kein weiteres Kind dieses Alters oder Bedarfs aufnehmen.",
                "Telefon 0341 123456",
                "Für Ihre Kinder galt: alle in dieselbe Kita, oder keines bekommt einen Platz. Das haben Sie am 20. Januar 2027 angegeben.",
                "Deshalb hat keines Ihrer Kinder einen Platz",
            ],
        ),
        (
            "en",
            [
                "from 1 August 2027, with 25 hours a week.",
                "Wish 1: Kita „Löwenzahn“",
                "The last child had 12 points, yours has 9 points.",
                "On the day of the decision you were number 4 on the follow-up list.",
                "We do not say more here",
                "not shown in time",
                "120 of 812 families",
                "reason: the group cannot take one more child of this age or need.",
                "telephone 0341 123456",
                "For your children this counted: all at the same daycare centre, or none gets a place. You said so on 20 January 2027.",
                "So none of your children has",
            ],
        ),
    ] {
        let pdf = reasons_pdf(head(language), reasons()).await.unwrap();
        let text = text_of(&pdf);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in all {
            assert!(text.contains(words), "{words} in {text}");
        }
        // Copied as it stands, it computes and does nothing else.
        assert!(
            text.contains(r"printf %s 'f1' | openssl dgst -sha256 -hmac 'any '\''text'\'''"),
            "{text}"
        );
        assert!(
            text.contains("2c4db7f657a9dd00880969a60beeed0576b1924ca024bbc7ccc6e8838954782f"),
            "{text}"
        );
    }
}

#[actix_web::test]
async fn a_notice_of_fees_has_file_number_reasons_and_the_way_to_object() {
    let pdf = notice_pdf(head("de"), fee()).await.unwrap();
    let text = text_of(&pdf);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "EB-2027-00012",
        "207,52 €",
        "31. Mai 2028",
        "beitragsfrei",
        "zweites Kind",
        "alleinerziehend",
        "bis 50.000,00 €",
        "§ 3 der Beitragssatzung #panic()",
        "Vom 1. Juni 2028 bis 31. Mai 2029 erlassen wir Ihnen den Beitrag von 124,93 € im Monat: Sie bekommen Wohngeld.",
        "ersetzt vom 1. August 2027 an den Bescheid mit dem Aktenzeichen EB-2026-00003 vom 5. November 2026.",
        "Rechtsbehelfsbelehrung Gegen diesen Bescheid",
        "Kim Großmann",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let decision = text.find("Begründung").unwrap();
    assert!(
        text[..decision].contains("207,52 €"),
        "the amounts belong to the decision: {text}"
    );
    assert!(
        text[decision..].contains("zweites Kind"),
        "the facts belong to the reasons: {text}"
    );
}

#[actix_web::test]
async fn a_notice_is_tagged_and_has_what_the_law_asks_for() {
    let notice = NoticeLetter {
        address: receipt().address,
        file_number: "2027/0001".into(),
        reference_code: Some("7K3M-2QXD".into()),
        posted_on: Some("2027-02-01".parse().unwrap()),
        title: "Ablehnung Ihres Antrags".into(),
        decision: "Ihr Antrag wird abgelehnt.".into(),
        reasons: "Erster Grund #panic().\n\nZweiter Grund.".into(),
        sums: None,
        remedy: "Gegen diesen Bescheid können Sie Widerspruch erheben.".into(),
        signed_by: Some("Kim Großmann".into()),
    };
    let draft = NoticeLetter {
        posted_on: None,
        ..notice.clone()
    };
    let pdf = notice_pdf(head("de"), notice).await.unwrap();
    let info = info_of(&pdf);
    let tagged = info.lines().find(|l| l.starts_with("Tagged:")).unwrap_or_default();
    assert!(tagged.contains("yes"), "{info}");
    let text = text_of(&pdf);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "2027/0001",
        "1. Februar 2027",
        "Begründung Erster Grund #panic(). Zweiter Grund.",
        "Rechtsbehelfsbelehrung Gegen diesen Bescheid",
        "Kim Großmann",
    ] {
        assert!(words.contains(part), "{part} in {words}");
    }
    assert!(!words.contains("Entwurf"), "{words}");
    let draft = notice_pdf(head("de"), draft).await.unwrap();
    assert!(text_of(&draft).contains("noch nicht bekannt gegeben"));
}

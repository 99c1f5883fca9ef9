//! Papers set and read back: words, structure tags, language, outline.

use std::io::Write;
use std::process::{Command, Stdio};

use super::*;
use crate::tenancy::NoticeTo;

fn head(language: &'static str) -> Letterhead {
    Letterhead {
        language,
        tenant: "Stadt Musterstadt".into(),
        contact: tenancy::Contact {
            office: "Amt für Jugend und Familie".into(),
            address: "Rathausplatz 1, 04109 Musterstadt".into(),
            phone: "0341 123456".into(),
            email: "kita@musterstadt.example".into(),
            color: "#1d4f91".into(),
        },
        today: "2027-02-01".parse().unwrap(),
        at: "2027-02-01T09:00:00Z".parse().unwrap(),
    }
}

fn receipt() -> Receipt {
    Receipt {
        address: vec![
            "Jörg-Änne Großmann".into(),
            "Straße des 17. Juni 12 b".into(),
            "04109 Musterstadt".into(),
        ],
        reference_code: "7K3M-2QXD".into(),
        submitted_at: "2027-02-01T09:05:00Z".parse().unwrap(),
        child: Some("#sys.inputs *Mia* $x$ \\ <b> Großmann".into()),
        birth_date: Some("2026-05-04".parse().unwrap()),
        expected_birth_date: None,
        care_type: "nursery".into(),
        desired_start: "2027-08-01".parse().unwrap(),
        latest_start: None,
        hours_per_week: 40,
        window: Some(("08:00:00".parse().unwrap(), "16:00:00".parse().unwrap())),
        legal_claim: true,
        legal_due_on: Some("2027-08-01".parse().unwrap()),
        facilities: vec!["Kita „Löwenzahn“ #panic()".into(), "Kinderhaus am Auwald".into()],
    }
}

fn paper() -> ContractPaper {
    let signed = |by_provider, name: &str, way| SignatureLine {
        by_provider,
        name: name.into(),
        signed_on: "2027-02-20".parse().unwrap(),
        way,
    };
    ContractPaper {
        draft: draft(),
        sent: true,
        signatures: vec![signed(false, "Jörg-Änne Großmann", "code")],
        missing: vec!["Kim Großmann".into()],
        ends_on: None,
        withdrawn: false,
    }
}

fn draft() -> ContractDraft {
    ContractDraft {
        accepted_on: "2027-02-10".parse().unwrap(),
        child: Some("Mia Großmann".into()),
        birth_date: None,
        expected_birth_date: Some("2027-03-01".parse().unwrap()),
        guardians: vec!["Jörg-Änne Großmann".into(), "Kim Großmann".into()],
        facility: "Kita Löwenzahn".into(),
        facility_address: "Auenstraße 3, 04105 Musterstadt".into(),
        provider: None,
        care_from: "2027-08-01".parse().unwrap(),
        care_until: "2033-08-01".parse().unwrap(),
        hours_per_week: 45,
        window: None,
        week: None,
        settling_in_weeks: 4,
        note: Some("#panic() Eingewöhnung mit der Oma".into()),
        notice_months: 3,
        notice_to: NoticeTo::Month,
        notice_not_last_months: 0,
        version: Some("Betreuungsvertrag, Fassung 2".into()),
        text: vec![
            TextBlock::Heading {
                text: "Krankheit #panic()".into(),
            },
            TextBlock::Paragraph {
                text: "Ein krankes Kind bleibt zu Hause. $x$ *nicht fett*".into(),
            },
            TextBlock::Subheading {
                text: "Was mitzubringen ist".into(),
            },
            TextBlock::List {
                items: vec!["Gummistiefel".into(), "#let x = 1".into()],
            },
        ],
    }
}

fn letter() -> Letter {
    Letter {
        language: "de".into(),
        address: receipt().address,
        reference_code: Some("7K3M-2QXD".into()),
        subject: "Platzangebot von Kita „Löwenzahn“: bitte antworten Sie bis Montag, 15. Februar 2027".into(),
        paragraphs: vec!["Guten Tag,".into(), "#let x = 1 ist kein Befehl.".into()],
    }
}

fn reasons() -> ReasonsLetter {
    let line = |title: &str, evidence, points| ReasonsLine {
        title: title.into(),
        evidence,
        points,
    };
    let wish = |rank, facility: &str, why, cutoff, waits| ReasonsWish {
        rank,
        facility: facility.into(),
        why,
        provider_reason: (why == "provider_order_hand").then_some("group_mix"),
        own: Some(9),
        cutoff,
        waits,
        points: 9,
        lines: vec![
            line("Beide Eltern arbeiten", "seen", 9),
            line("Härtefall #panic()", "evidence_missing", 0),
        ],
    };
    ReasonsLetter {
        address: receipt().address,
        reference_code: Some("7K3M-2QXD".into()),
        child: Some("Mia Großmann".into()),
        round: "Kita-Jahr 2027/28".into(),
        key_date: "2027-02-15".parse().unwrap(),
        care_from: "2027-08-01".parse().unwrap(),
        hours: Some(25),
        criteria: Some("Vergabekriterien 3".into()),
        released_at: Some("2027-03-10T09:05:00Z".parse().unwrap()),
        outcome: "decided",
        deviation: false,
        wishes: vec![
            wish(1, "Kita „Löwenzahn“", "full_points", Some(12), Some(4)),
            wish(2, "Kinderhaus am Auwald", "full_secret", None, Some(1)),
            wish(3, "Waldkita", "provider_order_hand", None, Some(2)),
        ],
        changes: vec!["follow", "improve", "wishes", "claim", "ask"],
        lottery: Some(ReasonsLottery {
            number: "2c4db7f657a9dd00880969a60beeed0576b1924ca024bbc7ccc6e8838954782f".into(),
            pseudonym: "f1".into(),
            seed: "any 'text'".into(),
            source: "Ziehung 6 aus 49".into(),
            drawn_on: "2027-03-06".parse().unwrap(),
            commitment: Some("b4245b34f78232049d36f200adc2dc9484545a99ff55a8747dc1d582fcf77121".into()),
            families: 812,
            smaller: 120,
        }),
    }
}

fn fee() -> FeeNotice {
    let period = |from: &str, until: &str, care, cents| FeeNoticePeriod {
        from_month: from.parse().unwrap(),
        until_month: until.parse().unwrap(),
        care,
        hours_per_week: 45,
        cents,
    };
    FeeNotice {
        address: receipt().address,
        file_number: Some("EB-2027-00012".into()),
        issued_on: Some("2027-02-01".parse().unwrap()),
        child: "Mia G.".into(),
        care_from: "2027-08-01".parse().unwrap(),
        care_until: "2031-08-01".parse().unwrap(),
        hours_per_week: 45,
        child_position: 2,
        lone_parent: true,
        income_up_to: Some(50_000),
        due_day: 15,
        periods: vec![
            period("2027-08-01", "2028-06-01", "nursery", 20752),
            period("2028-06-01", "2031-08-01", "kindergarten", 0),
        ],
        reliefs: vec![FeeNoticeRelief {
            from_month: "2028-06-01".parse().unwrap(),
            until_month: "2029-06-01".parse().unwrap(),
            reason: "housing_benefit",
            percent: 0,
            full_cents: 12493,
        }],
        grounds: vec!["§ 3 der Beitragssatzung #panic()".into()],
        note: "Bitte überweisen Sie nicht im Voraus.".into(),
    }
}

fn table() -> TablePaper {
    TablePaper {
        title: "Kontakte, Kita „Löwenzahn“, 1. Februar 2027".into(),
        headers: vec!["Kind".into(), "Telefon".into()],
        rows: vec![vec!["Großmann, #panic() Mia".into(), "=1+1".into()]],
    }
}

/// What a program of poppler says of a PDF, or nothing where it is not installed.
fn poppler(program: &str, pdf: &Pdf) -> Option<String> {
    let Ok(mut child) = Command::new(program)
        .args(if program == "pdftotext" {
            &["-layout", "-", "-"][..]
        } else {
            &["-"][..]
        })
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
    else {
        eprintln!("not run: {program} is not installed");
        return None;
    };
    child.stdin.take().unwrap().write_all(&pdf.0).unwrap();
    Some(String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap())
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
        ("fee", fee_notice_pdf(head(language), fee()).await.unwrap()),
        ("table", table_pdf(head(language), table()).await.unwrap()),
    ]
}

#[actix_web::test]
async fn every_document_is_tagged_and_titled_in_both_languages() {
    for language in ["de", "en"] {
        for (name, pdf) in every_document(language).await {
            let Some(info) = poppler("pdfinfo", &pdf) else { return };
            let line = |key: &str| info.lines().find(|l| l.starts_with(key)).unwrap_or_default().to_owned();
            assert!(line("Tagged:").contains("yes"), "{language}/{name}: {info}");
            assert!(line("Title:").len() > 20, "{language}/{name}: {info}");
            assert!(line("Page size:").contains("A4"), "{language}/{name}: {info}");
        }
    }
}

#[actix_web::test]
async fn the_receipt_says_what_was_asked_and_when() {
    let pdf = receipt_pdf(head("de"), receipt()).await.unwrap();
    let Some(text) = poppler("pdftotext", &pdf) else { return };
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
                "Sie stehen an 4. Stelle der Nachrückliste.",
                "Genaueres sagen wir hier nicht",
                "nicht rechtzeitig vorgelegt",
                "120 von 812 Familien",
                "Grund: Zusammensetzung der Gruppe.",
                "Telefon 0341 123456",
            ],
        ),
        (
            "en",
            [
                "from 1 August 2027, with 25 hours a week.",
                "Wish 1: Kita „Löwenzahn“",
                "The last child had 12 points, yours has 9 points.",
                "You are number 4 on the follow-up list.",
                "We do not say more here",
                "not shown in time",
                "120 of 812 families",
                "reason: the mix of the group.",
                "telephone 0341 123456",
            ],
        ),
    ] {
        let pdf = reasons_pdf(head(language), reasons()).await.unwrap();
        let Some(text) = poppler("pdftotext", &pdf) else { return };
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
    for (language, all) in [
        (
            "de",
            vec![
                "EB-2027-00012",
                "207,52 €",
                "31. Mai 2028",
                "beitragsfrei",
                "zweites Kind",
                "alleinerziehend",
                "bis 50.000,00 €",
                "§ 3 der Beitragssatzung #panic()",
                "Vom 1. Juni 2028 bis 31. Mai 2029 erlassen wir Ihnen den Beitrag von 124,93 € im Monat: Sie bekommen Wohngeld.",
                "Rechtsbehelfsbelehrung",
                "innerhalb eines Monats",
                "vierten Tag nach der Aufgabe zur Post",
            ],
        ),
        (
            "en",
            vec![
                "EB-2027-00012",
                "€207.52",
                "31 May 2028",
                "free of charge",
                "second child",
                "lone parent",
                "up to €50,000.00",
                "§ 3 der Beitragssatzung #panic()",
                "From 1 June 2028 to 31 May 2029 we waive the fee of €124.93 a month: you receive housing benefit.",
                "How to object",
                "within one month",
                "fourth day after it was posted",
            ],
        ),
    ] {
        let pdf = fee_notice_pdf(head(language), fee()).await.unwrap();
        let Some(text) = poppler("pdftotext", &pdf) else { return };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in all {
            assert!(text.contains(words), "{words} in {text}");
        }
    }
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
        remedy: "Gegen diesen Bescheid können Sie Widerspruch erheben.".into(),
        signed_by: Some("Kim Großmann".into()),
    };
    let draft = NoticeLetter {
        posted_on: None,
        ..notice.clone()
    };
    let pdf = notice_pdf(head("de"), notice).await.unwrap();
    let Some(info) = poppler("pdfinfo", &pdf) else { return };
    let tagged = info.lines().find(|l| l.starts_with("Tagged:")).unwrap_or_default();
    assert!(tagged.contains("yes"), "{info}");
    let text = poppler("pdftotext", &pdf).unwrap();
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
    assert!(
        poppler("pdftotext", &draft)
            .unwrap()
            .contains("noch nicht bekannt gegeben")
    );
}

#[actix_web::test]
async fn what_people_wrote_is_never_a_command() {
    let pdf = receipt_pdf(head("de"), receipt()).await.unwrap();
    let Some(text) = poppler("pdftotext", &pdf) else { return };
    assert!(text.contains("#sys.inputs *Mia* $x$ \\ <b> Großmann"), "{text}");
    assert!(text.contains("#panic()"), "{text}");
    let pdf = letter_pdf(head("de"), letter()).await.unwrap();
    assert!(
        poppler("pdftotext", &pdf)
            .unwrap()
            .contains("#let x = 1 ist kein Befehl.")
    );
}

#[actix_web::test]
async fn a_contract_names_the_last_day_of_care() {
    let pdf = contract_pdf(head("en"), paper()).await.unwrap();
    let Some(text) = poppler("pdftotext", &pdf) else { return };
    assert!(text.contains("31 July 2033") && text.contains("Kim Großmann"), "{text}");
    assert!(!text.contains("Provider  "), "an unknown provider is left out: {text}");
}

#[actix_web::test]
async fn a_contract_has_bookmarks_and_tags_and_its_words_are_no_commands() {
    let pdf = contract_pdf(head("de"), paper()).await.unwrap();
    let Some(text) = poppler("pdftotext", &pdf) else { return };
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
    let tags = poppler_struct(&pdf);
    for tag in ["H2", "H3", "L (block)", "LI (block)", "Table"] {
        assert!(tags.contains(tag), "{tag} in {tags}");
    }
}

/// The tree of tags as poppler reads it back.
fn poppler_struct(pdf: &Pdf) -> String {
    let mut child = Command::new("pdfinfo")
        .args(["-struct-text", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&pdf.0).unwrap();
    String::from_utf8_lossy(&child.wait_with_output().unwrap().stdout).into_owned()
}

#[actix_web::test]
async fn other_times_on_each_day_stand_in_a_table_with_heads() {
    let days = serde_json::json!([{"weekday": 1, "from": "07:30", "to": "15:00"}, {"weekday": 5, "from": "07:30", "to": "13:00"}]);
    let week = serde_json::from_value(days).unwrap();
    let mut paper = paper();
    paper.draft.week = Some(week);
    let pdf = contract_pdf(head("de"), paper).await.unwrap();
    if poppler("pdftotext", &pdf).is_none() {
        return;
    }
    let tags = poppler_struct(&pdf);
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
    let tags = poppler_struct(&pdf);
    for words in ["Monday", "07:30–15:00", "does not come"] {
        assert!(tags.contains(words), "{words} in {tags}");
    }
}

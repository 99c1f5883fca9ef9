//! Made-up papers in which people wrote what could be taken for a command.

use crate::documents::{
    ContractDraft, ContractPaper, FeeReplaced, FeeSum, FeeSumRelief, FeeSums, Letter, Letterhead, NoticeLetter,
    ReasonsLetter, ReasonsLine, ReasonsLottery, ReasonsSiblings, ReasonsWish, Receipt, SignatureLine, TablePaper,
    TextBlock,
};
use crate::tenancy::{self, NoticeTo};

pub(super) fn head(language: &'static str) -> Letterhead {
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

pub(super) fn receipt() -> Receipt {
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
        siblings: Some("required"),
        facilities: vec!["Kita „Löwenzahn“ #panic()".into(), "Kinderhaus am Auwald".into()],
    }
}

pub(super) fn paper() -> ContractPaper {
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

pub(super) fn letter() -> Letter {
    Letter {
        language: "de".into(),
        address: receipt().address,
        reference_code: Some("7K3M-2QXD".into()),
        subject: "Platzangebot von Kita „Löwenzahn“: bitte antworten Sie bis Montag, 15. Februar 2027".into(),
        paragraphs: vec!["Guten Tag,".into(), "#let x = 1 ist kein Befehl.".into()],
    }
}

pub(super) fn reasons() -> ReasonsLetter {
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
        siblings: Some(ReasonsSiblings {
            rule: "required",
            said_on: Some("2027-01-20".parse().unwrap()),
            follows: vec!["no_joint", "together", "apart", "some", "none", "none_required"],
        }),
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

pub(super) fn fee() -> NoticeLetter {
    let period = |from: &str, until: &str, care: &str, cents| FeeSum {
        from_month: from.parse().unwrap(),
        until_month: until.parse().unwrap(),
        care: care.into(),
        hours_per_week: 45,
        cents,
    };
    NoticeLetter {
        address: receipt().address,
        file_number: "EB-2027-00012".into(),
        reference_code: Some("7K3M-2QXD".into()),
        posted_on: Some("2027-02-01".parse().unwrap()),
        title: "Bescheid über den Elternbeitrag".into(),
        decision: "Für die Betreuung von Mia Großmann setzen wir den Elternbeitrag fest.".into(),
        reasons: "Der Beitrag richtet sich nach diesen Angaben.".into(),
        remedy: "Gegen diesen Bescheid können Sie innerhalb eines Monats Widerspruch erheben.".into(),
        signed_by: Some("Kim Großmann".into()),
        sums: Some(FeeSums {
            from_month: "2027-08-01".parse().unwrap(),
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
            reliefs: vec![FeeSumRelief {
                from_month: "2028-06-01".parse().unwrap(),
                until_month: "2029-06-01".parse().unwrap(),
                reason: "housing_benefit".into(),
                percent: 0,
                full_cents: 12493,
            }],
            grounds: vec!["§ 3 der Beitragssatzung #panic()".into()],
            note: "Bitte überweisen Sie nicht im Voraus.".into(),
            replaces: Some(FeeReplaced {
                file_number: "EB-2026-00003".into(),
                posted_on: Some("2026-11-05".parse().unwrap()),
            }),
        }),
    }
}

pub(super) fn table() -> TablePaper {
    TablePaper {
        title: "Kontakte, Kita „Löwenzahn“, 1. Februar 2027".into(),
        headers: vec!["Kind".into(), "Telefon".into()],
        rows: vec![vec!["Großmann, #panic() Mia".into(), "=1+1".into()]],
    }
}

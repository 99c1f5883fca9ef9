//! The texts with which a municipality begins, in German, the language of its proceedings (§ 19 SGB X); it writes versions of its own.

use super::model::{NoticeKind, NoticeText};

const REMEDY: &str = "Gegen diesen Bescheid können Sie innerhalb eines Monats nach seiner Bekanntgabe Widerspruch erheben. Der Widerspruch ist \
    schriftlich, in elektronischer Form nach § 36a Abs. 2 SGB I oder zur Niederschrift einzulegen bei: {office}, {office_address}.";

const REFUSAL: [&str; 3] = [
    "Ablehnung Ihres Antrags auf einen Betreuungsplatz",
    "Ihr Antrag vom {asserted_on} auf einen Betreuungsplatz für {child}, geboren am {birth_date}, ab {desired_start} wird abgelehnt.",
    "Am {asserted_on} haben Sie für {child} den Anspruch auf Förderung in einer Tageseinrichtung oder in Kindertagespflege nach § 24 SGB VIII \
     geltend gemacht (Vorgang {reference_code}).\n\n\
     Der Anspruch besteht nicht, weil [Tatsachen des Einzelfalls].\n\n\
     Dabei haben wir berücksichtigt: [was die Familie vorgetragen hat und welche Plätze geprüft wurden].",
];

const ASSIGNMENT: [&str; 3] = [
    "Zuweisung eines Betreuungsplatzes",
    "Ihrem Kind {child}, geboren am {birth_date}, wird ab {care_from} ein Betreuungsplatz in der Einrichtung {facility} zugewiesen.",
    "Am {asserted_on} haben Sie für {child} den Anspruch auf Förderung in einer Tageseinrichtung oder in Kindertagespflege nach § 24 SGB VIII \
     geltend gemacht (Vorgang {reference_code}).\n\n\
     Der zugewiesene Platz erfüllt den Anspruch: Die Einrichtung {facility} hat ab {care_from} einen freien Platz im nötigen Umfang, und sie \
     ist von Ihrer Wohnung aus in zumutbarer Zeit zu erreichen [Weg und Dauer].",
];

/// The first text of a kind.
pub(super) fn first(kind: NoticeKind) -> NoticeText {
    let [title, decision, reasons] = match kind {
        NoticeKind::Refusal => REFUSAL,
        NoticeKind::Assignment => ASSIGNMENT,
    };
    NoticeText {
        title: title.into(),
        decision: decision.into(),
        reasons: reasons.into(),
        remedy: REMEDY.into(),
        objection_months: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_texts_hold_the_rules_for_templates_and_leave_the_case_to_a_person() {
        for kind in NoticeKind::ALL {
            let text = first(kind).checked().unwrap();
            text.check_gaps().unwrap();
            let filled = text.filled(|_| Some("x".into()));
            let open = filled.check_complete().unwrap_err().0;
            assert_eq!(open.len(), 1, "{kind:?}: the reasons of the case are written by hand");
            assert!(filled.remedy.contains("Widerspruch"));
        }
    }
}

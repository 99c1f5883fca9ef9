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

// The amounts, and what they follow from, stand below by themselves: nobody types them.
const FEE: [&str; 3] = [
    "Bescheid über den Elternbeitrag",
    "Für die Betreuung von {child} in der Einrichtung {facility} setzen wir den Elternbeitrag ab {fee_from} fest.",
    "Für die Betreuung in einer Tageseinrichtung oder in Kindertagespflege werden Kostenbeiträge erhoben (§ 90 SGB VIII). Der Beitrag richtet \
     sich nach diesen Angaben.",
];

const LICENCE_GRANT: [&str; 3] = [
    "Erlaubnis zur Kindertagespflege",
    "Ihnen ({facility}, {facility_address}) wird die Erlaubnis erteilt, vom {licence_from} bis zum {licence_until} bis zu {licence_places} \
     gleichzeitig anwesende Kinder zu betreuen.",
    "Die Erlaubnis ist zu erteilen, wenn eine Person für die Kindertagespflege geeignet ist (§ 43 SGB VIII). Sie ist auf fünf Jahre befristet.\n\n\
     Sie sind geeignet, weil [Tatsachen des Einzelfalls: Persönlichkeit, Sachkompetenz, kindgerechte Räume, Qualifizierung].",
];

const LICENCE_REFUSAL: [&str; 3] = [
    "Ablehnung Ihres Antrags auf Erlaubnis zur Kindertagespflege",
    "Ihr Antrag auf Erlaubnis zur Kindertagespflege ({facility}, {facility_address}) wird abgelehnt.",
    "Die Erlaubnis ist zu erteilen, wenn eine Person für die Kindertagespflege geeignet ist (§ 43 SGB VIII).\n\n\
     Diese Voraussetzung ist nicht erfüllt, weil [Tatsachen des Einzelfalls].",
];

const LICENCE_END: [&str; 3] = [
    "Ende Ihrer Erlaubnis zur Kindertagespflege",
    "Ihre Erlaubnis zur Kindertagespflege ({facility}, {facility_address}) endet mit Ablauf des {licence_until}.",
    "Die Erlaubnis kann enden, wenn die Voraussetzungen des § 43 SGB VIII nicht mehr vorliegen (§§ 45 bis 48 SGB X).\n\n\
     Das ist der Fall, weil [Tatsachen des Einzelfalls, Anhörung].",
];

/// The first text of a kind.
pub(super) fn first(kind: NoticeKind) -> NoticeText {
    let [title, decision, reasons] = match kind {
        NoticeKind::Refusal => REFUSAL,
        NoticeKind::Assignment => ASSIGNMENT,
        NoticeKind::Fee => FEE,
        NoticeKind::LicenceGrant => LICENCE_GRANT,
        NoticeKind::LicenceRefusal => LICENCE_REFUSAL,
        NoticeKind::LicenceEnd => LICENCE_END,
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
            // The calculation of a fee is its case; in all others the reasons are written by hand.
            let open = filled.check_complete().err().map_or(0, |faults| faults.0.len());
            assert_eq!(open, usize::from(kind != NoticeKind::Fee), "{kind:?}");
            assert!(filled.remedy.contains("Widerspruch"));
        }
    }
}

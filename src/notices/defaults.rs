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

const WAIVER: [&str; 3] = [
    "Übernahme Ihres Elternbeitrags",
    "Der Beitrag für die Betreuung von {child}, geboren am {birth_date}, wird vom [erster Tag] bis zum [letzter Tag] [ganz oder in welcher Höhe] \
     [übernommen oder erlassen].",
    "Einen Beitrag, der nicht zuzumuten ist, erlassen oder übernehmen wir auf Antrag (§ 90 Abs. 4 SGB VIII).\n\n\
     Das ist der Fall, weil [Tatsachen des Einzelfalls: welche Leistung bezogen wird, oder die Berechnung].",
];

const WAIVER_REFUSAL: [&str; 3] = [
    "Ablehnung Ihres Antrags auf Übernahme des Elternbeitrags",
    "Ihr Antrag vom [Tag des Antrags], den Beitrag für die Betreuung von {child}, geboren am {birth_date}, zu erlassen oder zu übernehmen, wird \
     abgelehnt.",
    "Ein Beitrag wird erlassen oder übernommen, wenn er nicht zuzumuten ist (§ 90 Abs. 4 SGB VIII).\n\n\
     Das ist nicht der Fall, weil [Tatsachen des Einzelfalls und die Berechnung].",
];

const VOUCHER: [&str; 3] = [
    "Betreuungsgutschein",
    "Für {child}, geboren am {birth_date}, werden ab {care_from} bis zum [letzter Tag] [Zahl] Stunden Betreuung in der Woche bewilligt. Sie können \
     diesen Bescheid bei jeder Einrichtung und jeder Kindertagespflegeperson einlösen, die in der Förderung ist.",
    "Der Umfang der Förderung richtet sich nach dem Alter des Kindes und nach Ihrem Bedarf (§ 24 SGB VIII).\n\n\
     Bewilligt wird dieser Umfang, weil [Tatsachen des Einzelfalls: Arbeit, Ausbildung, Fahrzeiten].",
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
        NoticeKind::Waiver => WAIVER,
        NoticeKind::WaiverRefusal => WAIVER_REFUSAL,
        NoticeKind::Voucher => VOUCHER,
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
            let faults = filled.check_complete().err().map_or(Vec::new(), |faults| faults.0);
            let reasons = faults.iter().any(|fault| fault.pointer == "/reasons");
            assert_eq!(reasons, kind != NoticeKind::Fee, "{kind:?}");
            assert!(filled.remedy.contains("Widerspruch"));
        }
    }
}

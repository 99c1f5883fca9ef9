//! What the office asks for when it drafts a notice. Pure.

use chrono::{Days, Months, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::NoticeKind;
use super::text::text;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::ids::{DemandId, FacilityId};

/// A notice to be drafted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"demand_id": "7c0f4a52-9d0e-4a5b-a6a1-0d6f6a1b2c3d", "kind": "assignment", "file_number": null,
    "facility_id": "6f2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11", "care_from": "2027-09-01"}))]
pub struct NewNotice {
    /// The child's demand, for all that is about no licence; its family must have asserted the legal claim for a refusal or an assignment.
    #[serde(default)]
    pub demand_id: Option<DemandId>,
    /// What it decides. A notice of a fee begins with the fee.
    pub kind: NoticeKind,
    /// The office's own file number, at most 60 characters; the next one of the year when left out.
    #[serde(default)]
    #[schema(max_length = 60)]
    pub file_number: Option<String>,
    /// The assigned facility, or the childminder whose licence it is about.
    #[serde(default)]
    pub facility_id: Option<FacilityId>,
    /// First day of care; for an assignment or a voucher only.
    #[serde(default)]
    pub care_from: Option<NaiveDate>,
    /// First day of the licence; where one is granted.
    #[serde(default)]
    pub licence_from: Option<NaiveDate>,
    /// Last day of the licence; five years when left out where one is granted.
    #[serde(default)]
    pub licence_until: Option<NaiveDate>,
    /// Children at the same time, 1 to 5; where a licence is granted.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5)]
    pub licence_places: Option<i32>,
    /// Contracts in all, where the licence bounds them.
    #[serde(default)]
    pub licence_total: Option<i32>,
}

/// A licence as a notice grants it, or the last day of one that it ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LicenceTerms {
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub until: Option<NaiveDate>,
    /// Children at the same time.
    pub places: Option<i32>,
    /// Contracts in all.
    pub total: Option<i32>,
}

/// The last day of a licence: it is for five years (§ 43 Abs. 3 SGB VIII).
fn five_years(from: NaiveDate) -> NaiveDate {
    from.checked_add_months(Months::new(60))
        .and_then(|day| day.checked_sub_days(Days::new(1)))
        .unwrap_or(NaiveDate::MAX)
}

impl NewNotice {
    /// What is wrong with it.
    pub fn check(&self, today: NaiveDate) -> Result<(), Invalid> {
        let mut fields = Fields::new();
        let latest = today.checked_add_months(Months::new(36)).unwrap_or(NaiveDate::MAX);
        let licence = self.kind.is_licence();
        fields.check(self.kind != NoticeKind::Fee, "/kind", "not_wanted");
        match self.demand_id {
            Some(_) => fields.check(!licence, "/demand_id", "not_wanted"),
            None => fields.check(licence || self.kind == NoticeKind::Fee, "/demand_id", "required"),
        };
        if self.kind == NoticeKind::Assignment || licence {
            fields.check(self.facility_id.is_some(), "/facility_id", "required");
        } else {
            fields.check(self.facility_id.is_none(), "/facility_id", "not_wanted");
        }
        if self.kind.begins_care() {
            fields.check(self.care_from.is_some(), "/care_from", "required");
            fields.check(self.care_from.is_none_or(|d| d <= latest), "/care_from", "too_late");
            fields.check(self.care_from.is_none_or(|d| d >= today), "/care_from", "in_past");
        } else {
            fields.check(self.care_from.is_none(), "/care_from", "not_wanted");
        }
        self.check_licence(&mut fields, today, latest);
        if let Some(number) = &self.file_number {
            text(&mut fields, number, "/file_number", 60);
        }
        fields.finish()
    }

    fn check_licence(&self, fields: &mut Fields, today: NaiveDate, latest: NaiveDate) {
        let (grant, end) = (
            self.kind == NoticeKind::LicenceGrant,
            self.kind == NoticeKind::LicenceEnd,
        );
        let terms = [
            (grant, true, self.licence_from.is_some(), "/licence_from"),
            (grant || end, end, self.licence_until.is_some(), "/licence_until"),
            (grant, true, self.licence_places.is_some(), "/licence_places"),
            (grant, false, self.licence_total.is_some(), "/licence_total"),
        ];
        for (wanted, required, given, pointer) in terms {
            fields.check(wanted || !given, pointer, "not_wanted");
            fields.check(!wanted || !required || given, pointer, "required");
        }
        if grant {
            let in_range = |n: Option<i32>, least: i32, most: i32| n.is_none_or(|n| (least..=most).contains(&n));
            fields.check(self.licence_from.is_none_or(|d| d >= today), "/licence_from", "in_past");
            fields.check(
                self.licence_from.is_none_or(|d| d <= latest),
                "/licence_from",
                "too_late",
            );
            fields.check(in_range(self.licence_places, 1, 5), "/licence_places", "out_of_range");
            let least = self.licence_places.unwrap_or(1);
            fields.check(
                in_range(self.licence_total, least, 20),
                "/licence_total",
                "out_of_range",
            );
            if let (Some(from), Some(until)) = (self.licence_from, self.licence_until) {
                fields.check(until > from, "/licence_until", "too_early");
                fields.check(until <= five_years(from), "/licence_until", "too_late");
            }
        }
        if end {
            fields.check(
                self.licence_until.is_none_or(|d| d >= today),
                "/licence_until",
                "in_past",
            );
            fields.check(
                self.licence_until.is_none_or(|d| d <= latest),
                "/licence_until",
                "too_late",
            );
        }
    }

    /// The licence that it grants or ends; one that is granted is for five years where nothing else is said.
    pub fn licence(&self) -> LicenceTerms {
        LicenceTerms {
            from: self.licence_from,
            until: self.licence_until.or(self.licence_from.map(five_years)),
            places: self.licence_places,
            total: self.licence_total,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ID: &str = "7c0f4a52-9d0e-4a5b-a6a1-0d6f6a1b2c3d";

    fn faults(body: Value) -> Vec<String> {
        let new: NewNotice = serde_json::from_value(body).unwrap();
        let faults = new
            .check("2027-02-01".parse().unwrap())
            .err()
            .map_or(Vec::new(), |i| i.0);
        faults
            .into_iter()
            .map(|f| format!("{} {}", f.pointer, f.code))
            .collect()
    }

    #[test]
    fn each_kind_asks_for_what_it_is_about_and_for_nothing_else() {
        let nothing: [&str; 0] = [];
        let claim = json!({"kind": "refusal", "demand_id": ID});
        assert_eq!(faults(claim), nothing);
        assert_eq!(faults(json!({"kind": "refusal"})), ["/demand_id required"]);
        assert_eq!(faults(json!({"kind": "fee"})), ["/kind not_wanted"]);
        for kind in ["waiver", "waiver_refusal"] {
            assert_eq!(faults(json!({"kind": kind, "demand_id": ID})), nothing);
            let day = json!({"kind": kind, "demand_id": ID, "care_from": "2027-08-01"});
            assert_eq!(faults(day), ["/care_from not_wanted"]);
        }
        let voucher = |day: &str| json!({"kind": "voucher", "demand_id": ID, "care_from": day});
        assert_eq!(faults(voucher("2027-08-01")), nothing);
        assert_eq!(faults(voucher("2027-01-31")), ["/care_from in_past"]);
        assert_eq!(
            faults(json!({"kind": "voucher", "demand_id": ID, "facility_id": ID})),
            ["/facility_id not_wanted", "/care_from required"]
        );
        let both = json!({"kind": "licence_refusal", "demand_id": ID, "care_from": "2027-08-01", "licence_places": 3});
        let wanted = [
            "/demand_id not_wanted",
            "/facility_id required",
            "/care_from not_wanted",
            "/licence_places not_wanted",
        ];
        assert_eq!(faults(both), wanted);
        let bare = faults(json!({"kind": "licence_grant", "facility_id": ID}));
        assert_eq!(bare, ["/licence_from required", "/licence_places required"]);
        assert_eq!(
            faults(json!({"kind": "licence_end", "facility_id": ID})),
            ["/licence_until required"]
        );
    }

    #[test]
    fn a_licence_is_for_five_years_at_most_and_for_five_children() {
        let grant = |from: &str, until: &str, places: i32| {
            faults(
                json!({"kind": "licence_grant", "facility_id": ID, "licence_from": from, "licence_until": until,
                          "licence_places": places, "licence_total": 4}),
            )
        };
        assert_eq!(grant("2027-03-01", "2032-02-29", 4), [""; 0]);
        assert_eq!(grant("2027-03-01", "2032-03-01", 4), ["/licence_until too_late"]);
        assert_eq!(grant("2027-03-01", "2027-03-01", 4), ["/licence_until too_early"]);
        assert_eq!(grant("2027-01-31", "2028-03-01", 4), ["/licence_from in_past"]);
        let wanted = ["/licence_places out_of_range", "/licence_total out_of_range"];
        assert_eq!(grant("2027-03-01", "2028-03-01", 6), wanted);
        let new: NewNotice =
            serde_json::from_value(json!({"kind": "licence_grant", "licence_from": "2027-03-01", "licence_places": 4}))
                .unwrap();
        assert_eq!(new.licence().until, Some("2032-02-29".parse().unwrap()));
    }
}

//! What is entered of a single child for a key date: what the survey asks for and nothing here knows, no more. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Part;
use crate::platform::fields::Fields;

/// Answers about a child. Origin, language and help are special categories of data; the kind of a disability is not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = SurveyChildAnswers, example = json!({"days_per_week": 5, "meals": true, "attends_school": false, "grade": null, "foreign_origin": false,
    "german_at_home": true, "integration_help": false, "related": null, "other_care": null}))]
pub struct ChildAnswers {
    /// Days of care a week.
    #[schema(minimum = 1, maximum = 7)]
    pub days_per_week: Option<i32>,
    /// Whether it has lunch there.
    pub meals: Option<bool>,
    /// Whether it goes to school.
    pub attends_school: Option<bool>,
    /// The grade that it is in; facilities only.
    #[schema(minimum = 1, maximum = 13)]
    pub grade: Option<i32>,
    /// Whether at least one parent comes from abroad.
    pub foreign_origin: Option<bool>,
    /// Whether the family mostly speaks German.
    pub german_at_home: Option<bool>,
    /// Whether it gets integration assistance.
    pub integration_help: Option<bool>,
    /// Whether it is related to the childminder; childminders only.
    pub related: Option<bool>,
    /// Whether it is cared for elsewhere as well; childminders only.
    pub other_care: Option<bool>,
}

impl ChildAnswers {
    /// The same without what this part of the survey does not ask for.
    pub fn checked(self, part: Part, at: &str, fields: &mut Fields) -> Self {
        let days = self.days_per_week.is_none_or(|n| (1..=7).contains(&n));
        fields.check(days, &format!("{at}/days_per_week"), "out_of_range");
        let grade = self.grade.is_none_or(|n| (1..=13).contains(&n));
        fields.check(grade, &format!("{at}/grade"), "out_of_range");
        match part {
            Part::Childminding => Self { grade: None, ..self },
            Part::Facilities => Self {
                // Who goes to no school is in no grade.
                grade: self.grade.filter(|_| self.attends_school != Some(false)),
                related: None,
                other_care: None,
                ..self
            },
        }
    }
}

//! What parents read about criteria: the questions of the form, and the published sets.

use actix_web::get;
use actix_web::web::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{RuleBody, SetBody};
use super::language;
use crate::access::{Action, Ctx};
use crate::demands::criteria::counting::in_force;
use crate::demands::criteria::model::{Points, RuleSet, SetPhase, Source};
use crate::demands::criteria::store::{self, CriterionRow, SetRow};
use crate::platform::http::{ApiError, Query};
use crate::platform::ids::CriterionId;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(list_criteria).service(list_published_criteria);
}

/// A question to families in one language.
#[derive(Debug, Serialize, ToSchema)]
struct CriterionBody {
    id: CriterionId,
    code: String,
    title: String,
    hint: String,
    /// What counts as evidence.
    evidence: String,
    /// `asked`: yes or no; `asked_number`: a number.
    source: Source,
    /// What a yes counts in the municipality's set today; `null`: it counts nothing there, or not always the same.
    points: Option<i32>,
    position: i32,
    /// Facilities see how much such reasons count together, and not which they are.
    confidential: bool,
}

/// The questions to families.
#[derive(Debug, Serialize, ToSchema)]
struct CriteriaBody {
    items: Vec<CriterionBody>,
}

/// A published set with its rules.
#[derive(Debug, Serialize, ToSchema)]
struct PublishedSet {
    #[serde(flatten)]
    set: SetBody,
    rules: Vec<RuleBody>,
}

/// The published sets.
#[derive(Debug, Serialize, ToSchema)]
struct PublishedSets {
    items: Vec<PublishedSet>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CriteriaQuery {
    /// `de` or `en`; the reader's or the municipality's when left out.
    language: Option<String>,
}

impl CriterionBody {
    fn of(row: CriterionRow, today: Option<&(SetRow, RuleSet)>, language: &str) -> Self {
        let rule = today.and_then(|(_, set)| set.rules.iter().find(|r| r.criterion.code == row.code));
        let [title, hint, evidence] = row.texts(language).map(str::to_owned);
        Self {
            points: rule.and_then(|r| match r.points {
                Points::Flat { points } => Some(points),
                _ => None,
            }),
            id: row.id,
            code: row.code,
            title,
            hint,
            evidence,
            source: row.source,
            position: row.position,
            confidential: row.confidential,
        }
    }
}

/// The questions that families are asked: those that count in a published set. Others are not asked.
#[utoipa::path(tag = "demands", params(CriteriaQuery), responses((status = 200, description = "The questions in their order", body = CriteriaBody)))]
#[get("/criteria")]
async fn list_criteria(ctx: Ctx, query: Query<CriteriaQuery>) -> Result<Json<CriteriaBody>, ApiError> {
    ctx.read(Action::ListCriteria, async |tx| {
        let language = language(tx, query.0.language).await?;
        let (asked, sets) = (store::asked_criteria(tx).await?, store::published(tx).await?);
        let now = in_force(&sets, None, tx.today());
        let mut rows = store::criteria(tx).await?;
        rows.retain(|row| asked.iter().any(|a| a.id == row.id));
        let items = rows
            .into_iter()
            .map(|row| CriterionBody::of(row, now, &language))
            .collect();
        Ok(Json(CriteriaBody { items }))
    })
    .await
}

/// By which rules places are given: the sets that hold or are to come, of the municipality and of each provider.
#[utoipa::path(tag = "demands", params(CriteriaQuery), responses((status = 200, description = "The municipality's first", body = PublishedSets)))]
#[get("/criteria-sets")]
async fn list_published_criteria(ctx: Ctx, query: Query<CriteriaQuery>) -> Result<Json<PublishedSets>, ApiError> {
    ctx.read(Action::ListPublishedCriteria, async |tx| {
        let language = language(tx, query.0.language).await?;
        let (all, today) = (store::sets(tx).await?, tx.today());
        let shown: Vec<SetBody> = all
            .iter()
            .map(|row| SetBody::of(row.clone(), &all, today))
            .filter(|set| matches!(set.phase, SetPhase::InForce | SetPhase::Coming))
            .collect();
        let ids: Vec<_> = shown.iter().map(|set| set.id).collect();
        let (rules, criteria) = (store::rules(tx, &ids).await?, store::criteria(tx).await?);
        let items = shown
            .into_iter()
            .map(|set| PublishedSet {
                rules: RuleBody::all(&rules, set.id, &criteria, &language),
                set,
            })
            .collect();
        Ok(Json(PublishedSets { items }))
    })
    .await
}

//! The letter of reasons as a PDF: for the family itself, and for the office from the case.

use actix_web::{HttpResponse, get};
use utoipa_actix_web::service_config::ServiceConfig;

use super::why::{self, ExplainedWish, ExplanationBody};
use crate::access::{Action, Ctx, TenantRead};
use crate::allocation::rounds;
use crate::allocation::rounds::RoundError;
use crate::allocation::rounds::model::{DeviationReason, Outcome};
use crate::allocation::rounds::store::{self, CaseRow, RoundRow};
use crate::allocation::rounds::why::WhyWish;
use crate::demands::{self, EvidenceState};
use crate::documents::{self, Letterhead, ReasonsLetter, ReasonsLine, ReasonsLottery, ReasonsSiblings, ReasonsWish};
use crate::families::{self, Contact};
use crate::platform::clock::berlin_date;
use crate::platform::http::{ApiError, At};
use crate::platform::ids::{AccountId, CaseId, DemandId, RoundId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(get_explanation_letter).service(get_case_letter);
}

/// Why, as a letter to the asker: for each wish the reason, own points and cut-off, what may change, and how to check the lottery number.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The letter", content_type = "application/pdf", body = [u8]),
    (status = 409, description = "`round.not_decided`: no round has decided about this demand yet"),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/demands/{demand_id}/explanation.pdf")]
async fn get_explanation_letter(ctx: Ctx, at: At<DemandId>) -> Result<HttpResponse, ApiError> {
    let (head, letter) = ctx
        .read(Action::GetExplanationLetter, async |tx| {
            let child = why::own_child(tx, at.0).await?;
            let decided = why::decided_case(tx, at.0).await?;
            let (round, case) = decided.ok_or(RoundError::NotDecided)?;
            let (family, language) = (tx.scope().own(), tx.language());
            let guardians = families::guardians_of(tx, child).await?;
            // The reader's own address: parents who live apart do not learn each other's from a paper.
            let reader = guardians
                .into_iter()
                .find(|g| family.is_some_and(|family| g.is(family)));
            letter(tx, &round, &case, reader, &language).await
        })
        .await?;
    Ok(documents::reasons_pdf(head, letter).await?.answer("begruendung.pdf"))
}

/// The letter of reasons of a case, to the guardian who has had custody for longest, in that person's language.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The letter", content_type = "application/pdf", body = [u8]),
    (status = 409, description = "`round.not_decided`: the case has not been decided about yet"),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/rounds/{round_id}/cases/{case_id}/letter.pdf")]
async fn get_case_letter(ctx: Ctx, at: At<RoundId>, case: At<CaseId>) -> Result<HttpResponse, ApiError> {
    let (head, letter) = ctx
        .read(Action::GetCaseLetter, async |tx| {
            let filter = store::Cases {
                id: Some(case.0),
                ..Default::default()
            };
            let row = store::cases(tx, at.0, &filter).await?.pop();
            let row = row.ok_or_else(ApiError::not_found)?;
            tx.touch(case.0);
            tx.touch_child(row.child_id);
            if matches!(row.outcome, Outcome::None | Outcome::Waiting)
                || row.outcome_reason.as_deref() == Some("failed")
            {
                return Err(RoundError::NotDecided.into());
            }
            let round = rounds::round(tx, at.0).await?;
            let guardian = families::guardians_of(tx, row.child_id).await?.into_iter().next();
            let language = guardian.as_ref().map_or("de".to_owned(), |g| g.language.clone());
            letter(tx, &round, &row, guardian, &language).await
        })
        .await?;
    Ok(documents::reasons_pdf(head, letter).await?.answer("begruendung.pdf"))
}

async fn letter(
    tx: &mut TenantRead,
    round: &RoundRow,
    case: &CaseRow,
    reader: Option<Contact>,
    language: &str,
) -> Result<(Letterhead, ReasonsLetter), ApiError> {
    let custody_of = reader.as_ref().map(|guardian| AccountId(guardian.guardian_id.0));
    let explained = why::decided(tx, round, case, custody_of).await?;
    let titles = demands::criterion_titles(tx, language).await?;
    let title = |code: &str| titles.get(code).cloned().unwrap_or_else(|| code.to_owned());
    let name = case.first_name.clone().zip(case.last_name.clone());
    let letter = ReasonsLetter {
        address: families::address_on_paper(tx, reader),
        reference_code: case.reference_code.clone(),
        child: name.map(|(first, last)| format!("{first} {last}")),
        round: round.name.clone(),
        key_date: round.key_date,
        care_from: case.way().map_or(case.care_from, |way| way.care_from),
        hours: case.way().and_then(|way| way.hours),
        criteria: round.rule_set.as_deref().map(without_ids),
        released_at: round.released_at,
        outcome: outcome_word(case.outcome_for_family()),
        deviation: explained.round.as_ref().is_some_and(|r| r.deviation),
        siblings: explained.siblings.as_ref().map(|placing| ReasonsSiblings {
            rule: placing.rule.as_str(),
            said_on: placing.said_at.map(berlin_date),
            follows: placing.follows(),
        }),
        changes: changes(&explained, case.outcome_for_family()),
        wishes: explained.wishes.iter().map(|w| wish(w, &title)).collect(),
        lottery: explained.lottery.map(|l| ReasonsLottery {
            number: l.number,
            pseudonym: l.pseudonym,
            seed: l.seed,
            source: l.draw_source,
            drawn_on: l.draw_on,
            commitment: l.commitment,
            families: l.families,
            smaller: l.smaller,
        }),
    };
    Ok((documents::letterhead(tx, language).await?, letter))
}

fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::None | Outcome::Waiting => "waiting",
        Outcome::Decided => "decided",
        Outcome::Offered => "offered",
        Outcome::NotSent => "not_sent",
        Outcome::Left => "left",
    }
}

fn why_of(wish: &ExplainedWish) -> WhyWish {
    WhyWish {
        reason: wish.reason,
        excluded: wish.excluded,
        own: wish.own,
        cutoff: wish.cutoff,
        lottery: wish.lottery,
        provider_reason: wish.provider_reason,
        decided: wish.decided,
    }
}

fn wish(wish: &ExplainedWish, title: &impl Fn(&str) -> String) -> ReasonsWish {
    let why = why_of(wish);
    let line = |line: &demands::ScoreLine| ReasonsLine {
        title: title(&line.code),
        evidence: match (line.not_counted, line.evidence) {
            (Some(outcome), _) => outcome.as_str(),
            (None, Some(EvidenceState::Claimed)) => "claimed",
            (None, Some(EvidenceState::Seen)) => "seen",
            (None, Some(EvidenceState::Rejected)) => "rejected",
            (None, None) => "none",
        },
        points: line.points,
    };
    ReasonsWish {
        rank: wish.wish,
        facility: wish.facility_name.clone(),
        why: why.key(),
        provider_reason: wish.provider_reason.map(DeviationReason::as_str),
        own: wish.own.map(|s| s.points),
        cutoff: wish.cutoff.map(|s| s.points),
        waits: wish.followup_rank.filter(|_| why.waits()),
        points: wish.points,
        lines: wish.breakdown.iter().flatten().map(line).collect(),
    }
}

/// What is still open for the family, as the page says it.
fn changes(explained: &ExplanationBody, outcome: Outcome) -> Vec<&'static str> {
    let lines = || explained.wishes.iter().flat_map(|w| w.breakdown.iter().flatten());
    let missing = lines().any(|l| l.evidence == Some(EvidenceState::Claimed) && l.not_counted.is_none());
    let waits = explained.wishes.iter().any(|w| why_of(w).waits());
    let decided = outcome == Outcome::Decided;
    let all = [
        ("offer", outcome == Outcome::Offered && !explained.may_improve),
        ("improve", outcome == Outcome::Offered && explained.may_improve),
        ("follow", decided && waits),
        ("evidence", missing),
        ("wishes", decided),
        ("claim", decided),
        ("ask", true),
    ];
    all.into_iter()
        .filter(|(_, holds)| *holds)
        .map(|(key, _)| key)
        .collect()
}

/// The sets of criteria by name and number; the ids that tell versions apart are for the record, not for people.
fn without_ids(rule_set: &str) -> String {
    let name = |set: &str| match set.rsplit_once(" (") {
        Some((name, id)) if uuid::Uuid::parse_str(id.trim_end_matches(')')).is_ok() => name.to_owned(),
        _ => set.to_owned(),
    };
    rule_set.split("; ").map(name).collect::<Vec<_>>().join("; ")
}

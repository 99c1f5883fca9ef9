//! What the office reads: templates, notices by deadline, one notice, its paper.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{
    NewNoticeTemplate, NoticeBody, NoticeDetail, NoticeTemplateBody, NoticeTemplateWritten, NoticeTemplates,
};
use crate::access::{Action, Ctx, TenantRead};
use crate::documents;
use crate::notices::model::{GAPS, NoticeKind, NoticeState};
use crate::notices::store::{self, Filter, NoticeSort};
use crate::notices::{self, defaults, paper};
use crate::platform::http::{ApiError, At, Body, OrderQuery, Page, Query, Versioned, beginning};
use crate::platform::ids::{DemandId, GuardianId, NoticeId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_notice_templates)
        .service(create_notice_template)
        .service(list_notices)
        .service(get_notice_letter)
        .service(get_notice);
}

/// The templates of notices with all their versions; the text that comes with the software stands last of each kind.
#[utoipa::path(tag = "notices", responses((status = 200, description = "The templates", body = NoticeTemplates)))]
#[get("/office/notice-templates")]
async fn list_notice_templates(ctx: Ctx) -> Result<Json<NoticeTemplates>, ApiError> {
    ctx.read(Action::ListNoticeTemplates, async |tx| {
        let mut rows = store::templates(tx).await?;
        let mut items = Vec::new();
        for kind in NoticeKind::ALL {
            let before = items.len();
            for row in rows.extract_if(.., |row| row.kind == kind) {
                let current = items.len() == before;
                items.push(NoticeTemplateBody::of(row, current));
            }
            let current = items.len() == before;
            items.push(NoticeTemplateBody::first(kind, defaults::first(kind), current));
        }
        let gaps = GAPS.to_vec();
        Ok(Json(NoticeTemplates { items, gaps }))
    })
    .await
}

/// Writes the next version of a template; notices drafted from now on are made from it.
#[utoipa::path(tag = "notices", request_body = NewNoticeTemplate,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "It was written", body = NoticeTemplateWritten),
              (status = 422, description = "`unknown_gap`: a `{name}` that nobody can fill in")))]
#[post("/admin/notice-templates")]
async fn create_notice_template(ctx: Ctx, body: Body<NewNoticeTemplate>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::CreateNoticeTemplate, StatusCode::CREATED, &body, async |tx| {
        let new = body.parse()?;
        let (id, version) = notices::add_template(tx, new.kind, new.text).await?;
        Ok(NoticeTemplateWritten { id, version })
    })
    .await
}

/// Which notices.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NoticesQuery {
    /// States, separated by commas; all when left out.
    #[param(example = "issued,served")]
    state: Option<String>,
    /// Kinds, separated by commas; all when left out.
    #[param(example = "fee,refusal")]
    kind: Option<String>,
    /// Only about this demand.
    demand_id: Option<DemandId>,
    /// Beginning of the file number, the reference code or the child's name.
    q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<NoticeSort>,
}

impl NoticesQuery {
    fn filter(self) -> Result<Filter, ApiError> {
        Ok(Filter {
            demand: self.demand_id,
            states: chosen(self.state.as_deref(), "state: not a state of a notice", |word| {
                NoticeState::ALL
                    .into_iter()
                    .map(NoticeState::as_str)
                    .find(|s| *s == word)
            })?,
            kinds: chosen(self.kind.as_deref(), "kind: not a kind of notice", |word| {
                NoticeKind::ALL.into_iter().map(NoticeKind::as_str).find(|s| *s == word)
            })?,
            q: beginning(self.q),
            order: self.order.order()?,
            ..Filter::default()
        })
    }
}

/// Words from a list with commas; `None` where nothing is chosen.
fn chosen(
    list: Option<&str>,
    fault: &'static str,
    known: impl Fn(&str) -> Option<&'static str>,
) -> Result<Option<Vec<String>>, ApiError> {
    let Some(list) = list.filter(|list| !list.is_empty()) else {
        return Ok(None);
    };
    let word = |word: &str| known(word.trim()).ok_or_else(|| ApiError::malformed("query.malformed", fault));
    list.split(',')
        .map(|one| word(one).map(str::to_owned))
        .collect::<Result<_, _>>()
        .map(Some)
}

/// Notices, filtered and sorted; by the last day to object when nothing is said, drafts, which have none, last.
#[utoipa::path(tag = "notices", params(NoticesQuery, OrderQuery<NoticeSort>),
    responses((status = 200, description = "A page of notices", body = Page<NoticeBody>)))]
#[get("/office/notices")]
async fn list_notices(ctx: Ctx, query: Query<NoticesQuery>) -> Result<Json<Page<NoticeBody>>, ApiError> {
    ctx.read(Action::ListNotices, async |tx| {
        let filter = query.0.filter()?;
        let rows = notices::listed(tx, &filter).await?;
        let page = filter.order.page(rows);
        page.items.iter().for_each(|row| notices::touch_subject(tx, row));
        let language = tx.language();
        Ok(Json(page.map(|row| NoticeBody::of(row, &language))))
    })
    .await
}

/// One notice with its words.
#[utoipa::path(tag = "notices", responses((status = 200, description = "The notice", body = NoticeDetail)))]
#[get("/office/notices/{notice_id}")]
async fn get_notice(ctx: Ctx, at: At<NoticeId>) -> Result<Versioned<NoticeDetail>, ApiError> {
    ctx.read(Action::GetNotice, async |tx| shown(tx, at.0).await).await
}

/// The notice as it stands now, with its version.
pub(super) async fn shown(tx: &mut TenantRead, id: NoticeId) -> Result<Versioned<NoticeDetail>, ApiError> {
    let row = notices::find(tx, id).await?;
    tx.touch(id);
    notices::touch_subject(tx, &row);
    Ok(Versioned::new(row.version, NoticeDetail::of(tx, row)))
}

/// To whom the paper is addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LetterQuery {
    /// This guardian; the first with custody when left out. A licence goes to the childminder.
    guardian_id: Option<GuardianId>,
}

/// A notice as an accessible PDF for a window envelope; what was not posted yet is marked as a draft.
#[utoipa::path(tag = "notices", params(LetterQuery), responses(
    (status = 200, description = "The notice", body = Vec<u8>, content_type = "application/pdf"),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/office/notices/{notice_id}.pdf")]
async fn get_notice_letter(ctx: Ctx, at: At<NoticeId>, query: Query<LetterQuery>) -> Result<HttpResponse, ApiError> {
    let (head, letter) = ctx
        .read(Action::GetNoticeLetter, async |tx| {
            let row = notices::find(tx, at.0).await?;
            tx.touch(at.0);
            notices::touch_subject(tx, &row);
            Ok::<_, ApiError>(paper::office_paper(tx, row, query.0.guardian_id).await?)
        })
        .await?;
    Ok(documents::notice_pdf(head, letter).await?.answer("bescheid.pdf"))
}

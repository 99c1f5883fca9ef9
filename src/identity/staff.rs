//! Staff: invitations by mail, accepting them, roles on a scope.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::json;

use super::http::{
    Acceptance, InvitationBody, InvitationsQuery, MembershipBody, NewInvitation, NewMembership, SessionBody, StaffBody,
    StaffQuery,
};
use super::model::{Grant, INVITATION_LIFE, IdentityError, guessable};
use super::registration::is_language;
use super::sign_in::{begin, limit, signed_in};
use super::staff_store::{InvitationFilter, InvitationRow};
use super::store::{AccountRow, LinkRow, MembershipRow};
use super::{model, roles, staff_store, store, throttle};
use crate::access::{Action, Ctx, TenantRead, TenantTx};
use crate::notifications::{self, Message, Recipient, Token};
use crate::platform::fields::{Fields, Invalid, normalised_email};
use crate::platform::http::{ApiError, Body, Page, beginning};
use crate::platform::ids::{InvitationId, MembershipId};
use crate::platform::limits::Kind;

/// Staff with their roles, in the order asked for.
pub(super) async fn list(ctx: &Ctx, query: StaffQuery) -> Result<Page<StaffBody>, ApiError> {
    ctx.read(Action::ListStaff, async |tx| {
        let order = query.order.order()?;
        let q = beginning(query.q);
        let rows = order.page(staff_store::staff(tx, q.as_deref(), query.role, &order).await?);
        let ids: Vec<_> = rows.items.iter().map(|r| r.id).collect();
        let memberships = store::memberships(tx, &ids).await?;
        let town = tx.tenant().name.clone();
        Ok(rows.map(|row| StaffBody {
            memberships: (memberships.iter().filter(|m| m.account_id == row.id))
                .map(|m| membership_body(m, &town))
                .collect(),
            account_id: row.id,
            email: row.email,
            display_name: row.display_name,
            second_factor: row.has_second_factor,
            last_seen_at: row.last_seen_at,
        }))
    })
    .await
}

fn membership_body(row: &MembershipRow, town: &str) -> MembershipBody {
    MembershipBody {
        id: row.id,
        role: row.role(),
        provider_id: row.provider_id,
        facility_id: row.facility_id,
        label: row.label.clone().unwrap_or_else(|| town.to_owned()),
    }
}

/// Invitations in the order asked for.
pub(super) async fn invitations(ctx: &Ctx, query: InvitationsQuery) -> Result<Page<InvitationBody>, ApiError> {
    ctx.read(Action::ListInvitations, async |tx| {
        let filter = InvitationFilter {
            id: None,
            email: beginning(query.email),
            role: query.role,
            state: query.state,
            order: query.order.order()?,
        };
        let rows = staff_store::invitations(tx, &filter).await?;
        let town = tx.tenant().name.clone();
        Ok(filter.order.page(rows).map(|row| invitation_body(row, &town)))
    })
    .await
}

fn invitation_body(row: InvitationRow, town: &str) -> InvitationBody {
    InvitationBody {
        id: row.id,
        email: row.email,
        role: grant_of(&row.payload).map_or(crate::access::Role::ReadOnly, |g| g.role),
        label: row.label.unwrap_or_else(|| town.to_owned()),
        expires_at: row.expires_at,
        state: row.state,
    }
}

fn grant_of(payload: &serde_json::Value) -> Option<Grant> {
    serde_json::from_value(payload["grant"].clone()).ok()
}

/// Invites somebody as staff.
pub(super) async fn invite(ctx: &Ctx, body: &Body<NewInvitation>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::InviteStaff, StatusCode::CREATED, body, async |tx| {
        let new = body.parse()?;
        let grant = Grant {
            role: new.role,
            provider_id: new.provider_id,
            facility_id: new.facility_id,
        };
        let email = normalised_email(&new.email);
        let mut fields = Fields::new();
        fields.check(email.is_some(), "/email", "invalid");
        fields.check(is_language(&new.language), "/language", "unknown");
        check_grant(tx, &grant, fields).await?;
        let email = email.unwrap_or_default();
        if !throttle::may_mail(tx, &email).await? {
            return Err(ApiError::too_many(3600));
        }
        let id = send_invitation(tx, &email, &new.language, &grant).await?;
        let only = InvitationFilter {
            id: Some(id),
            ..InvitationFilter::default()
        };
        let row = staff_store::invitations(tx, &only).await?.pop();
        let row = row.ok_or_else(ApiError::not_found)?;
        Ok(invitation_body(row, &tx.tenant().name))
    })
    .await
}

/// Refuses a role without its scope, and a scope that is not in this tenant.
async fn check_grant(tx: &mut TenantRead, grant: &Grant, mut fields: Fields) -> Result<(), ApiError> {
    grant.check(&mut fields);
    let (provider, facility) = staff_store::has_scope(tx, grant).await?;
    fields.check(provider, "/provider_id", "unknown");
    fields.check(facility, "/facility_id", "unknown");
    Ok(fields.finish()?)
}

/// Writes an invitation and its mail.
pub(super) async fn send_invitation(
    tx: &mut TenantTx,
    email: &str,
    language: &str,
    grant: &Grant,
) -> Result<InvitationId, IdentityError> {
    let payload = json!({ "grant": grant, "language": language,
        "facility_id": grant.facility_id, "provider_id": grant.provider_id });
    let (id, secret) = store::insert_link(tx, "invitation", None, email, payload, INVITATION_LIFE).await?;
    tx.touch(id);
    let message = Message::Invitation {
        role: grant.role,
        token: Token::new(secret),
    };
    notifications::enqueue(tx, Recipient::address(email, language), message).await?;
    Ok(id)
}

/// Takes an open invitation back.
pub(super) async fn revoke_invitation(ctx: &Ctx, id: InvitationId) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::RevokeInvitation, async |tx| {
        tx.touch(id);
        if staff_store::revoke_invitation(tx, id).await? {
            Ok(HttpResponse::NoContent().finish())
        } else {
            Err(IdentityError::Missing.into())
        }
    })
    .await
}

/// What was found before an invitation is accepted, outside of the transaction that accepts it.
enum Invitee {
    /// Nobody has this address: an account is made with this hash.
    New(String),
    /// A member of staff has it and showed the password.
    Known(AccountRow),
}

/// Accepts an invitation: a new account, or one more role for the account that the address has.
pub(super) async fn accept(ctx: &Ctx, body: &Body<Acceptance>) -> Result<HttpResponse, ApiError> {
    limit(ctx, Kind::SignIn)?;
    let input = body.parse()?;
    let mut fields = Fields::new();
    let name = fields.text(&input.display_name, "/display_name", 120).to_owned();
    fields.finish()?;
    let invitee = meet(ctx, &input).await?;
    let (session, body) = ctx
        .write(Action::AcceptInvitation, async |tx| {
            let link = store::use_link(tx, "invitation", &input.token)
                .await?
                .ok_or(IdentityError::Link)?;
            let account = join(tx, &link, &invitee, &name).await?;
            throttle::forget(tx, &account.email, ctx.address).await?;
            tx.touch(account.id);
            // Whoever has a second factor shows it at the door; the invitation's link is not one.
            if account.has_second_factor {
                return Ok((None, SessionBody::nobody()));
            }
            let (session, body) = begin(ctx, tx, &account).await?;
            Ok((Some(session), body))
        })
        .await?;
    Ok(match session {
        Some(session) => signed_in(ctx, &session, body),
        None => HttpResponse::Ok().json(body),
    })
}

/// Looks at the link and checks the password, before anything is written.
async fn meet(ctx: &Ctx, input: &Acceptance) -> Result<Invitee, ApiError> {
    let (email, known) = ctx
        .prepare(Action::AcceptInvitation, async |tx| {
            let link = store::find_link(tx, "invitation", &input.token)
                .await?
                .ok_or(IdentityError::Link)?;
            let known = store::account_by_email(tx, &link.email).await?;
            throttle::attempt(tx, &link.email, ctx.address).await?;
            Ok((link.email, known))
        })
        .await?;
    let password = secrecy::SecretString::from(input.password.as_str());
    match known {
        Some(account) if account.is_staff() => {
            let stored = account.password_hash.clone();
            if ctx.platform.hasher.verify(password, stored).await? {
                Ok(Invitee::Known(account))
            } else {
                let refused = Invalid::one("/password", "wrong", "").into();
                ctx.refuse(Action::AcceptInvitation, Some(account.id.0), &refused).await;
                Err(refused)
            }
        }
        Some(_) => Err(IdentityError::AddressInUse.into()),
        None => {
            let mut fields = Fields::new();
            let words = guessable(&ctx.tenant.name, &ctx.tenant.slug, &email);
            model::check_password(&mut fields, "/password", &input.password, &words);
            fields.finish()?;
            Ok(Invitee::New(ctx.platform.hasher.hash(password).await?))
        }
    }
}

async fn join(tx: &mut TenantTx, link: &LinkRow, invitee: &Invitee, name: &str) -> Result<AccountRow, IdentityError> {
    let grant = grant_of(&link.payload).ok_or(IdentityError::Link)?;
    let language = link.payload["language"].as_str().unwrap_or("de");
    let id = match invitee {
        Invitee::Known(account) => account.id,
        Invitee::New(hash) => store::insert_account(tx, "staff", &link.email, hash, Some(name), language)
            .await?
            .ok_or(IdentityError::AddressInUse)?,
    };
    let account = store::account(tx, id).await?.ok_or(IdentityError::Link)?;
    // The password was checked before; it must be the same one still.
    if let Invitee::Known(checked) = invitee
        && checked.password_hash != account.password_hash
    {
        return Err(IdentityError::Credentials);
    }
    roles::change(tx, id, async |tx| {
        staff_store::insert_membership(tx, id, &grant, link.created_by).await
    })
    .await?;
    Ok(account)
}

/// Grants one more role to a member of staff; it holds from the next request on.
pub(super) async fn grant(ctx: &Ctx, body: &Body<NewMembership>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::GrantMembership, StatusCode::CREATED, body, async |tx| {
        let new = body.parse()?;
        let grant = Grant {
            role: new.role,
            provider_id: new.provider_id,
            facility_id: new.facility_id,
        };
        let account = store::account(tx, new.account_id).await?;
        let mut fields = Fields::new();
        fields.check(account.is_some_and(|a| a.is_staff()), "/account_id", "unknown");
        check_grant(tx, &grant, fields).await?;
        let by = tx.account().map(|a| a.id.0);
        let granted = roles::change(tx, new.account_id, async |tx| {
            staff_store::insert_membership(tx, new.account_id, &grant, by).await
        });
        let id = granted.await?.ok_or(IdentityError::Granted)?;
        tx.touch(id);
        let rows = store::memberships(tx, &[new.account_id]).await?;
        let made = rows.iter().find(|m| m.id == id).ok_or_else(ApiError::not_found)?;
        Ok(membership_body(made, &tx.tenant().name))
    })
    .await
}

/// Ends a role; it is gone at the next request. Nobody ends the own last administrator's role, so one administrator always stays.
pub(super) async fn end_membership(ctx: &Ctx, id: MembershipId) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::EndMembership, async |tx| {
        tx.touch(id);
        let (owner, role) = staff_store::membership(tx, id).await?.ok_or(IdentityError::Missing)?;
        let own = tx.account().is_some_and(|a| a.id == owner);
        let is_admin = role == "tenant_admin";
        if is_admin && own && staff_store::admin_roles(tx, owner).await? < 2 {
            return Err(IdentityError::OwnAdminRole.into());
        }
        // Two administrators who remove each other at the same moment: the second finds that it would be the last one.
        if is_admin && staff_store::is_last_admin(tx, owner).await? && staff_store::admin_roles(tx, owner).await? < 2 {
            return Err(IdentityError::OwnAdminRole.into());
        }
        roles::change(tx, owner, async |tx| staff_store::end_membership(tx, id).await).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

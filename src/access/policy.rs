//! The policy: action × role → reach. Pure; the whole matrix is a committed snapshot.

use super::action::Action;
use super::actor::{AccountActor, Acting, Actor, Role, Scope};
use super::audience::Audience;
use super::mandated::Mandated;

/// How far an action of a role reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Not allowed.
    None,
    /// Own account or family.
    Own,
    /// Facilities of the grant.
    Facilities,
    /// The whole tenant.
    Tenant,
    /// What everybody may see.
    Public,
}

/// How far a role reaches with an action.
pub fn reach(action: Action, role: Role) -> Reach {
    use Role::{Childminder, Clerk, Counsellor, FacilityManager, Parent, ProviderManager, ReadOnly, TenantAdmin};
    match (action.audience(), role) {
        (Audience::Public, _) => Reach::Public,
        (Audience::SignedIn, _) => Reach::Own,
        (Audience::Parents | Audience::ParentsAndStaff, Parent) => Reach::Own,
        (Audience::Parents | Audience::ParentsAndStaff, Counsellor) if action.by_mandate().is_some() => Reach::Own,
        (
            Audience::FacilityStaffRead
            | Audience::FacilityStaffDecide
            | Audience::FacilityStaffWrite
            | Audience::FacilityStaffAndOffice
            | Audience::ParentsAndStaff,
            ProviderManager | FacilityManager | Childminder,
        ) => Reach::Facilities,
        (
            Audience::FacilityStaffRead | Audience::ParentsAndStaff | Audience::OfficeRead,
            TenantAdmin | Clerk | ReadOnly,
        )
        | (Audience::OfficeWrite | Audience::FacilityStaffAndOffice, TenantAdmin | Clerk)
        | (Audience::FacilityStaffWrite | Audience::ProvidersWrite | Audience::Admins, TenantAdmin) => Reach::Tenant,
        (Audience::ProvidersWrite, ProviderManager) => Reach::Facilities,
        _ => Reach::None,
    }
}

/// Why an actor may not do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denied {
    SignedOut,
    SecondFactorMissing,
    NotAllowed,
    MandateOver,
    NotByMandate,
}

/// The scope in which an actor may do an action, and the role that gives it.
pub(super) fn decide(action: Action, actor: &Actor, key_scopes: &[String]) -> Result<(Scope, Option<Role>), Denied> {
    match actor {
        Actor::System(_) => Ok((Scope::Tenant, None)),
        Actor::ApiKey(_) => match action.key_scope() {
            Some(scope) if key_scopes.iter().any(|s| s == scope) => Ok((Scope::Tenant, None)),
            _ if action.audience() == Audience::Public => Ok((Scope::Public, None)),
            _ => Err(Denied::NotAllowed),
        },
        Actor::Anonymous if action.audience() == Audience::Public => Ok((Scope::Public, None)),
        Actor::Anonymous => Err(Denied::SignedOut),
        Actor::Account(account) => decide_for_account(action, account),
    }
}

fn decide_for_account(action: Action, account: &AccountActor) -> Result<(Scope, Option<Role>), Denied> {
    match action.audience() {
        Audience::Public => return Ok((Scope::Public, None)),
        // Also staff without any role left, and staff who must set up the second factor first, reach their own account.
        Audience::SignedIn => return Ok((Scope::Own(account.id), None)),
        _ => {}
    }
    if account.must_set_up_second_factor {
        return Err(Denied::SecondFactorMissing);
    }
    if let Some(acting) = &account.acting
        && matches!(action.audience(), Audience::Parents | Audience::ParentsAndStaff)
    {
        return decide_by_mandate(action, acting);
    }
    let widest = account
        .grants
        .iter()
        // The role of a counsellor opens nothing by itself.
        .filter(|g| g.role != Role::Counsellor)
        .map(|g| (reach(action, g.role), g.role))
        .max_by_key(|(reach, _)| *reach);
    match widest {
        Some((Reach::Tenant, role)) => Ok((Scope::Tenant, Some(role))),
        Some((Reach::Facilities, role)) => {
            let allowed = account
                .grants
                .iter()
                .filter(|g| reach(action, g.role) == Reach::Facilities);
            Ok((
                Scope::Facilities(allowed.flat_map(|g| g.facilities.iter().copied()).collect()),
                Some(role),
            ))
        }
        Some((Reach::Own, role)) => Ok((Scope::Own(account.id), Some(role))),
        Some((Reach::Public, _)) => Ok((Scope::Public, None)),
        Some((Reach::None, _)) | None => Err(Denied::NotAllowed),
    }
}

/// Somebody acts in a family's name: what the mandate covers, and nothing of the person's own.
fn decide_by_mandate(action: Action, acting: &Acting) -> Result<(Scope, Option<Role>), Denied> {
    if !acting.holds {
        return Err(Denied::MandateOver);
    }
    match action.by_mandate() {
        Some(Mandated::Look) => {}
        Some(Mandated::Act) if acting.may_act => {}
        Some(Mandated::Act) | None => return Err(Denied::NotByMandate),
    }
    Ok((Scope::Own(acting.family), Some(Role::Counsellor)))
}

/// The whole matrix as text, one action a line, for the committed snapshot.
pub fn matrix() -> String {
    use std::fmt::Write;
    let mut text = format!("{:28}", "action");
    for role in Role::ALL {
        let _ = write!(text, " {:16}", role.as_str());
    }
    text.push_str(" api_key\n");
    for action in Action::ALL {
        let _ = write!(text, "{:28}", action.name());
        for role in Role::ALL {
            let word = format!("{:?}", reach(*action, role)).to_lowercase();
            let _ = write!(text, " {:16}", if word == "none" { "-".into() } else { word });
        }
        let _ = writeln!(text, " {}", action.key_scope().unwrap_or("-"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::actor::Grant;
    use super::*;
    use crate::platform::ids::{AccountId, FacilityId, GuardianId, MandateId, SessionId};

    fn staff(grants: Vec<Grant>) -> Actor {
        Actor::Account(AccountActor {
            id: AccountId::new(),
            session: SessionId::new(),
            is_staff: true,
            language: "de".into(),
            grants,
            must_set_up_second_factor: false,
            acting: None,
        })
    }

    #[test]
    fn a_counsellor_reaches_what_the_mandate_covers_while_it_holds_and_nothing_without() {
        let Actor::Account(mut account) = staff(vec![Grant {
            role: Role::Counsellor,
            facilities: vec![],
        }]) else {
            return;
        };
        let of = |account: &AccountActor, action| decide(action, &Actor::Account(account.clone()), &[]);
        assert_eq!(of(&account, Action::GetDemand), Err(Denied::NotAllowed));
        let family = AccountId::new();
        let mut acting = Acting {
            mandate: MandateId::new(),
            guardian: GuardianId::new(),
            family_name: "Jana Braun".into(),
            family,
            children: vec![],
            may_act: false,
            until: chrono::NaiveDate::MAX,
            holds: true,
        };
        account.acting = Some(acting.clone());
        assert_eq!(
            of(&account, Action::GetDemand),
            Ok((Scope::Own(family), Some(Role::Counsellor)))
        );
        assert_eq!(of(&account, Action::SubmitDemand), Err(Denied::NotByMandate));
        acting.may_act = true;
        account.acting = Some(acting.clone());
        assert!(of(&account, Action::SubmitDemand).is_ok());
        for action in [
            Action::SignContract,
            Action::ExportFamily,
            Action::GiveMandate,
            Action::InviteGuardian,
            Action::PutHousehold,
        ] {
            assert_eq!(of(&account, action), Err(Denied::NotByMandate), "{}", action.name());
        }
        acting.holds = false;
        account.acting = Some(acting);
        assert_eq!(of(&account, Action::GetDemand), Err(Denied::MandateOver));
        assert!(of(&account, Action::StopActing).is_ok());
    }

    #[test]
    fn a_manager_of_two_facilities_reaches_both_and_no_other() {
        let (a, b) = (FacilityId::new(), FacilityId::new());
        let actor = staff(vec![
            Grant {
                role: Role::FacilityManager,
                facilities: vec![a],
            },
            Grant {
                role: Role::Childminder,
                facilities: vec![b],
            },
        ]);
        let (scope, _) = decide(Action::SendOffer, &actor, &[]).unwrap();
        assert!(scope.covers(a) && scope.covers(b) && !scope.covers(FacilityId::new()));
        assert_eq!(decide(Action::ConfirmDemand, &actor, &[]), Err(Denied::NotAllowed));
    }

    #[test]
    fn the_office_sees_but_does_not_decide_for_a_facility() {
        for role in [Role::Clerk, Role::TenantAdmin, Role::ReadOnly] {
            let actor = staff(vec![Grant {
                role,
                facilities: vec![],
            }]);
            assert_eq!(decide(Action::ListPreferences, &actor, &[]).unwrap().0, Scope::Tenant);
            assert_eq!(decide(Action::SendOffer, &actor, &[]), Err(Denied::NotAllowed));
        }
    }

    #[test]
    fn without_the_required_second_factor_only_the_own_account_is_open() {
        let Actor::Account(mut account) = staff(vec![Grant {
            role: Role::TenantAdmin,
            facilities: vec![],
        }]) else {
            return;
        };
        account.must_set_up_second_factor = true;
        let actor = Actor::Account(account);
        assert_eq!(decide(Action::ListStaff, &actor, &[]), Err(Denied::SecondFactorMissing));
        assert!(decide(Action::StartSecondFactor, &actor, &[]).is_ok());
    }

    #[test]
    fn a_key_reaches_what_its_scopes_say() {
        let key = Actor::ApiKey(crate::platform::ids::ApiKeyId::new());
        let scopes = ["facilities_write".to_owned()];
        assert!(decide(Action::CreateFacility, &key, &scopes).is_ok());
        assert_eq!(
            decide(Action::ListOfficeDemands, &key, &scopes),
            Err(Denied::NotAllowed)
        );
        assert_eq!(decide(Action::GetDemand, &key, &scopes), Err(Denied::NotAllowed));
    }

    #[test]
    fn nobody_signed_in_reaches_what_is_public_only() {
        for action in Action::ALL {
            let allowed = decide(*action, &Actor::Anonymous, &[]).is_ok();
            assert_eq!(allowed, action.audience() == Audience::Public, "{}", action.name());
        }
    }
}

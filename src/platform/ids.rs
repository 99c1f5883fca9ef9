//! Typed ids, so that a child's id cannot be given where a facility's is wanted.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A tenant's internal number; never shown outside, where the slug stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct TenantId(pub i32);

/// A fresh random id (version 4: tells nothing about time or number).
#[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
pub fn random_uuid() -> Uuid {
    Uuid::new_v4()
}

/// A typed id that stands in a path as `{param}`.
pub trait PathId: From<Uuid> {
    /// Name of the path parameter, for example `facility_id`.
    const PARAM: &'static str;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $param:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, ToSchema)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh random id.
            #[expect(clippy::new_without_default, reason = "an id has no default")]
            pub fn new() -> Self {
                Self(random_uuid())
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl PathId for $name {
            const PARAM: &'static str = $param;
        }
    )*};
}

ids! {
    /// An account of a person in one tenant.
    AccountId "account_id";
    /// A session of an account.
    SessionId "session_id";
    /// A role granted to an account.
    MembershipId "membership_id";
    /// An invitation by mail.
    InvitationId "invitation_id";
    /// A machine client's key.
    ApiKeyId "api_key_id";
    /// A provider (Träger).
    ProviderId "provider_id";
    /// A facility or childminder.
    FacilityId "facility_id";
    /// Days on which a childminder is away.
    AbsenceId "absence_id";
    /// A group of a facility.
    GroupId "group_id";
    /// A staffing key of a tenant.
    StaffingKeyId "staffing_key_id";
    /// A day on which a tenant or facility is closed.
    ClosingDayId "closing_day_id";
    /// A household.
    HouseholdId "household_id";
    /// A guardian.
    GuardianId "guardian_id";
    /// A child.
    ChildId "child_id";
    /// A time of custody.
    CustodyId "custody_id";
    /// A criterion of the tenant.
    CriterionId "criterion_id";
    /// A set of criteria.
    CriteriaSetId "criteria_set_id";
    /// A care demand.
    DemandId "demand_id";
    /// A facility preference.
    PreferenceId "preference_id";
    /// A place offer.
    OfferId "offer_id";
    /// A care contract.
    ContractId "contract_id";
    /// A version of a contract's words.
    ContractTemplateId "contract_template_id";
    /// A change of an agreed contract.
    AmendmentId "amendment_id";
    /// Follow-up care that was proposed to a family.
    FollowupDemandId "followup_demand_id";
    /// A swap of places.
    SwapId "swap_id";
    /// One child's part of a swap.
    SwapPartId "swap_part_id";
    /// An allocation round.
    RoundId "round_id";
    /// A run of a round.
    RunId "run_id";
    /// A demand in a round.
    CaseId "case_id";
    /// A deviation from a round's proposal.
    DeviationId "deviation_id";
    /// An offer from the follow-up list.
    FollowupId "followup_id";
    /// A table of parent fees.
    FeeScheduleId "fee_schedule_id";
    /// What is owed for a contract.
    FeeId "fee_id";
    /// What of a fee is waived.
    FeeReliefId "fee_relief_id";
    /// An appointment to get to know a facility.
    VisitId "visit_id";
    /// A mandate.
    MandateId "mandate_id";
    /// A file of letters with codes for families without an account.
    ClaimBatchId "claim_batch_id";
    /// A note of staff on a preference.
    PreferenceNoteId "preference_note_id";
    /// A notice of the office.
    NoticeId "notice_id";
    /// A version of a notice's template.
    NoticeTemplateId "notice_template_id";
    /// A message of the outbox.
    NotificationId "notification_id";
    /// An audit event.
    AuditEventId "audit_event_id";
}

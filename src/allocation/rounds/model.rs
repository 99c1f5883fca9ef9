//! Allocation rounds: their states, who may take which step, and what a round may say. Pure.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid};
use crate::platform::ids::AccountId;

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "planned")]
pub enum RoundState {
    /// It is announced; nothing is counted yet.
    Planned,
    /// Demands and places are frozen.
    Frozen,
    /// A verified run stands.
    Proposed,
    /// Its conflicts were opened by a person.
    InReview,
    /// Two persons released it; offers are sent, and places that come back go to the next.
    Released,
    /// Nothing happens in it any more.
    Closed,
    /// It rests, and remembers where it was.
    Paused,
    /// It was given up before the release.
    Cancelled,
}

impl RoundState {
    /// All states in their order.
    pub const ALL: [Self; 8] = [
        Self::Planned,
        Self::Frozen,
        Self::Proposed,
        Self::InReview,
        Self::Released,
        Self::Closed,
        Self::Paused,
        Self::Cancelled,
    ];

    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Frozen => "frozen",
            Self::Proposed => "proposed",
            Self::InReview => "in_review",
            Self::Released => "released",
            Self::Closed => "closed",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A step that the round's state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a round that is {} cannot {step}", state.as_str())]
pub struct WrongState {
    /// Where it stands.
    pub state: RoundState,
    /// The step.
    pub step: &'static str,
}

/// A round in one of its states. Every transition consumes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllocationRound {
    /// It goes on.
    At(RoundState),
    /// It rests, and was here before.
    Paused(RoundState),
}

impl AllocationRound {
    /// The round in the state that the database holds.
    pub fn in_state(state: RoundState, paused_from: Option<RoundState>) -> Self {
        match (state, paused_from) {
            (RoundState::Paused, Some(from)) => Self::Paused(from),
            (state, _) => Self::At(state),
        }
    }

    /// Its state.
    pub fn state(&self) -> RoundState {
        match self {
            Self::At(state) => *state,
            Self::Paused(_) => RoundState::Paused,
        }
    }

    /// Where it was before it was paused.
    pub fn paused_from(&self) -> Option<RoundState> {
        match self {
            Self::At(_) => None,
            Self::Paused(from) => Some(*from),
        }
    }

    /// Name and dates can be changed until the freeze.
    pub fn edit(self) -> Result<Self, WrongState> {
        self.to(RoundState::Planned, "be changed", &[RoundState::Planned])
    }

    /// Demands and places are taken as they are now.
    pub fn freeze(self) -> Result<Self, WrongState> {
        self.to(RoundState::Frozen, "be frozen", &[RoundState::Planned])
    }

    /// A verified run stands; one more run takes the place of the one before.
    pub fn propose(self) -> Result<Self, WrongState> {
        self.to(RoundState::Proposed, "be run", &UNDER_WAY)
    }

    /// A person decides within it: the seed is entered, a deviation is proposed, approved or withdrawn.
    pub fn decide(self) -> Result<Self, WrongState> {
        let stays = self.state();
        self.to(stays, "be decided about", &UNDER_WAY)
    }

    /// A person opens the conflicts.
    pub fn review(self) -> Result<Self, WrongState> {
        self.to(
            RoundState::InReview,
            "be reviewed",
            &[RoundState::Proposed, RoundState::InReview],
        )
    }

    /// The second person signs.
    pub fn release(self) -> Result<Self, WrongState> {
        self.to(RoundState::Released, "be released", &[RoundState::InReview])
    }

    /// It rests.
    pub fn pause(self) -> Result<Self, WrongState> {
        match self {
            Self::At(
                from @ (RoundState::Frozen | RoundState::Proposed | RoundState::InReview | RoundState::Released),
            ) => Ok(Self::Paused(from)),
            _ => Err(self.wrong("be paused")),
        }
    }

    /// It goes on where it was.
    pub fn resume(self) -> Result<Self, WrongState> {
        match self {
            Self::Paused(from) => Ok(Self::At(from)),
            Self::At(_) => Err(self.wrong("be resumed")),
        }
    }

    /// It is given up, before any family heard of it.
    pub fn cancel(self) -> Result<Self, WrongState> {
        match self {
            Self::Paused(RoundState::Released) => Err(self.wrong("be cancelled")),
            Self::Paused(_) => Ok(Self::At(RoundState::Cancelled)),
            Self::At(_) => self.to(
                RoundState::Cancelled,
                "be cancelled",
                &[
                    RoundState::Planned,
                    RoundState::Frozen,
                    RoundState::Proposed,
                    RoundState::InReview,
                ],
            ),
        }
    }

    /// Places that come back from now on are no matter of it.
    pub fn close(self) -> Result<Self, WrongState> {
        self.to(RoundState::Closed, "be closed", &[RoundState::Released])
    }

    fn to(self, to: RoundState, step: &'static str, from: &[RoundState]) -> Result<Self, WrongState> {
        match self {
            Self::At(state) if from.contains(&state) => Ok(Self::At(to)),
            _ => Err(self.wrong(step)),
        }
    }

    fn wrong(&self, step: &'static str) -> WrongState {
        WrongState {
            state: self.state(),
            step,
        }
    }
}

const UNDER_WAY: [RoundState; 3] = [RoundState::Frozen, RoundState::Proposed, RoundState::InReview];

/// By which procedure a round places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "central")]
pub enum RoundMode {
    /// One run over all demands.
    Central,
    /// Providers propose, one run matches.
    Coordinated,
}

/// How children of one family who are in the same round are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SiblingRule {
    /// Each by its own wishes.
    Independent,
    /// Together where all of them wish, or else each by its own wishes.
    #[default]
    Preferred,
    /// Together or not at all.
    Required,
}

/// What a round sets for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"age_bands": ["under3", "over3"], "offer_days": 10, "siblings": "preferred",
    "draw_source": "Ziehung 6 aus 49 vom 6. März 2027, Zahlen aufsteigend mit Bindestrich", "draw_on": "2027-03-06"}))]
pub struct RoundConfig {
    /// Children of these bands at the start of care take part.
    #[schema(min_items = 1)]
    pub age_bands: Vec<crate::facilities::AgeBand>,
    /// Days to answer an offer, 1 to 90; left out: as the municipality sets it.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 90)]
    pub offer_days: Option<i32>,
    /// How children of one family are placed.
    #[serde(default)]
    pub siblings: SiblingRule,
    /// The public draw that gives the seed, named in advance so that anybody can look it up.
    #[schema(min_length = 1, max_length = 500)]
    pub draw_source: String,
    /// Its day; before it no seed is entered.
    pub draw_on: NaiveDate,
}

/// A round as the office plans it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Kita-Jahr 2027/28", "mode": "central", "key_date": "2027-02-15", "start_on": "2027-08-01",
    "config": {"age_bands": ["under3", "over3"], "offer_days": 10, "siblings": "preferred",
        "draw_source": "Ziehung 6 aus 49 vom 6. März 2027, Zahlen aufsteigend mit Bindestrich", "draw_on": "2027-03-06"}}))]
pub struct NewRound {
    /// Name for people, at most 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The procedure.
    pub mode: RoundMode,
    /// Last day until whose end demands count, all as if they came at once.
    pub key_date: NaiveDate,
    /// First day of care at the earliest.
    pub start_on: NaiveDate,
    /// What it sets for itself.
    pub config: RoundConfig,
}

impl NewRound {
    /// The same with blanks trimmed, or what is wrong. `today` is the day on which it is planned.
    pub fn checked(mut self, today: NaiveDate) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        self.name = fields.text(&self.name, "/name", 200).to_owned();
        let source = fields.text(&self.config.draw_source, "/config/draw_source", 500);
        self.config.draw_source = source.to_owned();
        fields.check(!self.config.age_bands.is_empty(), "/config/age_bands", "required");
        self.config.age_bands.sort_unstable();
        self.config.age_bands.dedup();
        let days = self.config.offer_days.unwrap_or(1);
        fields.check((1..=90).contains(&days), "/config/offer_days", "out_of_range");
        fields.check(self.start_on > self.key_date, "/start_on", "before_key_date");
        fields.check(self.start_on > today, "/start_on", "too_early");
        let latest = today.checked_add_months(Months::new(24));
        fields.check(latest.is_some_and(|day| self.start_on <= day), "/start_on", "too_late");
        // A draw that was known when the list was made proves nothing.
        fields.check(
            self.config.draw_on > self.key_date,
            "/config/draw_on",
            "before_key_date",
        );
        fields.check(self.config.draw_on < self.start_on, "/config/draw_on", "too_late");
        fields.finish()?;
        Ok(self)
    }

    /// First day after the year for which places are given.
    pub fn ends_on(&self) -> NaiveDate {
        year_after(self.start_on)
    }
}

/// The day a year later.
pub fn year_after(day: NaiveDate) -> NaiveDate {
    day.checked_add_months(Months::new(12)).unwrap_or(NaiveDate::MAX)
}

/// The first day after the key date.
pub fn day_after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}

/// What a run was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "dry")]
pub enum RunKind {
    /// Before the draw: who goes first among equals is not decided yet.
    Dry,
    /// With the drawn seed.
    Final,
    /// After the release: places that came back.
    Followup,
}

/// What a person decides against the proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "place")]
pub enum DeviationKind {
    /// The child gets this place.
    Place,
    /// This wish does not count.
    Exclude,
}

/// The published reasons for a deviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "hardship")]
pub enum DeviationReason {
    /// A court said so.
    CourtOrder,
    /// A hardship that the criteria do not know.
    Hardship,
    /// The child needs this very place, or cannot be cared for there.
    Inclusion,
    /// Siblings stay together.
    SiblingsTogether,
    /// The group could not take one more of this age or need.
    GroupMix,
    /// The snapshot holds something wrong.
    DataError,
}

impl DeviationReason {
    /// Its name, as in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CourtOrder => "court_order",
            Self::Hardship => "hardship",
            Self::Inclusion => "inclusion",
            Self::SiblingsTogether => "siblings_together",
            Self::GroupMix => "group_mix",
            Self::DataError => "data_error",
        }
    }
}

/// Where a deviation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "proposed")]
pub enum DeviationState {
    /// One person wants it.
    Proposed,
    /// A second one agreed; the next run holds to it.
    Approved,
    /// It was taken back.
    Withdrawn,
}

/// Two persons are needed, and this is the same one again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a second person is needed")]
pub struct SamePerson;

/// Four eyes: who approves is not who proposed.
pub fn four_eyes(proposed_by: AccountId, approves: AccountId) -> Result<(), SamePerson> {
    if proposed_by == approves {
        Err(SamePerson)
    } else {
        Ok(())
    }
}

/// The seed on which two persons agree, if any two do.
pub fn agreed_seed(entries: &[(AccountId, String)]) -> Option<&str> {
    entries.iter().enumerate().find_map(|(at, (account, seed))| {
        let same = |(other, entered): &&(AccountId, String)| other != account && entered == seed;
        entries.iter().skip(at + 1).find(same).map(|_| seed.as_str())
    })
}

/// Where a case stands after the release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = CaseOutcome, example = "none")]
pub enum Outcome {
    /// Before the release.
    None,
    /// The job has not come to it yet.
    Waiting,
    /// It was decided and has no place for now.
    Decided,
    /// A place was offered.
    Offered,
    /// A place was proposed and could not be offered; a person must look.
    NotSent,
    /// The demand left the round: it was withdrawn, or has a place by another way.
    Left,
}

#[cfg(test)]
mod tests {
    use super::RoundState::*;
    use super::*;

    type Step = (&'static str, fn(AllocationRound) -> Result<AllocationRound, WrongState>);

    /// Every step, and from which states it leads where; all other states refuse it.
    fn table() -> Vec<(Step, Vec<(RoundState, RoundState)>)> {
        let each = |to: RoundState| [Frozen, Proposed, InReview].map(|from| (from, to)).to_vec();
        vec![
            (("edit", AllocationRound::edit), vec![(Planned, Planned)]),
            (("freeze", AllocationRound::freeze), vec![(Planned, Frozen)]),
            (("propose", AllocationRound::propose), each(Proposed)),
            (
                ("decide", AllocationRound::decide),
                [Frozen, Proposed, InReview].map(|s| (s, s)).to_vec(),
            ),
            (
                ("review", AllocationRound::review),
                vec![(Proposed, InReview), (InReview, InReview)],
            ),
            (("release", AllocationRound::release), vec![(InReview, Released)]),
            (("pause", AllocationRound::pause), {
                let mut all = each(Paused);
                all.push((Released, Paused));
                all
            }),
            (("cancel", AllocationRound::cancel), {
                let mut all = each(Cancelled);
                all.push((Planned, Cancelled));
                all
            }),
            (("close", AllocationRound::close), vec![(Released, Closed)]),
        ]
    }

    #[test]
    fn every_pair_of_state_and_step_does_what_the_field_says() {
        for ((name, step), allowed) in table() {
            for state in RoundState::ALL.into_iter().filter(|s| *s != Paused) {
                let wanted = allowed.iter().find(|(from, _)| *from == state).map(|(_, to)| *to);
                let got = step(AllocationRound::At(state)).ok().map(|r| r.state());
                assert_eq!(got, wanted, "{name} from {}", state.as_str());
            }
        }
    }

    #[test]
    fn a_paused_round_goes_on_where_it_was_and_does_nothing_else() {
        for from in [Frozen, Proposed, InReview, Released] {
            let paused = AllocationRound::At(from).pause().unwrap();
            assert_eq!((paused.state(), paused.paused_from()), (Paused, Some(from)));
            assert_eq!(paused.resume(), Ok(AllocationRound::At(from)));
            for ((name, step), _) in table().into_iter().filter(|((name, _), _)| *name != "cancel") {
                assert!(step(paused).is_err(), "{name} of a round paused from {}", from.as_str());
            }
            assert_eq!(paused.cancel().is_ok(), from != Released, "from {}", from.as_str());
        }
        assert!(AllocationRound::At(Frozen).resume().is_err());
    }

    #[test]
    fn a_seed_needs_two_persons_who_entered_the_same() {
        let (a, b, c) = (AccountId::new(), AccountId::new(), AccountId::new());
        let entries =
            |all: &[(AccountId, &str)]| -> Vec<_> { all.iter().map(|(who, s)| (*who, (*s).to_owned())).collect() };
        assert_eq!(agreed_seed(&entries(&[(a, "7")])), None);
        assert_eq!(agreed_seed(&entries(&[(a, "7"), (b, "8")])), None);
        assert_eq!(agreed_seed(&entries(&[(a, "7"), (b, "8"), (c, "8")])), Some("8"));
        assert_eq!(four_eyes(a, a), Err(SamePerson));
        assert!(four_eyes(a, b).is_ok());
    }

    #[test]
    fn a_plan_that_nobody_can_keep_is_refused_field_by_field() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let new = NewRound {
            name: " Runde ".into(),
            mode: RoundMode::Central,
            key_date: day("2027-02-15"),
            start_on: day("2027-08-01"),
            config: RoundConfig {
                age_bands: vec![crate::facilities::AgeBand::Over3, crate::facilities::AgeBand::Over3],
                offer_days: None,
                siblings: SiblingRule::Preferred,
                draw_source: "Lotto".into(),
                draw_on: day("2027-03-06"),
            },
        };
        let good = new.clone().checked(day("2027-02-01")).unwrap();
        assert_eq!((good.name.as_str(), good.config.age_bands.len()), ("Runde", 1));
        let bad = NewRound {
            name: String::new(),
            mode: RoundMode::Coordinated,
            start_on: day("2027-02-10"),
            config: RoundConfig {
                age_bands: vec![],
                offer_days: Some(0),
                draw_on: day("2027-02-15"),
                ..new.config.clone()
            },
            ..new
        };
        let Invalid(faults) = bad.checked(day("2027-02-11")).unwrap_err();
        let found: Vec<_> = faults.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(
            found,
            [
                "/name",
                "/config/age_bands",
                "/config/offer_days",
                "/start_on",
                "/start_on",
                "/config/draw_on",
                "/config/draw_on"
            ]
        );
    }
}

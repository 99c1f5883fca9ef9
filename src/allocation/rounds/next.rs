//! What moves a round on: one step for the person who looks. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{RoundState, RunKind};

/// The next step of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RoundNextStep, example = "wait_key_date")]
pub enum NextStep {
    /// Demands can still come.
    WaitKeyDate,
    /// Demands and places are frozen.
    Freeze,
    /// The day of the draw came before anything was frozen: the round gets another day.
    DrawOver,
    /// The first run, before the draw.
    DryRun,
    /// The draw is still to come.
    WaitDraw,
    /// The asker enters what the draw gave.
    Seed,
    /// Another person enters it.
    SeedOther,
    /// Two entries do not agree.
    SeedDiffers,
    /// Facilities propose, step by step; after the last one the final run.
    StepRunning,
    /// The run with the drawn seed.
    FinalRun,
    /// The asker opens the conflicts.
    Conflicts,
    /// Deviations wait for a second person.
    Deviations,
    /// A named person decides about the cases in which something grave is to be looked at.
    Decide,
    /// Something was decided since the standing run.
    Rerun,
    /// The asker signs.
    Sign,
    /// Another person signs.
    SignOther,
    /// Offers are being sent.
    Sending,
    /// Some places could not be offered; a person looks at them.
    NotSent,
    /// Places go on to the next until somebody closes it.
    Close,
    /// Somebody lets it go on.
    Resume,
    /// Nothing: it is over.
    Closed,
    /// Nothing: it was given up.
    Cancelled,
}

/// What is known of a round for its next step.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Its state.
    pub state: RoundState,
    /// Whether facilities propose before the final run.
    pub coordinated: bool,
    /// Its key date.
    pub key_date: NaiveDate,
    /// The day of the draw.
    pub draw_on: NaiveDate,
    /// Whether the seed stands.
    pub drawn: bool,
    /// How many persons have entered one.
    pub seed_entries: i64,
    /// Whether the asker has.
    pub seed_by_me: bool,
    /// The standing run, with the instant at which it was verified.
    pub run: Option<(RunKind, DateTime<Utc>)>,
    /// Whether the asker opened its conflicts.
    pub opened_by_me: bool,
    /// Whether the asker signed it.
    pub signed_by_me: bool,
    /// Deviations that wait.
    pub pending: i64,
    /// Whether cases wait for a person's decision.
    pub undecided: bool,
    /// When a deviation was last approved, or taken back after it was.
    pub decided_at: Option<DateTime<Utc>>,
    /// Cases that wait for their offer.
    pub waiting: bool,
    /// Cases whose place could not be offered.
    pub not_sent: bool,
}

/// The one step that moves a round on.
pub fn next_step(of: &Known, today: NaiveDate) -> NextStep {
    match of.state {
        RoundState::Planned if today <= of.key_date => NextStep::WaitKeyDate,
        RoundState::Planned if today >= of.draw_on => NextStep::DrawOver,
        RoundState::Planned => NextStep::Freeze,
        RoundState::Paused => NextStep::Resume,
        RoundState::Closed => NextStep::Closed,
        RoundState::Cancelled => NextStep::Cancelled,
        RoundState::Released if of.waiting => NextStep::Sending,
        RoundState::Released if of.not_sent => NextStep::NotSent,
        RoundState::Released => NextStep::Close,
        RoundState::Frozen | RoundState::Proposed | RoundState::InReview if of.drawn => after_the_draw(of),
        RoundState::Frozen | RoundState::Proposed | RoundState::InReview => before_the_draw(of, today),
    }
}

fn before_the_draw(of: &Known, today: NaiveDate) -> NextStep {
    match of.run {
        None => NextStep::DryRun,
        Some(_) if today >= of.draw_on && of.seed_entries >= 2 => NextStep::SeedDiffers,
        Some(_) if today >= of.draw_on && of.seed_by_me => NextStep::SeedOther,
        Some(_) if today >= of.draw_on => NextStep::Seed,
        Some(_) if !of.opened_by_me => NextStep::Conflicts,
        Some(_) if of.pending > 0 => NextStep::Deviations,
        Some(_) => NextStep::WaitDraw,
    }
}

fn after_the_draw(of: &Known) -> NextStep {
    match of.run {
        Some((RunKind::Final, verified_at)) => {
            let outdated = of.decided_at.is_some_and(|at| at > verified_at);
            match () {
                () if of.pending == 0 && outdated => NextStep::Rerun,
                () if !of.opened_by_me => NextStep::Conflicts,
                () if of.pending > 0 => NextStep::Deviations,
                () if of.undecided => NextStep::Decide,
                () if of.signed_by_me => NextStep::SignOther,
                () => NextStep::Sign,
            }
        }
        _ if of.coordinated => NextStep::StepRunning,
        _ => NextStep::FinalRun,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(state: RoundState) -> Known {
        Known {
            state,
            coordinated: false,
            key_date: "2027-02-15".parse().unwrap(),
            draw_on: "2027-03-06".parse().unwrap(),
            drawn: false,
            seed_entries: 0,
            seed_by_me: false,
            run: None,
            opened_by_me: false,
            signed_by_me: false,
            pending: 0,
            undecided: false,
            decided_at: None,
            waiting: false,
            not_sent: false,
        }
    }

    fn on(day: &str, of: Known) -> NextStep {
        next_step(&of, day.parse().unwrap())
    }

    fn at(instant: &str) -> DateTime<Utc> {
        instant.parse().unwrap()
    }

    #[test]
    fn a_round_is_frozen_when_its_key_date_has_passed() {
        assert_eq!(on("2027-02-15", known(RoundState::Planned)), NextStep::WaitKeyDate);
        assert_eq!(on("2027-02-16", known(RoundState::Planned)), NextStep::Freeze);
        let draw_on = known(RoundState::Planned).draw_on;
        let late = next_step(&known(RoundState::Planned), draw_on);
        assert_eq!(
            late,
            NextStep::DrawOver,
            "nobody freezes what the draw could tell already"
        );
    }

    #[test]
    fn the_way_leads_from_the_dry_run_over_the_draw_to_the_final_run() {
        let frozen = known(RoundState::Frozen);
        assert_eq!(on("2027-02-20", frozen), NextStep::DryRun);
        let dry = Known {
            run: Some((RunKind::Dry, at("2027-02-20T09:00:00Z"))),
            ..known(RoundState::Proposed)
        };
        assert_eq!(on("2027-02-20", dry), NextStep::Conflicts);
        let opened = Known {
            opened_by_me: true,
            ..dry
        };
        assert_eq!(on("2027-02-20", opened), NextStep::WaitDraw);
        assert_eq!(on("2027-03-06", opened), NextStep::Seed);
        let entered = |seed_entries, seed_by_me| Known {
            seed_entries,
            seed_by_me,
            ..opened
        };
        assert_eq!(on("2027-03-06", entered(1, true)), NextStep::SeedOther);
        assert_eq!(on("2027-03-06", entered(2, true)), NextStep::SeedDiffers);
        let drawn = Known { drawn: true, ..opened };
        assert_eq!(on("2027-03-06", drawn), NextStep::FinalRun);
        let coordinated = Known {
            coordinated: true,
            ..drawn
        };
        assert_eq!(on("2027-03-06", coordinated), NextStep::StepRunning);
    }

    #[test]
    fn nobody_signs_what_was_not_looked_at_what_waits_or_what_is_outdated() {
        let unseen = Known {
            drawn: true,
            run: Some((RunKind::Final, at("2027-03-07T09:00:00Z"))),
            ..known(RoundState::InReview)
        };
        assert_eq!(on("2027-03-08", unseen), NextStep::Conflicts);
        let seen = Known {
            opened_by_me: true,
            ..unseen
        };
        assert_eq!(on("2027-03-08", Known { pending: 1, ..seen }), NextStep::Deviations);
        let decided = |instant| Known {
            decided_at: Some(at(instant)),
            ..seen
        };
        assert_eq!(on("2027-03-08", decided("2027-03-07T10:00:00Z")), NextStep::Rerun);
        assert_eq!(on("2027-03-08", decided("2027-03-07T08:00:00Z")), NextStep::Sign);
        let signed = Known {
            signed_by_me: true,
            ..seen
        };
        assert_eq!(on("2027-03-08", signed), NextStep::SignOther);
    }

    #[test]
    fn after_the_release_the_cases_tell() {
        let released = known(RoundState::Released);
        let both = Known {
            waiting: true,
            not_sent: true,
            ..released
        };
        assert_eq!(on("2027-04-01", both), NextStep::Sending);
        assert_eq!(on("2027-04-01", Known { waiting: false, ..both }), NextStep::NotSent);
        assert_eq!(on("2027-04-01", released), NextStep::Close);
        assert_eq!(on("2027-04-01", known(RoundState::Paused)), NextStep::Resume);
    }
}

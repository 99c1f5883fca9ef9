//! A message of every kind.

use chrono::{NaiveDate, NaiveTime};

use crate::access::Role;
use crate::notifications::model::{
    ChildInitial, ContractNews, DemandNow, Ending, LapseNews, Message, OfferNews, Said, Step, StepNews, SubstituteNews,
    SwapNews, Token, ToldBy,
};
use crate::platform::ids::{ContractId, DemandId, FacilityId, NoticeId, OfferId, SwapPartId, VisitId};
use crate::platform::week::{DayTimes, WeekTimes};

fn step_news(facilities: usize) -> StepNews {
    StepNews {
        round: "Kita-Jahr 2027/28 & <mehr>".into(),
        number: 2,
        facilities: (1..=facilities).map(|n| format!("Kita {n}")).collect(),
        due_on: NaiveDate::from_ymd_opt(2027, 2, 15).unwrap(),
    }
}

fn friday() -> WeekTimes {
    let day = DayTimes {
        weekday: 5,
        from: NaiveTime::from_hms_opt(8, 0, 0),
        to: NaiveTime::from_hms_opt(12, 30, 0),
    };
    vec![day].try_into().unwrap()
}

pub(super) fn every_message() -> Vec<Message> {
    let token = || Token::new("t0ken");
    let (child, facility) = (ChildInitial::of(Some("Mia")), "Kita „Löwen<zahn>“ & Co.".to_owned());
    let day = NaiveDate::from_ymd_opt(2027, 2, 15).unwrap();
    let news = || OfferNews {
        offer_id: OfferId::new(),
        facility: facility.clone(),
        deadline_on: day,
        care_from: NaiveDate::from_ymd_opt(2027, 8, 1).unwrap(),
        week: Some(friday()),
        child: child.clone(),
    };
    let mut all = vec![
        Message::ConfirmAddress { token: token() },
        Message::AccountExists,
        Message::EmailChanged,
        Message::RenewalDue {
            demand_id: DemandId::new(),
            reference_code: "7K3M-2QXD".into(),
            child: child.clone(),
            until: day,
            last: false,
            token: token(),
        },
        Message::CapacityDue {
            facility_id: FacilityId::new(),
            facility: facility.clone(),
            confirmed_on: Some(day),
            token: token(),
        },
        Message::CapacityDue {
            facility_id: FacilityId::new(),
            facility: facility.clone(),
            confirmed_on: None,
            token: token(),
        },
        Message::Reset { token: token() },
        Message::EmailChange { token: token() },
        Message::GuardianInvitation { token: token() },
        Message::ProtectedAddressRead {
            at: "2027-02-10T14:00:00Z".parse().unwrap(),
        },
        Message::AuditBroken {
            at: "2027-02-10T14:00:00Z".parse().unwrap(),
        },
        Message::MandateOffered {
            name: "Frau <Ay>".into(),
            may_act: true,
            valid_until: day,
        },
        Message::MandateBegan {
            name: "Frau <Ay>".into(),
            may_act: false,
            valid_until: day,
        },
        Message::DemandConfirmed {
            demand_id: DemandId::new(),
            reference_code: "7K3M-2QXD".into(),
            child: child.clone(),
        },
        Message::Offer(news()),
        Message::OfferReminder(news()),
        Message::OfferExpired(news()),
        Message::OfferRevoked(news()),
        Message::OfferAccepted(news()),
        Message::OfferBetter {
            news: news(),
            kept: "Kita <Mond>".into(),
        },
        Message::OfferBetterOver {
            news: news(),
            kept: "Kita <Mond>".into(),
        },
        Message::StepOpened(step_news(1)),
        Message::StepDeadline(step_news(7)),
        Message::VisitPlanned {
            visit_id: VisitId::new(),
            demand_id: DemandId::new(),
            facility: facility.clone(),
            child: child.clone(),
            starts_at: "2027-02-10T14:00:00Z".parse().unwrap(),
            place: "Lindenweg <4>".into(),
            calendar: None,
        },
        Message::VisitCancelled {
            demand_id: DemandId::new(),
            facility: facility.clone(),
            child: child.clone(),
            calendar: None,
        },
        Message::AnswersOverdue {
            facility: facility.clone(),
            waiting: 3,
            oldest_days: 50,
        },
        Message::NoticePosted {
            notice_id: NoticeId::new(),
            demand_id: DemandId::new(),
            file_number: "2027/0001".into(),
            child: child.clone(),
            posted_on: day,
        },
        Message::StartChanged {
            demand_id: DemandId::new(),
            reference_code: "CKFH-7N3W".into(),
            child: child.clone(),
            start: day,
            legal_due_on: Some(day),
        },
        Message::ContractReady {
            contract_id: ContractId::new(),
            facility: facility.clone(),
            child: child.clone(),
        },
        Message::FeeNotice {
            contract_id: ContractId::new(),
            child: child.clone(),
        },
        Message::ContractCode {
            contract_id: ContractId::new(),
            facility: facility.clone(),
            token: Token::new("042317"),
        },
        Message::ClaimCode {
            token: Token::new("CKFH-7N3W-PQRT-4699"),
            until: day,
        },
    ];
    let contract = || ContractNews {
        contract_id: ContractId::new(),
        facility: facility.clone(),
        care_from: day,
        child: child.clone(),
    };
    let swap = || SwapNews {
        part_id: SwapPartId::new(),
        facility: facility.clone(),
        to: facility.clone(),
        child: child.clone(),
        swap_on: day,
        deadline_on: day,
    };
    all.extend([
        Message::SwapProposed(swap()),
        Message::SwapAsked(swap()),
        Message::SwapOff(swap()),
    ]);
    for (what, found) in [("arranged", true), ("over", true), ("over", false), ("missing", false)] {
        let news = SubstituteNews {
            contract_id: ContractId::new(),
            substitute_id: found.then(FacilityId::new),
            child: child.clone(),
            facility: facility.clone(),
            substitute: found.then(|| facility.clone()),
            address: found.then(|| "Rathausplatz 1, 04109 Leipzig".to_owned()),
            from_on: day,
            to_on: day,
            what: what.to_owned(),
        };
        if found {
            all.push(Message::SubstituteWork(news.clone()));
        }
        all.push(Message::Substitute(news));
    }
    for (after_school, reminder) in [(true, false), (false, false), (false, true)] {
        all.push(Message::FollowupDue {
            child: child.clone(),
            facility: facility.clone(),
            needed_from: day,
            after_school,
            reminder,
            token: token(),
        });
    }
    for (granted, until) in [(true, Some(day)), (true, None), (false, None)] {
        all.push(Message::GuestAnswered {
            demand_id: DemandId::new(),
            child: child.clone(),
            granted,
            until,
        });
    }
    all.extend([1, 3].map(|count| Message::GuestConsentEnds { count, first: day }));
    for decision in [None, Some("own_costs"), Some("granted_again"), Some("notice")] {
        let news = LapseNews {
            demand_id: DemandId::new(),
            contract_id: ContractId::new(),
            child: child.clone(),
            facility: facility.clone(),
            lapses_on: day,
            withdrawn: decision.is_some(),
            decide_by: day,
            decision: decision.map(str::to_owned),
            granted_until: None,
        };
        let kinds = [Message::GuestLapse, Message::GuestLapseWork, Message::GuestLapseOffice];
        all.extend(kinds.map(|kind| kind(news.clone())));
    }
    all.push(Message::MoveProofDue {
        demand_id: DemandId::new(),
        child: child.clone(),
        move_on: day,
    });
    all.push(Message::RenewalDue {
        demand_id: DemandId::new(),
        reference_code: "7K3M-2QXD".into(),
        child: child.clone(),
        until: day,
        last: true,
        token: token(),
    });
    all.extend([Message::ContractSent(contract()), Message::ContractSigned(contract())]);
    all.extend([
        Message::ContractReminder(contract()),
        Message::ContractChanged(contract()),
    ]);
    all.push(Message::ContractChangeSent(contract()));
    for (last_day, by_facility) in [(Some(day), true), (Some(day), false), (None, true), (None, false)] {
        all.push(Message::ContractEnds {
            contract_id: ContractId::new(),
            facility: facility.clone(),
            child: child.clone(),
            last_day,
            by_facility,
            received_on: (!by_facility).then_some(day),
        });
    }
    all.extend(Role::ALL.map(|role| Message::Invitation { role, token: token() }));
    for (legal_claim, child) in [(true, child.clone()), (false, ChildInitial::default())] {
        all.push(Message::Receipt {
            demand_id: DemandId::new(),
            reference_code: "7K3M-2QXD".into(),
            child,
            submitted_at: "2027-02-01T09:05:00Z".parse().unwrap(),
            legal_claim,
        });
    }
    for (ending, explanation) in [
        (Ending::Withdrawn, None),
        (Ending::Expired, None),
        (
            Ending::NotEntitled,
            Some("Sie wohnen in <b>Markkleeberg</b>.".to_owned()),
        ),
        (Ending::MovedAway, None),
        (Ending::Superseded, None),
    ] {
        all.push(Message::DemandEnded {
            demand_id: DemandId::new(),
            reference_code: "7K3M-2QXD".into(),
            child: child.clone(),
            ending,
            explanation,
        });
    }
    for (said, told_by, facility) in [
        (Said::Accepted, ToldBy::Phone, Some(facility.clone())),
        (Said::Declined, ToldBy::Letter, Some(facility.clone())),
        (Said::StillNeeded, ToldBy::InPerson, None),
        (Said::Withdrawn, ToldBy::Phone, None),
        (Said::FollowupWanted, ToldBy::Letter, None),
        (Said::FollowupNotWanted, ToldBy::Phone, Some(facility.clone())),
        (Said::Changed, ToldBy::Letter, None),
        (Said::SwapWanted, ToldBy::Phone, Some(facility.clone())),
        (Said::SwapNotWanted, ToldBy::Letter, Some(facility.clone())),
        (Said::SiblingsRequired, ToldBy::Letter, None),
        (Said::SiblingsPreferred, ToldBy::Phone, None),
        (Said::SiblingsIndependent, ToldBy::InPerson, None),
    ] {
        all.push(Message::AnswerRecorded {
            demand_id: DemandId::new(),
            child: child.clone(),
            facility,
            said,
            told_on: day,
            told_by,
            now: (said == Said::Changed).then(|| DemandNow {
                facilities: vec!["Kita Ahorn".into(), "Kita Birke".into()],
                desired_start: Some(day),
                legal_due_on: Some(day),
                hours_per_week: Some(30),
                latest_start: Some(day),
            }),
        });
    }
    for step in [
        Step::UnderReview,
        Step::Invited,
        Step::Waitlisted,
        Step::Refused,
        Step::Reopened,
    ] {
        all.push(Message::StateChange {
            demand_id: DemandId::new(),
            facility: facility.clone(),
            step,
            child: child.clone(),
        });
    }
    all
}

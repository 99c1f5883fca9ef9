//! Who is in, which places there are, who belongs together.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use super::*;
use crate::allocation::Instance;
use crate::allocation::rounds::model::{AfterRelease, RoundConfig, RoundMode, SiblingRule};
use crate::allocation::rounds::proposal::Case;
use crate::demands::PreferenceState;
use crate::facilities::{CareType, FacilityKind};
use crate::platform::ids::DemandId;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn round(siblings: SiblingRule) -> NewRound {
    NewRound {
        name: "Runde".into(),
        mode: RoundMode::Central,
        key_date: day("2027-01-31"),
        start_on: day("2027-08-01"),
        config: RoundConfig {
            age_bands: vec![AgeBand::Under3, AgeBand::Over3],
            offer_days: None,
            siblings,
            after_release: AfterRelease::default(),
            draw_source: "Lotto".into(),
            draw_on: day("2027-02-01"),
        },
    }
}

pub(super) fn site(free: &[i32]) -> Site {
    let places = |free: &[i32]| Places {
        base_month: day("2027-02-01"),
        bookable: free.iter().map(|n| Some(*n)).collect(),
    };
    Site {
        kind: Some(FacilityKind::Daycare),
        care_types: vec![CareType::Nursery, CareType::Kindergarten],
        open: true,
        places: BTreeMap::from([(AgeBand::Under3, places(free)), (AgeBand::Over3, places(&[9; 84]))]),
        cap: None,
        reserves: Vec::new(),
        groups: Vec::new(),
        taken: Vec::new(),
    }
}

pub(super) fn entrant() -> Entrant {
    Entrant {
        demand_id: DemandId::new(),
        child_id: ChildId::new(),
        birth: day("2026-03-14"),
        desired_start: day("2027-06-01"),
        legal_claim: false,
        transfer: false,
        latest_start: None,
        hours_per_week: Some(40),
        least_hours: None,
        times_first: false,
        ways: None,
        siblings: None,
        siblings_said_at: None,
    }
}

pub(super) fn wish(of: &Entrant, facility: FacilityId) -> ScoredPreference {
    ScoredPreference {
        id: PreferenceId::new(),
        demand_id: of.demand_id,
        facility_id: facility,
        state: PreferenceState::Received,
        priority: vec![0, 4, 300],
        points: 4,
        lines: Arc::new([]),
        reserves: Vec::new(),
        set_id: None,
    }
}

/// All that a freeze gives.
pub(super) struct Freeze {
    pub cases: Arc<Vec<Case>>,
    pub pools: Vec<RoundPool>,
    pub snapshot: String,
    sha256: String,
}

fn freeze_of(
    rule: SiblingRule,
    sites: &BTreeMap<FacilityId, Site>,
    children: Vec<(Entrant, Vec<FacilityId>)>,
    siblings: Vec<(ChildId, ChildId)>,
) -> Freeze {
    let wishes = children
        .iter()
        .flat_map(|(e, at)| at.iter().map(|f| wish(e, *f)))
        .collect();
    let entrants = children.into_iter().map(|(e, _)| e).collect();
    freeze_with(round(rule), sites, entrants, wishes, siblings)
}

pub(super) fn freeze_with(
    round: NewRound,
    sites: &BTreeMap<FacilityId, Site>,
    entrants: Vec<Entrant>,
    wishes: Vec<ScoredPreference>,
    siblings: Vec<(ChildId, ChildId)>,
) -> Freeze {
    let mut n = 0;
    let sources = Sources {
        round,
        entries: SchoolEntries::default(),
        entrants,
        wishes,
        no_residence: HashSet::new(),
        siblings,
        sites: sites.clone(),
    };
    let taken = take(&sources, || {
        n += 1;
        format!("{n:04}")
    });
    for (asked, case) in taken.asked.iter().zip(taken.cases.iter()) {
        assert_eq!(serde_json::from_str::<Wishes>(&asked.wishes).unwrap().0, case.wishes);
    }
    let frozen = canonical(&sources, &taken).unwrap();
    Freeze {
        cases: taken.cases,
        pools: taken.pools,
        snapshot: frozen.snapshot,
        sha256: frozen.sha256,
    }
}

#[test]
fn a_place_is_one_that_is_free_all_year_from_the_start_on() {
    let a = FacilityId::new();
    let mut free = vec![0; 6];
    free.extend([5, 5, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5, 0]);
    let sites = BTreeMap::from([(a, site(&free))]);
    let frozen = freeze_of(SiblingRule::Preferred, &sites, vec![], vec![]);
    let caps: Vec<_> = frozen.pools.iter().map(|p| (p.band, p.cap)).collect();
    assert_eq!(caps, [(AgeBand::Under3, 3), (AgeBand::Over3, 9)]);
}

#[test]
fn the_snapshot_is_the_canonical_instance_and_its_hash() {
    let a = FacilityId::new();
    let sites = BTreeMap::from([(a, site(&[3; 84]))]);
    let frozen = freeze_of(SiblingRule::Preferred, &sites, vec![(entrant(), vec![a])], vec![]);
    let instance = Instance::read(frozen.snapshot.as_bytes()).unwrap();
    assert_eq!(instance.sha256(), frozen.sha256);
    assert_eq!((instance.children(), instance.wishes()), (1, 1));
    assert_eq!(
        frozen.cases[0].care_from,
        day("2027-08-01"),
        "not before the round's first day"
    );
}

#[test]
fn each_family_is_placed_as_its_parents_say_and_the_others_as_the_round_sets() {
    use crate::demands::SiblingAnswer;
    let a = FacilityId::new();
    let sites = BTreeMap::from([(a, site(&[9; 84]))]);
    let said = |answer, at: &str| Entrant {
        siblings: Some(answer),
        siblings_said_at: Some(at.parse().unwrap()),
        ..entrant()
    };
    let (old, new) = ("2027-01-10T08:00:00Z", "2027-01-12T08:00:00Z");
    let pairs = [
        [said(SiblingAnswer::Required, old), entrant()],
        [
            said(SiblingAnswer::Independent, new),
            said(SiblingAnswer::Required, old),
        ],
        [said(SiblingAnswer::Preferred, old), said(SiblingAnswer::Preferred, old)],
        [entrant(), entrant()],
    ];
    let links: Vec<_> = pairs
        .iter()
        .map(|[one, other]| (one.child_id, other.child_id))
        .collect();
    let of: Vec<ChildId> = pairs.iter().map(|[one, _]| one.child_id).collect();
    let all: Vec<_> = pairs.into_iter().flatten().map(|e| (e, vec![a])).collect();
    for (rule, unsaid) in [
        (SiblingRule::Required, "required"),
        (SiblingRule::Independent, "independent"),
    ] {
        let frozen = freeze_of(rule, &sites, all.clone(), links.clone());
        let snapshot: serde_json::Value = serde_json::from_str(&frozen.snapshot).unwrap();
        let families = snapshot["families"].as_array().unwrap();
        let modes = of.iter().map(|child| {
            let case = frozen.cases.iter().find(|c| c.child_id == *child).unwrap();
            let of_family = frozen.cases.iter().filter(|c| c.family == case.family);
            assert!(of_family.clone().count() == 2 && of_family.clone().all(|c| c.siblings == case.siblings));
            let family = families.iter().find(|f| f["id"] == case.family.as_str()).unwrap();
            (
                family["siblings"].as_str().unwrap(),
                family["joint_wishes"].as_array().unwrap().len(),
                case.siblings.said_at.is_some(),
            )
        });
        let joint = usize::from(unsaid == "required");
        assert_eq!(
            modes.collect::<Vec<_>>(),
            [
                ("required", 1, true),
                ("independent", 0, true),
                ("preferred", 1, true),
                (unsaid, joint, false)
            ]
        );
    }
}

#[test]
fn siblings_over_two_links_are_one_family_with_the_facilities_that_all_wish() {
    let (a, b, c) = (FacilityId::new(), FacilityId::new(), FacilityId::new());
    let sites = BTreeMap::from([(a, site(&[3; 84])), (b, site(&[3; 84])), (c, site(&[3; 84]))]);
    let children = [entrant(), entrant(), entrant(), entrant()];
    let ids = children.clone().map(|e| e.child_id);
    let links = vec![(ids[0], ids[1]), (ids[1], ids[2])];
    let wishes = [vec![a, b, c], vec![b, c], vec![c, b], vec![a]];
    let all: Vec<_> = children.into_iter().zip(wishes).collect();
    for (rule, expected) in [
        (SiblingRule::Preferred, "preferred"),
        (SiblingRule::Required, "required"),
    ] {
        let frozen = freeze_of(rule, &sites, all.clone(), links.clone());
        let families: Vec<&str> = frozen.cases.iter().map(|c| c.family.as_str()).collect();
        assert!(families[0] == families[1] && families[1] == families[2] && families[3] != families[0]);
        let snapshot: serde_json::Value = serde_json::from_str(&frozen.snapshot).unwrap();
        let family = &snapshot["families"]
            .as_array()
            .unwrap()
            .iter()
            .find(|f| f["id"] == families[0])
            .unwrap()
            .clone();
        assert_eq!(family["siblings"], expected);
        let pool = |facility: FacilityId| {
            let pool = frozen
                .pools
                .iter()
                .find(|p| p.facility_id == facility && p.band == AgeBand::Under3);
            serde_json::json!([pool.unwrap().name, pool.unwrap().name, pool.unwrap().name])
        };
        // b: ranks 2, 1, 2; c: ranks 3, 2, 1.
        assert_eq!(family["joint_wishes"], serde_json::json!([pool(b), pool(c)]));
    }
    let alone = freeze_of(SiblingRule::Independent, &sites, all, links);
    assert!(!alone.snapshot.contains("preferred"));
}

#[test]
fn a_licence_bounds_all_bands_of_a_childminder() {
    let a = FacilityId::new();
    let bounded = Site {
        cap: Some(2),
        ..site(&[3; 84])
    };
    let frozen = freeze_of(SiblingRule::Preferred, &BTreeMap::from([(a, bounded)]), vec![], vec![]);
    let snapshot: serde_json::Value = serde_json::from_str(&frozen.snapshot).unwrap();
    assert_eq!(snapshot["nodes"][0]["cap"], 2);
    assert_eq!(snapshot["pools"][0]["node"], snapshot["nodes"][0]["id"]);
}

#[test]
fn a_child_that_would_have_no_place_after_its_third_birthday_is_no_candidate() {
    let a = FacilityId::new();
    let mut full = site(&[3; 84]);
    full.places.insert(
        AgeBand::Over3,
        Places {
            base_month: day("2027-02-01"),
            bookable: vec![Some(0); 84],
        },
    );
    let frozen = freeze_of(
        SiblingRule::Preferred,
        &BTreeMap::from([(a, full)]),
        vec![(entrant(), vec![a])],
        vec![],
    );
    assert_eq!(frozen.cases[0].wishes[0].excluded, Some(Exclusion::Stay));
    assert_eq!(frozen.cases[0].wishes[0].pool, None);
}

#[test]
fn seats_per_group_are_kept_in_each_group_that_is_open() {
    let group = |band, places, valid_to: Option<&str>| GroupHours {
        band,
        valid_from: day("2026-01-01"),
        valid_to: valid_to.map(day),
        places,
        hours: None,
    };
    let kept = |kind: &str, seats, per_group| Kept {
        kind: kind.into(),
        seats,
        per_group,
    };
    let site = Site {
        groups: vec![
            group(AgeBand::Under3, 6, None),
            group(AgeBand::Under3, 6, None),
            group(AgeBand::Under3, 6, Some("2027-07-31")),
            group(AgeBand::Over3, 9, None),
        ],
        reserves: vec![
            kept("hardship", 1, true),
            kept("company", 3, false),
            kept("company", 1, true),
        ],
        ..site(&[9; 84])
    };
    let on = |band| site.kept(band, day("2027-08-01")).into_iter().collect::<Vec<_>>();
    assert_eq!(on(AgeBand::Under3), [("company", 3), ("hardship", 2)]);
    assert_eq!(on(AgeBand::Over3), [("company", 3), ("hardship", 1)]);
    assert_eq!(
        on(AgeBand::SchoolAge),
        [("company", 3), ("hardship", 1)],
        "a facility without groups is one"
    );
}

#[test]
fn a_seat_is_kept_for_those_who_have_the_right_where_it_is_kept() {
    let (own, other) = (FacilityId::new(), FacilityId::new());
    let keeping = Site {
        reserves: vec![Kept {
            kind: "company".into(),
            seats: 1,
            per_group: false,
        }],
        ..site(&[1; 84])
    };
    let sites = BTreeMap::from([(own, keeping.clone()), (other, keeping)]);
    // Her parents work for the one company; his for neither, but he has more points at the other.
    let (staff, stranger) = (entrant(), entrant());
    let at_own = ScoredPreference {
        reserves: vec!["company".into()],
        ..wish(&staff, own)
    };
    let with_more = ScoredPreference {
        priority: vec![0, 9, 300],
        ..wish(&stranger, other)
    };
    let placed = |wishes: Vec<ScoredPreference>| {
        let entrants = vec![staff.clone(), stranger.clone()];
        let frozen = freeze_with(round(SiblingRule::Independent), &sites, entrants, wishes, vec![]);
        let instance = Instance::read(frozen.snapshot.as_bytes()).unwrap();
        let result = crate::allocation::solve(&instance).file();
        assert_eq!(crate::allocation::verify(&instance, &result), []);
        let placed = |of: &Entrant| {
            let case = frozen.cases.iter().find(|case| case.child_id == of.child_id).unwrap();
            let mut all = result.assignments.iter();
            all.find(|a| *a.child == *case.child).unwrap().pool.is_some()
        };
        (placed(&staff), placed(&stranger))
    };
    let elsewhere = ScoredPreference {
        reserves: Vec::new(),
        ..wish(&staff, other)
    };
    assert_eq!(placed(vec![elsewhere, with_more.clone()]), (false, true));
    let both = vec![wish(&staff, other), at_own.clone(), with_more.clone()];
    assert_eq!(
        placed(both),
        (true, true),
        "her own company keeps one for her, the other one does not"
    );
    let there = ScoredPreference {
        priority: vec![0, 9, 300],
        ..wish(&stranger, own)
    };
    assert_eq!(
        placed(vec![at_own, there]),
        (true, false),
        "what is kept for her goes before points"
    );
}

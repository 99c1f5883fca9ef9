//! Weeks from bodies, their sums and words, and who comes on a date.

use super::*;

fn day(weekday: u32, from: &str, to: &str) -> DayTimes {
    DayTimes {
        weekday,
        from: from.parse().ok(),
        to: to.parse().ok(),
    }
}

fn usual() -> Vec<DayTimes> {
    let mut days: Vec<_> = (1..=4).map(|n| day(n, "07:30:00", "15:00:00")).collect();
    days.push(day(5, "07:30:00", "13:00:00"));
    days
}

fn week(days: &[DayTimes]) -> WeekTimes {
    WeekTimes::of(days, "/week", &mut Fields::new()).unwrap()
}

fn faults(days: &[DayTimes]) -> Vec<(String, String)> {
    let mut fields = Fields::new();
    assert_eq!(WeekTimes::of(days, "/week", &mut fields), None);
    let found = fields.finish().unwrap_err().0;
    found.into_iter().map(|f| (f.pointer, f.code)).collect()
}

#[test]
fn a_week_has_bounds_and_hours_and_words() {
    let whole = week(&usual());
    assert_eq!(whole.bounds(), "07:30:00".parse().ok().zip("15:00:00".parse().ok()));
    assert_eq!(
        (whole.minutes(), whole.hours(), whole.count()),
        (2130, 36, 5),
        "35 and a half, the begun one whole"
    );
    assert_eq!(whole.says("de"), "Mo–Do 07:30–15:00 Uhr, Fr 07:30–13:00 Uhr");
    let some = week(&[5, 1, 2].map(|n| day(n, "08:00:00", "12:00:00")));
    assert_eq!((some.hours(), some.count(), some.on(Weekday::Wed)), (12, 3, None));
    assert_eq!(some.says("en"), "Mon–Tue 08:00–12:00, Fri 08:00–12:00");
}

#[test]
fn a_day_stands_once_and_ends_after_it_begins() {
    assert_eq!(faults(&[]), [("/week".into(), "required".into())]);
    let wrong = [
        day(1, "08:00:00", "08:00:00"),
        day(1, "08:00:00", "12:00:00"),
        day(6, "08:00:00", ""),
        day(2, "", "12:00:00"),
        day(2, "08:00:00", "12:00:00"),
    ];
    let expected = [
        ("/week/0/to", "before_start"),
        ("/week/1/weekday", "duplicate"),
        ("/week/2/to", "required"),
        ("/week/2/weekday", "out_of_range"),
        ("/week/3/from", "required"),
    ];
    assert_eq!(faults(&wrong), expected.map(|(p, c)| (p.to_owned(), c.to_owned())));
}

#[test]
fn a_weekend_is_no_day_on_which_somebody_is_missed() {
    let friday_only = week(&[day(5, "08:00:00", "12:00:00")]);
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    let on = |text: &str| comes_on(Some(&friday_only), date(text));
    assert_eq!(["2027-02-04", "2027-02-05", "2027-02-06"].map(on), [false, true, true]);
    assert!(comes_on(None, date("2027-02-04")));
    let bounds = friday_only.bounds();
    let times = |text: &str| times_on(Some(&friday_only), bounds, date(text));
    assert_eq!(
        ["2027-02-04", "2027-02-05", "2027-02-06"].map(times),
        [None, bounds, bounds]
    );
    assert_eq!(times_on(None, bounds, date("2027-02-04")), bounds);
}

#[test]
fn it_is_written_and_read_as_its_days() {
    let json = serde_json::to_value(week(&usual())).unwrap();
    assert_eq!(
        json[4],
        serde_json::json!({"weekday": 5, "from": "07:30", "to": "13:00"})
    );
    assert_eq!(serde_json::from_value::<WeekTimes>(json).unwrap(), week(&usual()));
    assert!(serde_json::from_str::<WeekTimes>("[]").is_err());
    assert_eq!(week(&usual()).flat().len(), 10);
}

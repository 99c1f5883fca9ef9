//! What the made-up families say.

use super::*;

#[test]
fn nobody_says_at_once_what_cannot_be_of_one_family() {
    let codes = [
        "first_guardian_works",
        "second_guardian_works",
        "lone_parent_working",
        "both_work",
        "lone_parent",
        "working_parents",
    ];
    let questions = codes.map(|code| Question {
        id: code.into(),
        code: code.into(),
        is_number: code == "working_parents",
    });
    let mut said_alone = 0;
    for town in 0..200 {
        let said = answers(&questions, &mut People::of(&town.to_string()));
        let says = |code: &str| said.iter().any(|fact| fact["criterion_id"] == code);
        let alone = says("lone_parent") || says("lone_parent_working");
        said_alone += i32::from(alone);
        assert!(
            !alone || !(says("second_guardian_works") || says("both_work")),
            "{said:?}"
        );
        let workers = said.iter().find_map(|fact| fact["number"].as_i64());
        assert!(
            workers.is_none_or(|number| number <= if alone { 1 } else { 2 }),
            "{said:?}"
        );
    }
    assert!(said_alone > 20);
}

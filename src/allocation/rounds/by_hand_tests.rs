//! Orders made by hand: what they change in the instance, and where they need a reason.

use super::*;
use crate::allocation::rounds::compose::compose;
use crate::allocation::{solve, verify};

const SNAPSHOT: &str = r#"{"families":[
  {"id":"f","siblings":"independent","joint_wishes":[],"children":[
    {"id":"a","types":[],"incumbent":null,"fixed":null,"wishes":[{"pool":"p1","priority":[9,1]},{"pool":"p2","priority":[9,1]}]}]},
  {"id":"g","siblings":"independent","joint_wishes":[],"children":[
    {"id":"b","types":[],"incumbent":null,"fixed":null,"wishes":[{"pool":"p1","priority":[8,1]}]}]},
  {"id":"h","siblings":"independent","joint_wishes":[],"children":[
    {"id":"c","types":[],"incumbent":null,"fixed":null,"wishes":[{"pool":"p2","priority":[9,9]}]}]}],
  "format":"kitaplatz-allocation/1","nodes":[{"id":"n","parent":null,"cap":1}],
  "pools":[{"id":"p1","node":null,"cap":1,"reserves":[]},{"id":"p2","node":"n","cap":2,"reserves":[]}],"seed":""}"#;

fn ordered(children: &[&str]) -> Vec<Ordered> {
    let one = |child: &&str| Ordered {
        child: (*child).to_owned(),
        reason: None,
    };
    children.iter().map(one).collect()
}

fn placed(orders: &[(&str, &[&str])]) -> Vec<(String, Option<String>)> {
    let orders = orders.iter().map(|(pool, order)| ((*pool).to_owned(), ordered(order)));
    let changes = Changes {
        orders: orders.collect(),
        ..Changes::default()
    };
    let composed = compose(SNAPSHOT, &changes).unwrap();
    let file = solve(&composed.instance).file();
    assert_eq!(verify(&composed.instance, &file), []);
    let place = |a: &crate::allocation::Assignment| (a.child.to_string(), a.pool.as_ref().map(ToString::to_string));
    file.assignments.iter().map(place).collect()
}

fn at(child: &str, pool: Option<&str>) -> (String, Option<String>) {
    (child.to_owned(), pool.map(str::to_owned))
}

#[test]
fn an_order_by_hand_takes_the_place_of_the_points() {
    let by_points = [at("a", Some("p1")), at("b", None), at("c", Some("p2"))];
    assert_eq!(placed(&[]), by_points);
    assert_eq!(
        placed(&[("p1", &["a", "b"])]),
        by_points,
        "the same order gives the same places"
    );
    assert_eq!(
        placed(&[("p1", &["b", "a"])]),
        [at("a", None), at("b", Some("p1")), at("c", Some("p2"))]
    );
    assert_eq!(
        placed(&[("p1", &["b", "a"]), ("p2", &["a", "c"])]),
        [at("a", Some("p2")), at("b", Some("p1")), at("c", None)],
        "also below a bound"
    );
    assert_eq!(
        placed(&[("p1", &["a"])]),
        by_points,
        "who is not named follows by the points"
    );
}

#[test]
fn a_reason_is_needed_where_somebody_goes_before_more_points() {
    let points = ["a", "b", "c", "d"];
    let found = |order: [&str; 4]| deviations(&order, &points);
    assert_eq!(found(["a", "b", "c", "d"]), Vec::<usize>::new());
    assert_eq!(found(["b", "a", "c", "d"]), [0]);
    assert_eq!(found(["d", "a", "b", "c"]), [0], "those behind keep their order");
    assert_eq!(found(["b", "c", "d", "a"]), [0, 1, 2], "each of them goes before a");
    assert_eq!(found(["a", "d", "c", "b"]), [1, 2]);
}

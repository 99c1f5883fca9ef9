//! The whole role × action matrix is a committed file: a change to it is seen in review.

#[test]
fn the_matrix_is_the_committed_one() {
    insta::assert_snapshot!("matrix", kitaplatz::access::matrix());
}

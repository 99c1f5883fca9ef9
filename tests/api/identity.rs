//! People: accounts, sessions, second factor.

use crate::support::TestApp;

#[actix_web::test]
async fn a_session_made_by_the_tests_is_a_session() {
    let app = TestApp::new().await;
    let parent = app.parent("anna@example.org").await;
    assert_eq!(parent.account_id(), app.parent("anna@example.org").await.account_id());
    assert_ne!(app.admin().await.account_id(), parent.account_id());
}

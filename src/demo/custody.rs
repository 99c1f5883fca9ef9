//! Second parents: of a family with a protected address one had custody until yesterday, as a court decided; of another one has it, without an
//! account of his own.

use chrono::{Days, Months};
use reqwest::Method;
use serde_json::json;

use super::DemoError;
use super::stage::Stage;
use super::stories::{text, version};

/// The login of the family whose address is protected.
pub(super) const PROTECTED: &str = "eltern04";

/// The login of the family whose second parent has no account.
pub(super) const HALF_ONLINE: &str = "eltern10";

/// The office enters the second parent, who gets letters while the first one reads mail.
pub(super) async fn second(stage: &Stage<'_>, demand: &str) -> Result<(), DemoError> {
    stage.days_ago(1, 20);
    let clerk = stage.colleague("amt").await?;
    let seen = clerk.get(&format!("/office/demands/{demand}")).await?;
    let child = text(&seen["child"], "id")?;
    let second = json!({
        "first_name": "Alexis", "last_name": "Baumann", "phone": "0171 3920077", "email": null, "language": "de",
        "valid_from": stage.today - Days::new(40), "valid_to": null, "reason": "second_parent",
    });
    clerk
        .post(&format!("/office/children/{child}/custody"), &second)
        .await?;
    Ok(())
}

/// The office enters the second parent and, after the decision, ends his custody.
pub(super) async fn tell(stage: &Stage<'_>, demand: &str) -> Result<(), DemoError> {
    stage.days_ago(1, 20);
    let clerk = stage.colleague("amt").await?;
    let seen = clerk.get(&format!("/office/demands/{demand}")).await?;
    let child = text(&seen["child"], "id")?;
    let begins = stage.today - Months::new(3);
    let second = json!({
        "first_name": "Robert", "last_name": "Winkler", "phone": null, "email": null, "language": "de",
        "valid_from": begins, "valid_to": null, "reason": "second_parent",
    });
    let custody = clerk
        .post(&format!("/office/children/{child}/custody"), &second)
        .await?;
    let ended = json!({ "valid_from": begins, "valid_to": stage.today - Days::new(1), "reason": "court_decision" });
    let path = format!("/office/custody/{}", text(&custody, "id")?);
    clerk.edit(Method::PUT, &path, version(&custody)?, &ended).await?;
    Ok(())
}

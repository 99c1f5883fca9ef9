//! Where a body's example is not enough: addresses that must be new, roles that fit the id beside them.

use kitaplatz::platform::ids::random_uuid;
use serde_json::{Value, json};

/// Makes an example a body that can be sent again and again; `swapped` is the place of the id that is being tried.
pub fn adjust(operation: &str, body: &mut Value, swapped: Option<&str>) {
    let unique = random_uuid().simple().to_string();
    match operation {
        "register" | "sign_in" | "request_password_reset" | "invite_guardian" | "invite_staff" | "operator_sign_in" => {
            body["email"] = json!(format!("{unique}@example.org"));
        }
        "operator_create_tenant" => {
            body["slug"] = json!(format!("n{}", &unique[..12]));
            body["admin_email"] = json!(format!("{unique}@example.org"));
        }
        "operator_update_tenant" => *body = json!({"name": "Stadt Musterstadt"}),
        // What the office alone may change is left out, so that the facility's own people can send it.
        "update_facility" => {
            let fields = body.as_object_mut().unwrap();
            fields.retain(|name, _| !["provider_id", "kind", "licence"].contains(&name.as_str()));
        }
        "create_provider" | "update_provider" => body["name"] = json!(format!("Träger {unique}")),
        // A set begins with a template or as a copy.
        "create_criteria_set" | "create_fee_schedule" if swapped == Some("/copy_of") => body["template"] = Value::Null,
        "add_criterion" => body["code"] = json!(format!("c{}", &unique[..12])),
        // Arrived before today.
        "intake_demand" => {
            body["received_at"] = json!("2027-01-29T11:00:00Z");
            // A child that is not known yet, unless it is said to be one that is.
            if swapped != Some("/child_id") {
                body["child"]["first_name"] = json!(format!("Mia{}", &unique[..8]));
            }
        }
        // What would take places from the operations after it is left out.
        "put_capacity_basis" => {
            body["permits"] = json!([]);
            body["staff"] = json!([]);
        }
        "add_staffing_key" => {
            let days = u64::from_str_radix(&unique[..3], 16).unwrap();
            let first = chrono::NaiveDate::from_ymd_opt(2028, 8, 1).unwrap();
            body["valid_from"] = json!(first + chrono::Days::new(days));
        }
        "place_in_group" => body["valid_from"] = json!("2027-02-01"),
        "put_capacity" => {
            body["from_month"] = json!("2027-08-01");
            // Room for all whom these tests promised a place.
            body["occupied_external"] = json!(10);
        }
        // Somebody new each time, who keeps custody.
        "add_custody" => body["last_name"] = json!(format!("Sommer{}", &unique[..8])),
        _ => {}
    }
    // A role is granted on what it is for.
    if matches!(operation, "invite_staff" | "grant_membership") {
        match swapped {
            Some("/provider_id") => {
                body["role"] = json!("provider_manager");
                body["facility_id"] = Value::Null;
            }
            Some("/facility_id") => body["role"] = json!("facility_manager"),
            _ => {}
        }
    }
}

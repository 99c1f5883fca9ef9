//! Black-box tests over HTTP: a real server, a real PostgreSQL, the application's role. A test is a tenant.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should say where"
)]

mod support;

mod aborts;
mod aftercare;
mod amendments;
mod audit_chain;
mod capacity_basis;
mod case_file;
mod claims;
mod contract_templates;
mod contracts;
mod copies;
mod criteria;
mod custody;
mod dashboard;
mod demands;
mod demands_placing;
mod exports;
mod facilities;
mod facilities_capacity;
mod facilities_import;
mod facilities_search;
mod facility_month;
mod families;
mod family_import;
mod fees;
mod floor;
mod followups;
mod forecast;
mod forecast_size;
mod groups;
mod identity;
mod inbox;
mod isolation;
mod lint;
mod lists;
mod mandates;
mod notices;
mod notifications;
mod offboarding;
mod offers;
mod offers_rounds;
mod office;
mod office_decisions;
mod office_intake;
mod operator;
mod personal_data;
mod planning;
mod pool;
mod presence;
mod process;
mod race;
mod refusal;
mod register;
mod residence;
mod retention;
mod rounds;
mod rounds_after;
mod rounds_crash;
mod rounds_followups;
mod rounds_improve;
mod rounds_size;
mod rounds_starts;
mod rounds_steps;
mod rounds_why;
mod school_entry;
mod setup;
mod situations;
mod staff;
mod staff_preferences;
mod statistics;
mod swaps;
mod tenancy;
mod transfers;
mod visits;

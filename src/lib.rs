//! Kitaplatz: one backend for many municipalities that hand out daycare places.
//!
//! The modules below stand in one ordered list. A module may use only modules above it, and only through their front door
//! (`mod.rs`); `tests/house` holds this. `platform` is the floor and knows no word of the field. `access` turns a request into a
//! tenant transaction for a named action. Every module after it is a slice named with the customers' words, with the same rooms:
//! `model` (pure rules), `store` (SQL), `http` (API), `jobs` (background). `app` puts all of it together.

pub mod platform;

pub mod access;

pub mod audit;

pub mod versions;

pub mod tenancy;

pub mod facilities;

pub mod documents;

pub mod notifications;

pub mod families;

pub mod identity;

pub mod mandates;

pub mod freshness;

pub mod residence;

pub mod contracts;

pub mod groups;

pub mod substitutes;

pub mod demands;

pub mod allocation;

pub mod offers;

pub mod followups;

pub mod aftercare;

pub mod swaps;

pub mod inbox;

pub mod lists;

pub mod visits;

pub mod notices;

pub mod register;

pub mod fees;

pub mod office;

pub mod claims;

pub mod imports;

pub mod planning;

pub mod statistics;

pub mod privacy;

pub mod setup;

pub mod operator;

pub mod exports;

pub mod app;

#[cfg(feature = "demo")]
pub mod demo;

pub mod cli;

//! Background work of this slice.

use crate::platform::jobs::Registry;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry
}

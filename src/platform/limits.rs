//! In-process request limits per address: cheap, before anything is read or hashed.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Sign-in attempts: a town hall behind one address must get through.
    SignIn,
    /// Registrations, resets, invitations: each may send a mail.
    Mail,
    /// Everything else.
    Request,
}

/// Token buckets by kind and address (IPv6 by /64).
#[derive(Clone)]
pub struct Limits {
    sign_in: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    mail: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    request: Arc<DefaultKeyedRateLimiter<IpAddr>>,
}

impl Limits {
    /// Limits multiplied by `factor`.
    pub fn new(factor: u32) -> Self {
        let times = |n: u32| NonZeroU32::new(n.saturating_mul(factor)).unwrap_or(NonZeroU32::MIN);
        Self {
            sign_in: Arc::new(RateLimiter::keyed(Quota::per_minute(times(20)).allow_burst(times(40)))),
            mail: Arc::new(RateLimiter::keyed(Quota::per_hour(times(30)).allow_burst(times(30)))),
            request: Arc::new(RateLimiter::keyed(Quota::per_second(times(50)).allow_burst(times(200)))),
        }
    }

    /// `Err(seconds)` to wait when the address has used up its share.
    pub fn check(&self, kind: Kind, address: IpAddr) -> Result<(), u64> {
        let limiter = match kind {
            Kind::SignIn => &self.sign_in,
            Kind::Mail => &self.mail,
            Kind::Request => &self.request,
        };
        limiter
            .check_key(&aggregate(address))
            .map_err(|until| until.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }

    /// Forgets addresses that have their full share again.
    pub fn tidy(&self) {
        for limiter in [&self.sign_in, &self.mail, &self.request] {
            limiter.retain_recent();
        }
    }
}

/// One subscriber owns a /64; counting single IPv6 addresses would limit nobody.
pub fn aggregate(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_limited_and_another_is_not() {
        let limits = Limits::new(1);
        let (a, b): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let passed = (0..100).filter(|_| limits.check(Kind::SignIn, a).is_ok()).count();
        assert_eq!(passed, 40);
        assert!(limits.check(Kind::SignIn, a).unwrap_err() >= 1);
        assert!(limits.check(Kind::SignIn, b).is_ok());
    }

    #[test]
    fn ipv6_counts_by_subscriber() {
        let net = |s: &str| aggregate(s.parse().unwrap());
        assert_eq!(net("2001:db8:1:2:3::4"), net("2001:db8:1:2:ffff::1"));
        assert_ne!(net("2001:db8:1:2::1"), net("2001:db8:1:3::1"));
        assert_eq!(net("::ffff:192.0.2.1"), net("192.0.2.1"));
    }
}

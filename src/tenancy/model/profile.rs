//! How a municipality looks and where it is reached. Pure.

/// A municipality's look and contact after an edit.
pub(in crate::tenancy) struct Profile {
    pub office_name: String,
    pub primary_color: String,
    pub contact_email: String,
    pub contact_phone: String,
    pub contact_address: String,
    pub feedback_email: String,
    pub sender_name: String,
    pub sender_address: Option<String>,
    pub official_header: bool,
}

/// Whether white text can be read on a colour `#rrggbb` (WCAG 2: 4.5 to 1); `None` when it is no colour.
pub(in crate::tenancy) fn may_be_read_on(color: &str) -> Option<bool> {
    let digits = color.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii())?;
    let mut light = 0.0;
    for (at, weight) in [(0, 0.2126), (2, 0.7152), (4, 0.0722)] {
        let channel = f64::from(u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?) / 255.0;
        light += weight
            * if channel <= 0.04045 {
                channel / 12.92
            } else {
                ((channel + 0.055) / 1.055).powf(2.4)
            };
    }
    Some(1.05 / (light + 0.05) >= 4.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_text_is_readable_on_the_colour_of_a_municipality() {
        assert_eq!(may_be_read_on("#1d4f91"), Some(true));
        assert_eq!(may_be_read_on("#767676"), Some(true));
        assert_eq!(may_be_read_on("#777777"), Some(false));
        assert_eq!(may_be_read_on("#ffff00"), Some(false));
        for bad in ["1d4f91", "#1d4f9", "#1d4f9g", "#€€", ""] {
            assert_eq!(may_be_read_on(bad), None, "{bad}");
        }
    }
}

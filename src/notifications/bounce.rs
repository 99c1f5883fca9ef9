//! Reports of mail that could not be delivered later on (delivery status notifications, RFC 3464).

use super::model::without_addresses;

/// What a report says of one of our mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// Message-ID of the mail that bounced.
    pub message_id: String,
    /// The mail server's reason, without addresses.
    pub reason: String,
}

impl Bounce {
    /// Reads a report; `None` when it is none, names no mail, or tells of a delay or a success only.
    pub fn read(raw: &str) -> Option<Self> {
        let text = raw.replace("\r\n", "\n");
        // The report's own headers have a Message-ID too; ours stands in the parts.
        let (_, parts) = text.split_once("\n\n")?;
        let lines = unfolded(parts);
        let values = |name: &str| -> Vec<&str> {
            lines
                .iter()
                .filter_map(|line| line.split_once(':'))
                .filter(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim())
                .collect()
        };
        if !values("Action")
            .iter()
            .any(|action| action.eq_ignore_ascii_case("failed"))
        {
            return None;
        }
        let message_id = values("Message-ID").into_iter().next_back()?.to_owned();
        let diagnosis = values("Diagnostic-Code").into_iter().next();
        let reason = diagnosis
            .or_else(|| values("Status").into_iter().next())
            .unwrap_or("bounced");
        Some(Self {
            message_id,
            reason: without_addresses(reason),
        })
    }
}

/// Lines with their continuations joined: a header may go on in lines that begin with a blank.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) && !last.is_empty() => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Postfix writes it.
    const REPORT: &str = include_str!("../../tests/api/support/bounce.eml");

    #[test]
    fn a_report_names_our_mail_and_the_reason_without_the_address() {
        let bounce = Bounce::read(REPORT).unwrap();
        assert_eq!(bounce.message_id, "<MESSAGE-ID@musterstadt.example>");
        assert!(
            bounce.reason.contains("550 5.1.1") && !bounce.reason.contains('@'),
            "{}",
            bounce.reason
        );
    }

    #[test]
    fn a_delay_or_another_mail_is_no_bounce() {
        assert_eq!(Bounce::read(&REPORT.replace("Action: failed", "Action: delayed")), None);
        assert_eq!(Bounce::read("Subject: Hallo\n\nIch bin im Urlaub.\n"), None);
        assert_eq!(Bounce::read(""), None);
    }
}

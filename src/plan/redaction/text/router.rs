//! Secrets in the configuration of routers and firewalls, as `directconnect describe_router_configuration` and
//! the answers about VPNs contain it: `neighbor 169.254.0.1 password 7 X`, `set psksecret ENC X`.
//!
//! In these languages a name and its value are words of a statement, without a separator. A statement is a line.

use std::cell::Cell;

use super::scan::{Span, is_blank, quoted, skip};
use super::{NAMED, SearchMemory};
use crate::plan::redaction::{REDACTED, values};

/// The first words of statements, and the words after which a secret follows. The source is the command
/// reference of each vendor.
const STATEMENTS: &[(&[&str], &[&str])] = &[
    // Cisco IOS Master Command List, cisco.com/c/en/us/td/docs/ios/mcl
    (&["neighbor"], &["password"]),
    (&["crypto", "isakmp"], &["key"]),
    (&["enable"], &["secret", "password"]),
    (&["username"], &["password", "secret"]),
    (&["snmp-server"], &["community"]),
    (&["tacacs-server"], &["key"]),
    (&["radius-server"], &["key"]),
    (&["key-string"], &["key-string"]),
    (&["pre-shared-key"], &["pre-shared-key"]),
    (&["ip"], &["authentication-key", "md5", "password"]),
    (&["ppp"], &["password"]),
    // Cisco Secure Firewall ASA Series Command Reference
    (&["ikev1"], &["pre-shared-key"]),
    (&["ikev2"], &["pre-shared-key"]),
    // Junos CLI Reference, juniper.net/documentation
    (&["authentication-key"], &["authentication-key"]),
    (&["encrypted-password"], &["encrypted-password"]),
    // Junos, FortiOS CLI Reference (psksecret), PAN-OS CLI Reference, VyOS Documentation (pre-shared-secret)
    (
        &["set"],
        &["pre-shared-key", "pre-shared-secret", "psksecret", "authentication-key", "encrypted-password"],
    ),
    (&["set", "password"], &["ENC"]),
];

/// Words between a name and its secret: the encoding of the secret, or the direction that it is for.
const BETWEEN: &[&str] = &[
    "0",
    "5",
    "6",
    "7",
    "8",
    "9",
    "ascii-text",
    "hexadecimal",
    "hex",
    "ENC",
    "encrypted",
    "local",
    "remote",
    "key",
    "md5",
    "=",
];

/// Words between a name and its secret that are followed by a further word: `address 192.0.2.1 key X`.
const WITH_A_WORD: &[&str] = &["address", "hostname", "level"];

/// The start of the last line that was examined: a statement may have many triggers.
#[derive(Debug, Default)]
pub(super) struct StatementMemory(Cell<Option<usize>>);

/// Finds the secret of the statement that contains this place.
pub(super) fn find(text: &str, place: usize, memory: &SearchMemory, spans: &mut Vec<Span>) {
    let line = memory.lines.at(text.as_bytes(), place);
    if memory.statements.0.replace(Some(line.start)) == Some(line.start) {
        return;
    }
    let mut words = StatementWords { text, place: line.start, end: line.end };
    let initial: Vec<(usize, usize)> = words.by_ref().take(MOST_INITIAL).collect();
    let is_statement = STATEMENTS.iter().any(|(first, _)| starts_with(text, &initial, first));
    if !is_statement {
        return;
    }
    let words: Vec<(usize, usize)> = initial.into_iter().chain(words).collect();
    let word = |index: usize| words.get(index).map(|(start, end)| &text[*start..*end]);
    for (first, names) in STATEMENTS {
        if !starts_with(text, &words, first) {
            continue;
        }
        let name = (0..words.len()).find(|index| word(*index).is_some_and(|word| names.contains(&word)));
        let Some((start, end)) = name.and_then(|name| secret(text, &words[name + 1..])) else { continue };
        let value = &text[start..end];
        if !values::is_harmless(value, true) && !value.contains(REDACTED) {
            spans.push(Span { start, end, kind: NAMED });
        }
    }
}

/// Returns the range of the first of these words that is no marker.
fn secret(text: &str, words: &[(usize, usize)]) -> Option<(usize, usize)> {
    let mut words = words.iter().copied().peekable();
    while let Some((start, end)) = words.next() {
        let word = &text[start..end];
        if WITH_A_WORD.contains(&word) {
            words.next();
        } else if words.peek().is_none() || !BETWEEN.contains(&word) {
            return Some((start, end));
        }
    }
    None
}

/// The maximum number of words at the start of a statement.
const MOST_INITIAL: usize = 2;

/// Returns whether words start with others.
fn starts_with(text: &str, words: &[(usize, usize)], initial: &[&str]) -> bool {
    words.len() >= initial.len()
        && initial.iter().zip(words).all(|(expected, (start, end))| text[*start..*end] == **expected)
}

/// The ranges of the words of a line, without quotes and without the semicolon at its end.
struct StatementWords<'text> {
    text: &'text str,
    place: usize,
    end: usize,
}

impl Iterator for StatementWords<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let bytes = &self.text.as_bytes()[..self.end];
        loop {
            let start = skip(bytes, self.place, is_blank);
            if start >= self.end {
                return None;
            }
            if let Some((from, to)) = quoted(bytes, start) {
                self.place = (to + 1).min(self.end);
                return Some((from, to));
            }
            self.place = skip(bytes, start, |byte| !is_blank(byte));
            let shown = self.text[start..self.place].trim_end_matches(';').len();
            if shown > 0 {
                return Some((start, start + shown));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::redaction::text::clean;

    #[test]
    fn secrets_of_routers_are_redacted() {
        for statement in [
            " neighbor 169.254.255.1 password Jay4tern",
            "neighbor 169.254.255.1 password 7 Jay4tern",
            "crypto isakmp key Jay4tern address 192.0.2.1",
            "crypto isakmp key 6 Jay4tern address 192.0.2.1 255.255.255.255",
            "  pre-shared-key address 192.0.2.1 key Jay4tern",
            "  pre-shared-key local Jay4tern",
            " ikev1 pre-shared-key Jay4tern",
            " ikev2 remote-authentication pre-shared-key Jay4tern",
            "enable secret 5 Jay4tern",
            "enable secret level 15 5 Jay4tern",
            "username admin privilege 15 password 0 Jay4tern",
            "snmp-server community Jay4tern RO",
            "tacacs-server host 192.0.2.1 key Jay4tern",
            "radius-server key 7 Jay4tern",
            "  key-string Jay4tern",
            " ip ospf authentication-key Jay4tern",
            " ip ospf message-digest-key 1 md5 7 Jay4tern",
            " ppp chap password 0 Jay4tern",
            "set security ike policy p pre-shared-key ascii-text \"Jay4tern\"",
            "pre-shared-key ascii-text \"Jay4tern\";",
            "set protocols bgp group ebgp neighbor 169.254.255.1 authentication-key Jay4tern",
            "    authentication-key \"Jay4tern\";",
            "set system root-authentication encrypted-password \"Jay4tern\"",
            "    set psksecret ENC Jay4tern",
            "    set password ENC Jay4tern",
            "set network ike gateway g authentication pre-shared-key key Jay4tern",
            "set vpn ipsec site-to-site peer 192.0.2.1 authentication pre-shared-secret Jay4tern",
            "set vpn ipsec site-to-site peer 192.0.2.1 authentication pre-shared-secret 'Jay4tern'",
        ] {
            let text = format!("!\nhostname r1\n{statement}\n exit\n");
            let cleaned = clean(&text, "customerRouterConfig").map_or(text, |cleaned| cleaned.text);
            assert!(!cleaned.contains("Jay4tern"), "{cleaned}");
            assert!(cleaned.starts_with("!\nhostname r1\n") && cleaned.ends_with("\n exit\n"), "{cleaned}");
        }
    }

    #[test]
    fn other_statements_are_kept() {
        for statement in [
            "neighbor 169.254.255.1 remote-as 7224",
            "crypto key generate rsa modulus 2048",
            "username admin privilege 15",
            "snmp-server host 192.0.2.1 version 3",
            "set security ike policy p mode main",
            "enable password",
            "ip address 192.0.2.1 255.255.255.0",
            "service password-encryption",
        ] {
            let text = format!("hostname r1\n{statement}\n");
            assert_eq!(clean(&text, "customerRouterConfig"), None, "{statement}");
        }
    }
}

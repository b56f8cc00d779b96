//! Secrets in the configuration of routers and firewalls, as `directconnect describe_router_configuration` and
//! the answers about VPNs contain it: `neighbor 169.254.0.1 password 7 X`, `set psksecret ENC X`.
//!
//! In these languages a name and its value are words of a statement, without a separator. A statement is a line.

use super::NAMED;
use super::scan::{Span, is_blank, line_end, line_start, quoted, skip};
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

/// Finds the secret of the statement that contains this place.
pub(super) fn find(text: &str, place: usize, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let words = words(text, line_start(bytes, place), line_end(bytes, place));
    let word = |index: usize| words.get(index).map(|(start, end)| &text[*start..*end]);
    for (first, names) in STATEMENTS {
        let is_it = first.iter().enumerate().all(|(index, expected)| word(index) == Some(expected));
        if !is_it {
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

/// Returns the ranges of the words of a line, without quotes and without the semicolon at its end.
fn words(text: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    let bytes = &text.as_bytes()[..end];
    let mut words = Vec::new();
    let mut at = skip(bytes, start, is_blank);
    while at < end {
        if let Some((from, to)) = quoted(bytes, at) {
            words.push((from, to));
            at = skip(bytes, (to + 1).min(end), is_blank);
            continue;
        }
        let to = skip(bytes, at, |byte| !is_blank(byte));
        let shown = text[at..to].trim_end_matches(';').len();
        if shown > 0 {
            words.push((at, at + shown));
        }
        at = skip(bytes, to, is_blank);
    }
    words
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

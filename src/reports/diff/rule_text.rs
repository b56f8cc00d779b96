//! Rules of security groups, network ACLs and the like as plain texts: `tcp 22 from 0.0.0.0/0`.
//!
//! Rules are often nested: a permission of a security group has several sources. A text has one of them, so that it
//! can be compared.

use serde_json::{Map, Value};

use crate::plan::redaction::is_redacted;

/// A rule: protocol, ports, and one source or destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RuleText {
    /// The rule: `tcp 22 from 0.0.0.0/0`.
    pub(super) text: String,
    /// Its description; null if it has none.
    pub(super) description: Value,
}

/// The members of rules with their sources: the name of the list, and the member with the source.
const SOURCES: [(&str, &str); 4] = [
    ("IpRanges", "CidrIp"),
    ("Ipv6Ranges", "CidrIpv6"),
    ("PrefixListIds", "PrefixListId"),
    ("UserIdGroupPairs", "GroupId"),
];
/// The members of rules with one source.
const SOURCE: [&str; 4] = ["CidrBlock", "Ipv6CidrBlock", "IpRange", "CidrIp"];
/// The other members of rules.
const OTHERS: [&str; 10] = [
    "IpProtocol",
    "Protocol",
    "FromPort",
    "ToPort",
    "PortRange",
    "IcmpTypeCode",
    "Egress",
    "RuleAction",
    "RuleNumber",
    "Description",
];
/// The numbers of protocols in network ACLs.
///
/// Source: IANA, Assigned Internet Protocol Numbers; -1 is all (Amazon EC2 API Reference).
const PROTOCOLS: [(&str, &str); 5] =
    [("-1", "all"), ("1", "icmp"), ("6", "tcp"), ("17", "udp"), ("58", "icmpv6")];

/// Returns the rules in a list that is in a member with this name; `None` if it has anything else.
pub(super) fn rules(member: &str, list: &[Value]) -> Option<Vec<RuleText>> {
    let is_egress = member.to_ascii_lowercase().contains("egress");
    let rules: Vec<Vec<RuleText>> =
        list.iter().map(|item| of_item(item.as_object()?, is_egress)).collect::<Option<_>>()?;
    Some(rules.into_iter().flatten().collect())
}

/// Returns the ports of a rule: `22`, `8000-8999` or `all`. `-1` stands for all.
pub(super) fn ports(from: Option<i64>, to: Option<i64>) -> Option<String> {
    Some(match (from?, to?) {
        (-1, -1) | (0, 65_535) => "all".to_owned(),
        (from, to) if from == to => from.to_string(),
        (from, to) => format!("{from}-{to}"),
    })
}

/// Returns the name of a protocol.
pub(super) fn protocol(protocol: &str) -> &str {
    PROTOCOLS.iter().find(|(number, _)| *number == protocol).map_or(protocol, |(_, name)| name)
}

/// Returns the rules of an item; `None` if it has members that are in no text.
fn of_item(item: &Map<String, Value>, is_egress: bool) -> Option<Vec<RuleText>> {
    let is_known = |name: &String| {
        OTHERS.contains(&name.as_str())
            || SOURCE.contains(&name.as_str())
            || SOURCES.iter().any(|(list, _)| list == name)
    };
    if !item.keys().all(is_known) {
        return None;
    }
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    let is_egress = item.get("Egress").and_then(Value::as_bool).unwrap_or(is_egress);
    let what = [
        item.get("RuleNumber").map(Value::to_string),
        text("RuleAction").map(str::to_owned),
        Some(traffic(item, protocol(text("IpProtocol").or(text("Protocol"))?))),
        Some(if is_egress { "to" } else { "from" }.to_owned()),
    ];
    let what = what.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let rule = |source: &str, description: Option<&Value>| RuleText {
        text: format!("{what} {source}"),
        description: description.cloned().unwrap_or_default(),
    };
    let one = SOURCE.iter().find_map(|name| text(name));
    let mut rules: Vec<RuleText> =
        one.map(|source| rule(source, item.get("Description"))).into_iter().collect();
    for (list, member) in SOURCES {
        for source in item.get(list).and_then(Value::as_array).into_iter().flatten() {
            let name = source.get(member)?.as_str()?;
            rules.push(rule(name, source.get("Description")));
        }
    }
    let is_shown = rules.iter().all(|rule| !is_redacted(&rule.text));
    (!rules.is_empty() && is_shown).then_some(rules)
}

/// Returns protocol and ports: `tcp 22`, `udp all ports`, `all protocols`, `icmp type 8`.
fn traffic(item: &Map<String, Value>, protocol: &str) -> String {
    let number = |value: Option<&Value>| value.and_then(Value::as_i64);
    let range = item.get("PortRange");
    let [from, to] = [("FromPort", "From"), ("ToPort", "To")]
        .map(|(own, inner)| number(item.get(own)).or_else(|| number(range?.get(inner))));
    if protocol == "all" {
        return "all protocols".to_owned();
    }
    if protocol.starts_with("icmp") {
        let kind = from.or_else(|| number(item.get("IcmpTypeCode")?.get("Type"))).filter(|kind| *kind != -1);
        return kind.map_or_else(|| protocol.to_owned(), |kind| format!("{protocol} type {kind}"));
    }
    match ports(from, to).as_deref() {
        Some("all") => format!("{protocol} all ports"),
        Some(ports) => format!("{protocol} {ports}"),
        None => protocol.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::rules;

    fn texts(member: &str, list: &Value) -> Option<Vec<String>> {
        let list = list.as_array().expect("a list");
        rules(member, list).map(|rules| rules.into_iter().map(|rule| rule.text).collect())
    }

    fn owned(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn permission_has_a_rule_for_each_source() {
        let permissions = json!([
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": "sg-1"}],
             "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "office"}], "PrefixListIds": [],
             "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
            {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
        ]);
        assert_eq!(
            texts("IpPermissions", &permissions),
            Some(owned(&[
                "tcp 22 from 10.0.0.0/8",
                "tcp 22 from ::/0",
                "tcp 22 from sg-1",
                "all protocols from 0.0.0.0/0"
            ]))
        );
        let egress =
            json!([{"IpProtocol": "udp", "FromPort": 0, "ToPort": 65535, "IpRanges": [{"CidrIp": "::"}]}]);
        assert_eq!(texts("IpPermissionsEgress", &egress), Some(owned(&["udp all ports to ::"])));
    }

    #[test]
    fn entry_of_network_acl_has_number_and_action() {
        let entries = json!([
            {"RuleNumber": 100, "RuleAction": "allow", "Egress": false, "Protocol": "6", "CidrBlock": "0.0.0.0/0",
             "PortRange": {"From": 80, "To": 89}},
            {"RuleNumber": 32767, "RuleAction": "deny", "Egress": true, "Protocol": "-1", "CidrBlock": "0.0.0.0/0"},
            {"RuleNumber": 5, "RuleAction": "allow", "Egress": true, "Protocol": "1", "CidrBlock": "10.0.0.0/8",
             "IcmpTypeCode": {"Type": 8, "Code": -1}},
        ]);
        assert_eq!(
            texts("Entries", &entries),
            Some(owned(&[
                "100 allow tcp 80-89 from 0.0.0.0/0",
                "32767 deny all protocols to 0.0.0.0/0",
                "5 allow icmp type 8 to 10.0.0.0/8"
            ]))
        );
    }

    #[test]
    fn other_list_has_no_rules() {
        assert_eq!(texts("Zones", &json!(["a"])), None);
        assert_eq!(texts("Ports", &json!([{"Protocol": "tcp", "FromPort": 1, "ToPort": 2}])), None);
        let unknown = json!([{"IpProtocol": "tcp", "IpRanges": [{"CidrIp": "::"}], "Priority": 1}]);
        assert_eq!(texts("IpPermissions", &unknown), None);
    }
}

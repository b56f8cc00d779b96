//! Facts about resources that were added or removed: an ID alone does not show whether a change matters.
//!
//! Reviewed kinds have their facts in `main_fields`. Other kinds have the members whose names promise a fact.

use serde_json::{Map, Value};

use super::main_fields::main_fields;
use crate::plan::redaction::is_hidden;
use crate::reports::members::{squashed, state_word, values_at};

/// The most facts of a kind that has not been reviewed.
const MOST: usize = 4;

/// Names of members that promise a fact, the most important first; the name of the kind is removed from them.
const PROMISING: [&str; 24] = [
    "state",
    "status",
    "lifecyclestate",
    "type",
    "class",
    "engine",
    "engineversion",
    "version",
    "runtime",
    "protocol",
    "port",
    "cidr",
    "cidrblock",
    "scheme",
    "domainname",
    "enabled",
    "encrypted",
    "public",
    "createdat",
    "creationtime",
    "creationdate",
    "createdate",
    "createdtime",
    "description",
];

/// Returns the most important facts about a resource: the name of each, and its value.
pub(super) fn facts_of(service: &str, kind: &str, raw: &Value) -> Map<String, Value> {
    if (service, kind) == ("ec2", "security_group_rule") {
        return of_rule(raw);
    }
    match main_fields(service, kind) {
        Some(row) => {
            let facts = row.fields.iter().map(|(name, path)| ((*name).to_owned(), at(raw, path)));
            facts.filter_map(|(name, value)| Some((name, worth_showing(value?)?))).collect()
        }
        None => of_promising_members(kind, raw),
    }
}

/// Returns the facts about a rule of a security group: what it opens, and for which addresses.
fn of_rule(rule: &Value) -> Map<String, Value> {
    let text = |name: &str| rule.get(name).and_then(Value::as_str);
    let is_egress = rule.get("IsEgress").and_then(Value::as_bool).unwrap_or_default();
    let protocol = text("IpProtocol").map(|protocol| if protocol == "-1" { "all" } else { protocol });
    let referenced = rule.get("ReferencedGroupInfo").and_then(|group| group.get("GroupId"));
    let peer = ["CidrIpv4", "CidrIpv6", "PrefixListId"].into_iter().find_map(text);
    let facts = [
        ("direction", Some(if is_egress { "egress" } else { "ingress" }.into())),
        ("protocol", protocol.map(Value::from)),
        ("ports", ports(rule).filter(|_| !protocol.unwrap_or_default().starts_with("icmp"))),
        (
            if is_egress { "destination" } else { "source" },
            peer.map(Value::from).or_else(|| referenced.cloned()),
        ),
        ("group", text("GroupId").map(Value::from)),
        ("description", text("Description").map(Value::from)),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), worth_showing(value?)?))).collect()
}

/// Returns the ports of a rule: `22`, `8000-8999` or `all`. `-1` stands for all.
fn ports(rule: &Value) -> Option<Value> {
    let [from, to] = ["FromPort", "ToPort"].map(|name| rule.get(name).and_then(Value::as_i64));
    Some(match (from?, to?) {
        (-1, -1) | (0, 65_535) => "all".into(),
        (from, to) if from == to => from.to_string().into(),
        (from, to) => format!("{from}-{to}").into(),
    })
}

fn of_promising_members(kind: &str, raw: &Value) -> Map<String, Value> {
    let kind = squashed(kind);
    let mut found: Vec<(usize, &String, Value)> = Vec::new();
    for (name, value) in raw.as_object().into_iter().flatten() {
        let squashed = squashed(name);
        let rest = squashed.strip_prefix(&kind).unwrap_or(&squashed);
        let rank = PROMISING.iter().position(|promising| *promising == rest);
        if let (Some(rank), Some(value)) =
            (rank, worth_showing(state_word(value).cloned().unwrap_or_default()))
        {
            found.push((rank, name, value));
        }
    }
    found.sort_by_key(|(rank, ..)| *rank);
    found.into_iter().take(MOST).map(|(_, name, value)| (name.clone(), value)).collect()
}

/// Returns a value if it is one that a reader understands at a glance: no object, nothing empty or redacted.
fn worth_showing(value: Value) -> Option<Value> {
    match value {
        Value::String(text) if text.is_empty() || is_hidden(&text) => None,
        Value::Null | Value::Object(_) => None,
        Value::Array(items) => {
            let items: Vec<Value> = items.into_iter().filter_map(worth_showing).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        value => Some(value),
    }
}

/// Returns the value at a path; a list if the path leads through one.
fn at(raw: &Value, path: &str) -> Option<Value> {
    let values = values_at(raw, path);
    if path.contains("[]") {
        return Some(values.into_iter().cloned().collect());
    }
    values.first().map(|value| (*value).clone())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::facts_of;
    use crate::plan::redaction::REDACTED;

    fn facts(service: &str, kind: &str, raw: &Value) -> Value {
        Value::Object(facts_of(service, kind, raw))
    }

    #[test]
    fn rule_has_protocol_ports_and_source() {
        let rule = json!({"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp",
            "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0", "Description": "temporary"});
        let expected = json!({"direction": "ingress", "protocol": "tcp", "ports": "22", "source": "0.0.0.0/0",
            "group": "sg-1", "description": "temporary"});
        assert_eq!(facts("ec2", "security_group_rule", &rule), expected);
        let rule = json!({"GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1", "FromPort": -1, "ToPort": -1,
            "ReferencedGroupInfo": {"GroupId": "sg-2"}});
        let expected = json!({"direction": "egress", "protocol": "all", "ports": "all", "destination": "sg-2",
            "group": "sg-1"});
        assert_eq!(facts("ec2", "security_group_rule", &rule), expected);
    }

    #[test]
    fn range_of_ports_is_one_fact() {
        let rule = json!({"IpProtocol": "udp", "FromPort": 8000, "ToPort": 8999, "CidrIpv6": "::/0"});
        let facts = facts("ec2", "security_group_rule", &rule);
        assert_eq!((&facts["ports"], &facts["source"]), (&json!("8000-8999"), &json!("::/0")));
    }

    #[test]
    fn reviewed_kind_has_its_fields() {
        let instance = json!({"InstanceId": "i-1", "InstanceType": "t3.micro", "State": {"Name": "running"},
            "PublicIpAddress": "", "Placement": {}});
        assert_eq!(facts("ec2", "instance", &instance), json!({"type": "t3.micro", "state": "running"}));
        let volume = json!({"Size": 8, "Encrypted": false, "Attachments": [{"InstanceId": "i-1"}]});
        let expected = json!({"size_gib": 8, "encrypted": false, "attached_to": ["i-1"]});
        assert_eq!(facts("ec2", "volume", &volume), expected);
    }

    #[test]
    fn other_kind_has_members_that_promise_facts() {
        let thing = json!({"ThingId": "t", "Description": "d", "Version": 3, "Weight": 7, "Port": 1, "Type": "x",
            "thing_status": {"Code": "active"}});
        let expected = json!({"thing_status": "active", "Type": "x", "Version": 3, "Port": 1});
        assert_eq!(facts("any", "thing", &thing), expected);
        assert_eq!(facts("any", "text", &json!("orders")), json!({}));
    }

    #[test]
    fn redacted_value_is_no_fact() {
        let function = json!({"Runtime": "python3.12", "Role": REDACTED});
        assert_eq!(facts("lambda", "function", &function), json!({"runtime": "python3.12"}));
    }
}

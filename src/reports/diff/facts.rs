//! Facts about resources that were added or removed: an ID alone does not show whether a change matters.
//!
//! Reviewed kinds have those of the table of facts. Other kinds have the members whose names promise a fact.

use serde_json::{Map, Value};

use super::rule_text::{self, RuleText};
use crate::plan::redaction::is_hidden;
use crate::reports::members::{squashed, state_word, values_at};
use crate::reports::resources::{FactRow, NONE};

/// The most facts of a kind that has not been reviewed, and of those of other kinds that not all kinds have.
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
    match FactRow::find(service, kind) {
        Some(row) => of_row(row, raw),
        None => of_promising_members(kind, raw),
    }
}

/// Returns the facts of a reviewed kind: those that all kinds have, between them the most important others.
fn of_row(row: &FactRow, raw: &Value) -> Map<String, Value> {
    let others = row.others.iter().take(MOST).map(|(title, path)| (fact_name(title), *path));
    let first = [("type", row.type_of), ("state", row.state)].map(|(name, path)| (name.to_owned(), path));
    let last = [("created".to_owned(), row.created)];
    let all = first.into_iter().chain(others).chain(last).filter(|(_, path)| *path != NONE);
    all.filter_map(|(name, path)| Some((name, worth_showing(at(raw, path)?)?))).collect()
}

/// Returns the name of a fact with this title: `private_ip` for `Private IP`.
fn fact_name(title: &str) -> String {
    title.to_ascii_lowercase().replace([' ', '-'], "_")
}

/// Returns the facts about a rule of a security group: what it opens, and for which addresses.
fn of_rule(rule: &Value) -> Map<String, Value> {
    let text = |name: &str| rule.get(name).and_then(Value::as_str);
    let is_egress = rule.get("IsEgress").and_then(Value::as_bool).unwrap_or_default();
    let protocol = text("IpProtocol").map(rule_text::protocol);
    let [from, to] = ["FromPort", "ToPort"].map(|name| rule.get(name).and_then(Value::as_i64));
    let referenced = rule.get("ReferencedGroupInfo").and_then(|group| group.get("GroupId"));
    let peer = ["CidrIpv4", "CidrIpv6", "PrefixListId"].into_iter().find_map(text);
    let facts = [
        ("direction", Some(if is_egress { "egress" } else { "ingress" }.into())),
        ("protocol", protocol.map(Value::from)),
        (
            "ports",
            rule_text::ports(from, to)
                .map(Value::from)
                .filter(|_| !protocol.unwrap_or_default().starts_with("icmp")),
        ),
        (
            if is_egress { "destination" } else { "source" },
            peer.map(Value::from).or_else(|| referenced.cloned()),
        ),
        ("group", text("GroupId").map(Value::from)),
        ("description", text("Description").map(Value::from)),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), worth_showing(value?)?))).collect()
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

/// Returns the value at a path; a list if the path leads through one. Of a list that is counted, rules are shown.
fn at(raw: &Value, path: &str) -> Option<Value> {
    if let Some(path) = path.strip_prefix('#') {
        let list = values_at(raw, path).first()?.as_array()?;
        let rules = rule_text::rules(path, list).filter(|rules| !rules.is_empty());
        let texts = |rules: Vec<RuleText>| rules.into_iter().map(|rule| Value::from(rule.text)).collect();
        return Some(rules.map_or_else(|| list.len().into(), texts));
    }
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
        let expected = json!({"gib": 8, "encrypted": false, "attached_to": ["i-1"]});
        assert_eq!(facts("ec2", "volume", &volume), expected);
    }

    #[test]
    fn group_shows_its_rules() {
        let permission =
            json!({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "::/0"}]});
        let group = json!({"VpcId": "vpc-1", "IpPermissions": [permission], "IpPermissionsEgress": []});
        let expected = json!({"vpc": "vpc-1", "rules_in": ["tcp 22 from ::/0"], "rules_out": 0});
        assert_eq!(facts("ec2", "security_group", &group), expected);
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

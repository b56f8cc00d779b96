//! Values that stay readable: lists full of names, ids, times and references.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::answers::{Plants, answer, cleaned, each_function};
use crate::model::catalog::{Function, Member, Service, ShapeId, ShapeKind, Structure};
use crate::plan::redaction::Redaction;
use crate::plan::redaction::curated::{
    MemberVerdict, hidden::HIDDEN, is_marked, kept::KEPT, redacted, verdict,
};
use crate::plan::redaction::names::is_environment;
use crate::plan::redaction::secret_names::{fits, plain};

/// Typical texts of inventories.
const TEXTS: [&str; 40] = [
    "web-1",
    "i-0abc1234def567890",
    "vpc-1a2b3c4d",
    "10.0.12.7",
    "2001:db8::17",
    "10.0.0.0/16",
    "2026-11-28",
    "2026-11-28T06:00:00Z",
    "eu-central-1a",
    "123456789012",
    "db.cluster-x1.eu-west-1.rds.amazonaws.com",
    "arn:aws:iam::123456789012:role/deployer",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf",
    "arn:aws:kms:eu-west-1:123456789012:key/0f0e0d0c-1111-2222-3333-444455556666",
    "alias/app",
    "0f0e0d0c-1111-2222-3333-444455556666",
    "method.request.header.x-api-key",
    "$context.authorizer.principalId",
    "{{resolve:secretsmanager:db:SecretString:password}}",
    "{{resolve:ssm:/prod/db/password}}",
    "${stageVariables.host}",
    "****",
    "true",
    "no",
    "required",
    "4096",
    "1.2.3-rc.1",
    "python3.13",
    "docker://registry:5000/app@sha256:0f0e0d0c0b0a09080706050403020100f0e0d0c0b0a090807060504030201000",
    "https://example.com/path/index.html",
    "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
    "s3://a-bucket/a/key.json",
    "ops@example.com",
    "Rotates the password of the database",
    "Why the token of the last run had expired",
    "/aws/lambda/rotation",
    "cron(0 6 * * ? *)",
    "SHA256:0f0e0d0c0b0a09080706050403020100f0e0d0c0b0a090807060504030201000",
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#,
    "mail.example.com",
];

/// Names and values as tags and settings have them.
const PAIRS: [(&str, &str); 12] = [
    ("Environment", "production"),
    ("rotates-secret", "no"),
    ("password-rotation", "30 days"),
    ("Name", "token-service"),
    ("created", "2026-11-28"),
    ("KmsKey", "alias/app"),
    ("SecretArn", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"),
    ("require_auth", "true"),
    ("key-name", "deployer"),
    ("integration.request.header.x-api-key", "method.request.header.x-api-key"),
    ("maxTokens", "4096"),
    ("public_key", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7"),
];

/// Values beside a name that AWS chooses from a few: service and path.
const NAMED_BY_AWS: [(&str, &str); 2] = [
    ("chime-sdk-voice", ".PhoneNumbers[].Associations[].Value"),
    ("marketplace-discovery", ".listingFacets.first[].value"),
];

#[derive(Default)]
struct Innocent {
    next: usize,
}

impl Innocent {
    fn next<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        self.next += 1;
        &all[self.next % all.len()]
    }
}

impl Plants for Innocent {
    fn structure(&mut self, service: &Service, structure: &Structure, _: &str) -> Option<Value> {
        let text = |ending: &str| {
            let mut members = structure.members.iter().filter(|member| plain(&member.name).ends_with(ending));
            members.find(|member| matches!(service.kind(member.reference.shape), ShapeKind::String))
        };
        let (name, value) = (text("key").or_else(|| text("name"))?, text("value")?);
        (structure.members.len() == 2).then(|| {
            let (key, content) = self.next(&PAIRS);
            json!({(*name.name): key, (*value.name): content})
        })
    }

    fn text(&mut self, _: &str) -> Value {
        json!(self.next(&TEXTS))
    }

    fn entries(&mut self) -> Option<Value> {
        Some(Value::Object(PAIRS.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()))
    }
}

/// Returns whether a list needs no parameters, and so is called wherever its service is.
fn needs_nothing(function: &Function) -> bool {
    let input = function.service().input(function.operation());
    !input.is_some_and(|input| input.members.iter().any(|member| member.required))
}

/// Returns the paths at which two values differ.
fn differences(before: &Value, after: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            before
                .iter()
                .for_each(|(name, value)| differences(value, &after[name], &format!("{path}.{name}"), found));
        }
        (Value::Array(before), Value::Array(after)) => {
            before
                .iter()
                .zip(after)
                .for_each(|(before, after)| differences(before, after, &format!("{path}[]"), found));
        }
        (before, after) if before == after => {}
        (before, _) => found.push((path.to_owned(), before.clone())),
    }
}

fn is_reviewed(function: &Function, path: &str) -> bool {
    let service = &*function.service().name;
    let has_place =
        redacted::PLACES.iter().any(|row| (row.0, row.1, row.2) == (service, function.name(), path));
    let is_for = |row: &str, pattern: &str, name: &str| (row == "*" || row == service) && fits(pattern, name);
    // According to these messages, the parameter is not echoed.
    let is_no_echo =
        matches!(service, "cloudformation" | "servicecatalog") && path.ends_with("Parameters[].DefaultValue");
    // The values of headers that a firewall looks for.
    let is_of_header = service == "wafv2" && path.ends_with(".ByteMatchStatement.SearchString");
    has_place
        || is_no_echo
        || is_of_header
        || NAMED_BY_AWS.contains(&(service, path))
        || path.split('.').any(|part| is_environment(part.trim_end_matches("[]")))
        || path.split('.').map(plain).any(|name| {
            HIDDEN.iter().any(|row| is_for(row.0, row.1, &name))
                || redacted::MEMBERS.iter().any(|row| is_for(row.0, row.1, &name))
        })
}

/// In lists of harmless values, only values are redacted that the review names.
#[test]
fn innocent_list_values_go_only_where_reviewed() {
    let redaction = Redaction::default();
    let (mut lists, mut values, mut replaced) = (0, 0, 0);
    let mut too_much: BTreeMap<String, Vec<String>> = BTreeMap::new();
    each_function(|function| {
        if !needs_nothing(function) {
            return;
        }
        lists += 1;
        let before = answer(function, &mut Innocent { next: lists });
        let (after, _) = cleaned(&redaction, function, before.clone());
        let (before, after) = (Value::Object(before), Value::Object(after));
        values += before.to_string().matches(':').count();
        let mut found = Vec::new();
        differences(&before, &after, "", &mut found);
        replaced += found.len();
        for (path, value) in found.into_iter().filter(|(path, _)| !is_reviewed(function, path)) {
            too_much
                .entry(format!("{}: {path}", function.service().name))
                .or_default()
                .push(value.to_string());
        }
    });
    assert!(too_much.is_empty(), "{too_much:#?}");
    assert!(
        replaced * 50 < values && lists > 2300,
        "{replaced} of about {values} values in {lists} lists are redacted"
    );
}

/// Passes the members that are marked, and that are not redacted with their container, to `take`.
fn each_marked(service: &Service, shape: ShapeId, seen: &mut BTreeSet<u32>, look: &mut impl FnMut(&Member)) {
    if !seen.insert(shape.0) {
        return;
    }
    match service.kind(shape) {
        ShapeKind::Structure(structure) => {
            for member in &structure.members {
                if is_marked(service, member.reference.shape) {
                    look(member);
                }
                if !matches!(verdict(service, member), MemberVerdict::Goes(_)) {
                    each_marked(service, member.reference.shape, seen, look);
                }
            }
        }
        ShapeKind::List(list) => each_marked(service, list.member.shape, seen, look),
        ShapeKind::Map(map) => each_marked(service, map.value.shape, seen, look),
        _ => {}
    }
}

#[test]
fn everything_that_a_model_marks_in_a_list_has_been_looked_at() {
    let mut unknown = Vec::new();
    let mut known = 0;
    each_function(|function| {
        if !needs_nothing(function) {
            return;
        }
        let service = function.service();
        let Some(output) = function.operation().output.as_ref() else { return };
        let mut look = |member: &Member| {
            let name = plain(&member.name);
            let is_for =
                |row: &&(&str, &str, &str)| (row.0 == "*" || *row.0 == *service.name) && fits(row.1, &name);
            if KEPT.iter().any(|row| is_for(&row)) || HIDDEN.iter().any(|row| is_for(&row)) {
                known += 1;
            } else if verdict(service, member) != MemberVerdict::Kept {
                unknown.push(format!("{}: {}", service.name, member.name));
            }
        };
        each_marked(service, output.shape, &mut BTreeSet::new(), &mut look);
    });
    unknown.sort();
    unknown.dedup();
    assert!(unknown.is_empty(), "{unknown:#?}");
    assert!(known > 300, "only {known}");
}

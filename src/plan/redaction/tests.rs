//! Tests of all rules together, on responses as services return them.

mod addresses;
pub(crate) mod answers;
mod catalog;
mod innocent;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::secret_names::plain;
use super::{AnswerPath, Redaction, RedactionCounts, Review, review};
use crate::model::catalog::{Catalog, Function, Operation, Service, ShapeId, ShapeKind, read_only};

const ACCOUNT: &str = "123456789012";

fn function(catalog: &Catalog, service: &str, name: &str) -> Function {
    let service = catalog.service(service).expect("loads").expect("exists");
    Function::find(&service, name).expect("exists")
}

/// Returns a response after redaction, and the counts.
fn cleaned(redaction: &Redaction, service: &str, name: &str, answer: Value) -> (Value, RedactionCounts) {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let Value::Object(mut members) = answer else { panic!("a response is an object") };
    let cleaned = redaction.rules(&function(&catalog, service, name)).clean(&mut members, ACCOUNT);
    (Value::Object(members), cleaned)
}

/// Returns the response after the default redaction, and the number of redacted values.
fn redacted(service: &str, name: &str, answer: Value) -> (Value, u64) {
    let (answer, cleaned) = cleaned(&Redaction::default(), service, name, answer);
    (answer, cleaned.redacted)
}

#[test]
fn values_of_environments_go_and_their_names_stay() {
    let lambda =
        json!({"Functions": [{"FunctionName": "f", "Environment": {"Variables": {"DB_PASSWORD": "x"}}}]});
    assert_eq!(
        redacted("lambda", "list_functions", lambda),
        (
            json!({"Functions": [
                {"FunctionName": "f", "Environment": {"Variables": {"DB_PASSWORD": "[redacted]"}}}
            ]}),
            1
        )
    );
    let ecs = json!({"taskDefinition": {"containerDefinitions": [
        {"name": "app", "environment": [{"name": "TOKEN", "value": "x"}], "image": "i"}
    ]}});
    assert_eq!(
        redacted("ecs", "describe_task_definition", ecs).0["taskDefinition"]["containerDefinitions"],
        json!([{"name": "app", "environment": [{"name": "TOKEN", "value": "[redacted]"}], "image": "i"}])
    );
    let codebuild = json!({"projects": [{"environment": {"image": "i", "environmentVariables": [
        {"name": "TOKEN", "value": "x", "type": "PLAINTEXT"}
    ]}}]});
    assert_eq!(
        redacted("codebuild", "batch_get_projects", codebuild).0["projects"][0]["environment"],
        json!({"image": "i", "environmentVariables": [
            {"name": "TOKEN", "value": "[redacted]", "type": "PLAINTEXT"}
        ]})
    );
}

#[test]
fn members_marked_by_model_are_redacted_at_any_depth() {
    let answer = json!({"VpnConnections": [{
        "VpnConnectionId": "vpn-1",
        "CustomerGatewayConfiguration": "<xml/>",
        "Options": {"TunnelOptions": [{"OutsideIpAddress": "192.0.2.1", "PreSharedKey": "k"}]},
    }]});
    let expected = json!({"VpnConnections": [{
        "VpnConnectionId": "vpn-1",
        "CustomerGatewayConfiguration": "[redacted]",
        "Options": {"TunnelOptions": [{"OutsideIpAddress": "192.0.2.1", "PreSharedKey": "[redacted]"}]},
    }]});
    assert_eq!(redacted("ec2", "describe_vpn_connections", answer), (expected, 2));
}

#[test]
fn members_in_tables_are_redacted() {
    let hidden = json!("[redacted]");
    let user_data = json!({"InstanceId": "i-1", "UserData": {"Value": "IyEvYmluL3No"}});
    let (answer, _) = redacted("ec2", "describe_instance_attribute", user_data);
    assert_eq!(answer, json!({"InstanceId": "i-1", "UserData": {"Value": hidden}}));
    let stack = json!({"Stacks": [{"Parameters": [{"ParameterKey": "Password", "ParameterValue": "x"}]}]});
    let (answer, _) = redacted("cloudformation", "describe_stacks", stack);
    assert_eq!(
        answer["Stacks"][0]["Parameters"],
        json!([{"ParameterKey": "Password", "ParameterValue": hidden}])
    );
    let code = json!({"Configuration": {"FunctionName": "f"}, "Code": {"RepositoryType": "S3", "Location": "https://x"}});
    let (answer, _) = redacted("lambda", "get_function", code);
    assert_eq!(answer["Code"], json!({"RepositoryType": "S3", "Location": hidden}));
    let keys = json!({"apiKeys": [{"id": "da2-x", "description": "d"}]});
    let (answer, _) = redacted("appsync", "list_api_keys", keys);
    let id = answer["apiKeys"][0]["id"].as_str().expect("an id");
    assert!(id.starts_with("[redacted:") && id.len() == 27, "{id}");
}

/// Of free options, those are redacted whose names sound like secrets.
#[test]
fn free_options_are_redacted_by_secret_names() {
    let provider = json!({"IdentityProvider": {"ProviderDetails": {"client_id": "c", "client_secret": "x"}}});
    assert_eq!(
        redacted("cognito-idp", "describe_identity_provider", provider),
        (
            json!({"IdentityProvider": {"ProviderDetails": {"client_id": "c", "client_secret": "[redacted]"}}}),
            1
        )
    );
    let option =
        |namespace: &str, value: &str| json!({"Namespace": namespace, "OptionName": "MODE", "Value": value});
    let settings = |options: Value| json!({"ConfigurationSettings": [{"OptionSettings": options}]});
    let variables = "aws:elasticbeanstalk:application:environment";
    let answer = settings(json!([option("aws:ec2:vpc", "x"), option(variables, "x")]));
    let expected = settings(json!([option("aws:ec2:vpc", "x"), option(variables, "[redacted]")]));
    assert_eq!(redacted("elasticbeanstalk", "describe_configuration_settings", answer).0, expected);
}

/// Load balancers and firewalls compare a header with the secret that CloudFront adds to its requests.
#[test]
fn values_that_secret_header_is_compared_with_are_redacted() {
    let header = |name: &str, value: &str| {
        let config = json!({"HttpHeaderName": name, "Values": [value], "RegexValues": [value]});
        json!({"Rules": [{"Conditions": [{"Field": "http-header", "HttpHeaderConfig": config}]}]})
    };
    assert_eq!(
        redacted("elbv2", "describe_rules", header("X-Origin-Verify", "a1b2")),
        (header("X-Origin-Verify", "[redacted]"), 2)
    );
    assert_eq!(redacted("elbv2", "describe_rules", header("User-Agent", "a1b2")).1, 0);
    let bytes = |name: &str, text: &str| {
        let matched = json!({"SearchString": text, "FieldToMatch": {"SingleHeader": {"Name": name}}});
        json!({"WebACL": {"Rules": [{"Statement": {"ByteMatchStatement": matched}}]}})
    };
    assert_eq!(
        redacted("wafv2", "get_web_acl", bytes("x-origin-verify", "YTFiMg==")),
        (bytes("x-origin-verify", "[redacted]"), 1)
    );
    assert_eq!(redacted("wafv2", "get_web_acl", bytes("host", "YTFiMg==")).1, 0);
}

#[test]
fn a_template_that_the_client_has_read_is_a_document() {
    let template =
        json!({"TemplateBody": {"Resources": {"Db": {"Properties": {"MasterUserPassword": "x1"}}}}});
    let (answer, _) = redacted("cloudformation", "get_template", template);
    assert_eq!(answer["TemplateBody"]["Resources"]["Db"]["Properties"]["MasterUserPassword"], "[redacted]");
}

#[test]
fn which_key_encrypts_a_bucket_stays() {
    let rules = json!({"ServerSideEncryptionConfiguration": {"Rules": [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:…"}}
    ]}});
    assert_eq!(redacted("s3", "get_bucket_encryption", rules.clone()), (rules, 0));
}

#[test]
fn an_answer_of_another_form_than_its_model_is_redacted_as_well() {
    let odd = json!({"Functions": {"Environment": {"Variables": ["x", {"a": 1}]}}});
    let (answer, _) = redacted("lambda", "list_functions", odd.clone());
    assert_eq!(answer, odd, "what no shape leads to is not guessed at");
    let odd = json!({"Functions": [{"Environment": {"Variables": ["x", {"a": 1}, null]}}]});
    let (answer, count) = redacted("lambda", "list_functions", odd);
    let variables = json!(["[redacted]", {"a": "[redacted]"}, null]);
    assert_eq!((&answer["Functions"][0]["Environment"]["Variables"], count), (&variables, 2));
}

#[test]
fn a_users_path_is_redacted_and_can_be_all_that_is() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let path = || {
        let path = AnswerPath::parse("lambda:list_functions:.Functions[].Description", &catalog);
        vec![path.expect("a path")]
    };
    let answer = || json!({"Functions": [{"Description": "d", "Environment": {"Variables": {"A": "AKIA1234567890ABCDEF"}}}]});
    let (both, found) = cleaned(&Redaction::new(path()), "lambda", "list_functions", answer());
    let hidden = json!({"Description": "[redacted]", "Environment": {"Variables": {"A": "[redacted]"}}});
    assert_eq!((both, found.redacted, found.count()), (json!({"Functions": [hidden]}), 2, 0));

    let (only, found) = cleaned(&Redaction::only(path()), "lambda", "list_functions", answer());
    let rest =
        json!({"Description": "[redacted]", "Environment": {"Variables": {"A": "AKIA1234567890ABCDEF"}}});
    assert_eq!((only, found.redacted, found.count()), (json!({"Functions": [rest]}), 1, 1));
    let (other, found) =
        cleaned(&Redaction::only(path()), "lambda", "get_function", json!({"Tags": {"a": "b"}}));
    assert_eq!((other, found), (json!({"Tags": {"a": "b"}}), RedactionCounts::default()));
}

#[test]
fn redacting_twice_counts_once() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let rules = Redaction::default().rules(&function(&catalog, "lambda", "list_functions"));
    let answer = json!({"Functions": [{"Environment": {"Variables": {"A": "x"}}}]});
    let Value::Object(mut members): Value = answer else { panic!("a response is an object") };
    assert_eq!(rules.clean(&mut members, ACCOUNT).redacted, 1);
    assert_eq!(rules.clean(&mut members, ACCOUNT).redacted, 0);
}

/// A list that is text already is parsed only where it may hold a secret.
#[test]
fn text_list_is_parsed_only_if_it_may_hold_secret() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let rules = Redaction::default().rules(&function(&catalog, "ec2", "describe_instances"));
    assert!(rules.keep_as_is("Reservations"), "instances have nothing that is always redacted");
    assert_eq!(rules.clean_list("Reservations", b",\n{\"OwnerId\": \"ops@example.com\"}", ACCOUNT), None);
    assert_eq!(rules.clean_list("Reservations", b"", ACCOUNT), None);
    let (items, cleaned) = rules
        .clean_list("Reservations", b",\n{\"Tag\": \"AKIA1234567890ABCDEF\"}", ACCOUNT)
        .expect("a secret");
    assert_eq!(items, json!([{"Tag": "[redacted]"}]));
    assert_eq!(cleaned.secrets[0].path, ".Reservations[].Tag");
    let rules = Redaction::default().rules(&function(&catalog, "lambda", "list_functions"));
    assert!(!rules.keep_as_is("Functions") && rules.keep_as_is("NextMarker"));
}

/// Parts of names that sound like a secret.
const SUSPICIOUS: [&str; 29] = [
    "accesskey",
    "apikey",
    "authkey",
    "authorization",
    "bootstrap",
    "challenge",
    "connectionstring",
    "cookie",
    "credential",
    "downloadur",
    "environment",
    "envvar",
    "licensekey",
    "masterkey",
    "parametervalue",
    "passcode",
    "passphrase",
    "password",
    "plaintext",
    "presign",
    "privatekey",
    "secret",
    "sharedkey",
    "signature",
    "signedurl",
    "startupscript",
    "streamkey",
    "token",
    "webhook",
];

/// Returns whether values of a shape are texts or bytes, single or in lists. Maps of texts are checked entry by
/// entry, and the members of structures have their own names.
fn is_text(service: &Service, shape: ShapeId) -> bool {
    match service.kind(shape) {
        ShapeKind::String | ShapeKind::Blob | ShapeKind::Document => true,
        ShapeKind::List(list) => is_text(service, list.member.shape),
        _ => false,
    }
}

/// Returns every shape in the responses of a function that may be called.
fn response_shapes(service: &Service) -> BTreeSet<u32> {
    let called = |name: &str| read_only::denial(&service.name, name).is_none();
    shapes_of_responses(service, service.operations.iter().filter(|operation| called(&operation.name)))
}

/// Returns every shape in the responses of some operations, at any depth.
fn shapes_of_responses<'model>(
    service: &Service,
    operations: impl IntoIterator<Item = &'model Operation>,
) -> BTreeSet<u32> {
    let outputs = operations.into_iter().filter_map(|operation| operation.output.as_ref());
    let mut waiting: Vec<ShapeId> = outputs.map(|output| output.shape).collect();
    let mut seen = BTreeSet::new();
    while let Some(shape) = waiting.pop() {
        if !seen.insert(shape.0) {
            continue;
        }
        match service.kind(shape) {
            ShapeKind::Structure(structure) => {
                waiting.extend(structure.members.iter().map(|member| member.reference.shape));
            }
            ShapeKind::List(list) => waiting.push(list.member.shape),
            ShapeKind::Map(map) => waiting.push(map.value.shape),
            _ => {}
        }
    }
    seen
}

/// Every member that sounds like a secret is redacted, or known to be harmless.
#[test]
fn secret_sounding_member_is_redacted_or_reviewed() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let mut unknown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut known = Map::new();
    for entry in catalog.entries() {
        let service = catalog.read(entry).expect("a service");
        for shape in response_shapes(&service) {
            let ShapeKind::Structure(structure) = &service.shapes[ShapeId(shape)].kind else { continue };
            for member in &structure.members {
                let name = plain(&member.name);
                let is_marked = service.shapes[member.reference.shape].sensitive;
                let sounds = SUSPICIOUS.iter().any(|part| name.contains(part));
                if is_marked || !sounds || !is_text(&service, member.reference.shape) {
                    continue;
                }
                match review(&service, member) {
                    Review::Unknown => {
                        unknown.entry(name).or_default().insert(service.name.to_string());
                    }
                    verdict => drop(known.insert(name, json!(format!("{verdict:?}")))),
                }
            }
        }
    }
    let unknown: Vec<String> =
        unknown.iter().map(|(name, services)| format!("{name} {services:?}")).collect();
    assert!(unknown.is_empty(), "{} have not been looked at:\n{}", unknown.len(), unknown.join("\n"));
    assert!(known.len() > 100, "only {} members sound like secrets", known.len());
}

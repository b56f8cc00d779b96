//! Addresses and bytes in the responses that a deep scan follows: each is denied, redacted or reviewed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::answers::{Plants, answer, cleaned, each_function};
use super::shapes_of_responses;
use crate::model::catalog::{Function, Member, OperationClass, Service, ShapeId, ShapeKind};
use crate::plan::redaction::curated::is_marked;
use crate::plan::redaction::secret_names::plain;
use crate::plan::redaction::{Redaction, Review, review};

/// A row for each member that is called after an address: name, services, reason.
const ADDRESSES: &str = include_str!("addresses.txt");

/// Members with bytes that are not redacted for their names: service, member in lower case, and the reason.
#[rustfmt::skip]
const BYTES: &[(&str, &str, &str)] = &[
    ("amp", "configurationblob", "the configuration of a scraper; secrets in it are found"),
    ("amp", "data", "rules and alerts; secrets in them are found"),
    ("bedrock", "formdata", "a text that was sent to AWS"),
    ("appsync", "schema", "the schema of an API"),
    ("cognito-idp", "bytes", "a picture of a page"),
    ("datasync", "servercertificate", "a certificate"),
    ("dynamodb", "b", "an attribute of a key, in a filter or a vector"),
    ("greengrassv2", "recipe", "the definition of a component; secrets in it are found"),
    ("iam", "content", "a table of users, without credentials"),
    ("iot", "bin", "a parameter of a command"),
    ("iot", "content", "the definition of a command; secrets in it are found"),
    ("iot", "inlinedocument", "a part of a file of an update"),
    ("kafka", "serverproperties", "properties of servers; secrets in them are found"),
    ("kms", "publickey", "a public key"),
    ("rolesanywhere", "crldata", "a list of revoked certificates"),
    ("clouddirectory", "binaryvalue", "the default of an attribute"),
    ("waf", "targetstring", "a part of requests that a rule looks for"),
    ("waf-regional", "targetstring", "a part of requests that a rule looks for"),
    ("wafv2", "searchstring", "a part of requests that a rule looks for"),
    ("workspaces-web", "body", "a certificate"),
];

/// Members that are known to be secrets or to grant access in responses that only a deep scan calls for: service,
/// function, path.
#[rustfmt::skip]
const KNOWN: &[(&str, &str, &str)] = &[
    ("amplify", "get_app", ".app.basicAuthCredentials"),
    ("amplify", "get_branch", ".branch.basicAuthCredentials"),
    ("amplify", "list_branches", ".branches[].basicAuthCredentials"),
    ("artifact", "get_term_for_report", ".documentPresignedUrl"),
    ("codebuild", "batch_get_projects", ".projects[].webhook.payloadUrl"),
    ("codebuild", "batch_get_projects", ".projects[].webhook.secret"),
    ("cognito-idp", "describe_user_import_job", ".UserImportJob.PreSignedUrl"),
    ("cognito-idp", "list_user_import_jobs", ".UserImportJobs[].PreSignedUrl"),
    ("datazone", "get_connection", ".connectionCredentials.secretAccessKey"),
    ("dms", "describe_certificates", ".Certificates[].CertificateWallet"),
    ("emr", "describe_cluster", ".Cluster.KerberosAttributes.ADDomainJoinPassword"),
    ("emr", "describe_cluster", ".Cluster.KerberosAttributes.CrossRealmTrustPrincipalPassword"),
    ("emr", "describe_cluster", ".Cluster.KerberosAttributes.KdcAdminPassword"),
    ("gamelift", "describe_fleet_events", ".Events[].PreSignedLogUrl"),
    ("interconnect", "get_connection", ".connection.activationKey"),
    ("invoicing", "get_procurement_portal_preference", ".ProcurementPortalPreference.ProcurementPortalSharedSecret"),
    ("lambda", "get_function", ".Code.Location"),
    ("lambda", "get_layer_version", ".Content.Location"),
    ("lambda", "get_layer_version_by_arn", ".Content.Location"),
    ("lexv2-models", "describe_bot_recommendation", ".encryptionSetting.botLocaleExportPassword"),
    ("lexv2-models", "describe_export", ".downloadUrl"),
    ("mailmanager", "get_address_list_import_job", ".PreSignedUrl"),
    ("mailmanager", "list_address_list_import_jobs", ".ImportJobs[].PreSignedUrl"),
    ("mediapackage", "describe_channel", ".HlsIngest.IngestEndpoints[].Password"),
    ("medialive", "describe_channel", ".Destinations[].Settings[].StreamName"),
    ("medialive", "describe_input", ".Destinations[].Url"),
    ("odb", "get_oci_onboarding_status", ".newTenancyActivationLink"),
    ("partnercentral-account", "get_verification", ".VerificationResponseDetails.BusinessVerificationResponse.CompletionUrl"),
    ("partnercentral-benefits", "get_benefit_allocation", ".FulfillmentDetail.CreditDetails.Codes[].AwsCreditCode"),
    ("quicksight", "describe_asset_bundle_export_job", ".DownloadUrl"),
    ("ssm", "get_deployable_patch_snapshot_for_instance", ".SnapshotDownloadUrl"),
    ("wickr", "list_users", ".users[].inviteCode"),
];

/// Addresses that grant access to whatever they lead to. The number stands for a part that is a secret.
const OPEN_ADDRESSES: [&str; 3] = [
    "https://b.s3.amazonaws.com/o?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=600&X-Amz-Signature={}",
    "https://b.s3.amazonaws.com/o?AWSAccessKeyId=AKIDEXAMPLE&Expires=1&Signature={}",
    "https://d111111abcdef8.cloudfront.net/o?Expires=1&Signature={}&Key-Pair-Id=K1",
];

/// Calls `look` for every function that a deep scan may follow, with history.
fn each_followed(mut look: impl FnMut(&Function)) {
    each_function(|function| {
        if function.class().class <= OperationClass::History {
            look(function);
        }
    });
}

/// Calls `look` for every member of a response, at any depth.
fn each_member(function: &Function, mut look: impl FnMut(&Service, &Member)) {
    let service = function.service();
    for shape in shapes_of_responses(service, [function.operation()]) {
        let structure = service.structure(ShapeId(shape));
        structure
            .into_iter()
            .flat_map(|structure| &structure.members)
            .for_each(|member| look(service, member));
    }
}

/// Returns whether a member is redacted whatever its value is.
fn is_redacted_by_name(service: &Service, member: &Member) -> bool {
    is_marked(service, member.reference.shape) || review(service, member) == Review::Redacted
}

/// Returns whether values of a shape are texts, single or in lists.
fn is_text(service: &Service, shape: ShapeId) -> bool {
    match service.kind(shape) {
        ShapeKind::String => true,
        ShapeKind::List(list) => is_text(service, list.member.shape),
        _ => false,
    }
}

/// A member whose name is that of an address is redacted, or known to grant no access by itself.
#[test]
fn member_with_address_is_redacted_or_reviewed() {
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    each_followed(|function| {
        each_member(function, |service, member| {
            let name = plain(&member.name);
            let endings = ["url", "urls", "uri", "uris", "link", "links", "href"];
            if endings.iter().any(|ending| name.ends_with(ending))
                && is_text(service, member.reference.shape)
                && !is_redacted_by_name(service, member)
            {
                found.insert((name, service.name.to_string()));
            }
        });
    });
    let lines: Vec<&str> = ADDRESSES.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines.is_sorted(), "addresses.txt");
    let rows: BTreeSet<(String, String)> = lines
        .iter()
        .flat_map(|line| {
            let (row, reason) = line.split_once(" -- ").expect("a reason");
            let (name, services) = row.split_once(' ').expect("services");
            assert!(reason.len() > 10, "{line}");
            services.split(',').map(|service| (name.to_owned(), service.to_owned()))
        })
        .collect();
    let unreviewed: Vec<_> = found.difference(&rows).collect();
    assert!(
        unreviewed.is_empty(),
        "redact these (curated/redacted.rs), or add them to addresses.txt with a reason: {unreviewed:?}"
    );
    let stale: Vec<_> = rows.difference(&found).collect();
    assert!(stale.is_empty(), "these rows are not needed any more: {stale:?}");
}

/// Bytes are not searched for archives of code, so each member with bytes is looked at.
#[test]
fn member_with_bytes_is_redacted_or_reviewed() {
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    each_followed(|function| {
        each_member(function, |service, member| {
            let is_bytes = matches!(service.kind(member.reference.shape), ShapeKind::Blob);
            if is_bytes && !is_redacted_by_name(service, member) {
                found.insert((service.name.to_string(), plain(&member.name)));
            }
        });
    });
    let rows: BTreeSet<_> =
        BYTES.iter().map(|(service, name, _)| ((*service).to_owned(), (*name).to_owned())).collect();
    let unreviewed: Vec<_> = found.difference(&rows).collect();
    assert!(unreviewed.is_empty(), "add these with a reason, or redact them: {unreviewed:?}");
    let stale: Vec<_> = rows.difference(&found).collect();
    assert!(stale.is_empty(), "these rows are not needed any more: {stale:?}");
}

/// Sets every text of a response to an address with a secret part.
struct Addresses {
    form: &'static str,
    paths: Vec<String>,
}

impl Plants for Addresses {
    fn text(&mut self, path: &str) -> Value {
        self.paths.push(path.to_owned());
        json!(self.form.replace("{}", &format!("Hidden{:05}Qz", self.paths.len())))
    }
}

/// The signature of a presigned address is redacted wherever it is returned.
#[test]
fn signed_address_is_redacted_in_any_member() {
    let redaction = Redaction::default();
    let mut leaks: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    each_followed(|function| {
        let form = OPEN_ADDRESSES[count % OPEN_ADDRESSES.len()];
        let mut plants = Addresses { form, paths: Vec::new() };
        let (answer, _) = cleaned(&redaction, function, answer(function, &mut plants));
        let answer = Value::Object(answer).to_string();
        count += plants.paths.len();
        let left =
            (1..).zip(&plants.paths).filter(|(number, _)| answer.contains(&format!("Hidden{number:05}Qz")));
        let left: Vec<String> = left.map(|(_, path)| path.clone()).collect();
        if !left.is_empty() {
            leaks.insert(format!("{function}"), left);
        }
    });
    assert!(leaks.is_empty(), "{} functions: {leaks:#?}", leaks.len());
    assert!(count > 50_000, "only {count} texts");
}

/// Sets one member of a response to a secret without any form.
struct OneSecret<'path> {
    path: &'path str,
    is_planted: bool,
}

impl Plants for OneSecret<'_> {
    fn member(&mut self, _: &Service, _: &Member, path: &str) -> Option<Value> {
        (path == self.path).then(|| {
            self.is_planted = true;
            json!("Hidden00001Qz")
        })
    }
}

/// Known secrets are on the deny list or redacted for their names.
#[test]
fn known_secret_of_deep_calls_is_denied_or_redacted() {
    let redaction = Redaction::default();
    let mut open: BTreeSet<_> = KNOWN.iter().map(|(service, name, path)| (*service, *name, *path)).collect();
    let mut is_called = BTreeSet::new();
    each_function(|function| {
        for row in KNOWN.iter().filter(|row| row.0 == &*function.service().name && row.1 == function.name()) {
            is_called.insert((row.0, row.1));
            let mut secret = OneSecret { path: row.2, is_planted: false };
            let (answer, _) = cleaned(&redaction, function, answer(function, &mut secret));
            assert!(secret.is_planted, "{row:?} is not in the response");
            if !Value::Object(answer).to_string().contains("Hidden") {
                open.remove(row);
            }
        }
    });
    open.retain(|row| is_called.contains(&(row.0, row.1)));
    assert!(open.is_empty(), "these are neither denied nor redacted: {open:#?}");
    assert!(is_called.len() > 20, "only {} of the functions are called", is_called.len());
}

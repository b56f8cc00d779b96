//! Functions that are newer than this program, whose responses have not been reviewed.
//!
//! The deny list contains the operations known when the program was built. A catalog that is built later has more,
//! such as `sts:GetScopedCredentials`, which can only be judged by their names and models. A function that appears
//! to return a credential, a secret or data is not called until a version of the program has reviewed it, or the
//! user has (`--allow-unreviewed`).

use std::collections::BTreeSet;

use super::operation::Operation;
use super::read_only::{DenialKind, ReadRefusal};
use super::service::Service;
use super::shape::{Member, ShapeId, ShapeKind};

/// Words in names of operations whose responses are credentials or secrets, or grant access.
const OF_CREDENTIALS: [&str; 16] = [
    "access",
    "credential",
    "credentials",
    "link",
    "links",
    "login",
    "password",
    "presigned",
    "secret",
    "secrets",
    "signed",
    "token",
    "tokens",
    "uri",
    "url",
    "urls",
];

/// Last words of names of operations whose responses are data.
const OF_DATA: [&str; 28] = [
    "annotation",
    "annotations",
    "content",
    "contents",
    "data",
    "event",
    "events",
    "file",
    "files",
    "item",
    "items",
    "logs",
    "memories",
    "memory",
    "message",
    "messages",
    "object",
    "payload",
    "record",
    "records",
    "result",
    "results",
    "rows",
    "sample",
    "samples",
    "string",
    "transcript",
    "vectors",
];

/// Names of members that always are credentials, in lower case without separators.
const CREDENTIALS: [&str; 10] = [
    "accesstoken",
    "authorizationtoken",
    "authtoken",
    "bearertoken",
    "credentials",
    "idtoken",
    "password",
    "privatekey",
    "secretaccesskey",
    "sessiontoken",
];

/// Suffixes of members whose values are URLs that work without credentials.
const OPEN_ADDRESSES: [&str; 4] = ["downloadurl", "previewurl", "signedurl", "uploadurl"];

/// Suffixes of members that grant access if the model marks them as sensitive.
const SENSITIVE: [&str; 4] = ["key", "secret", "token", "url"];

/// Names of members whose texts or bytes are data.
const DATA: [&str; 3] = ["body", "content", "payload"];

/// Returns the reason why a function that has not been reviewed is not called; `None` when its response appears to
/// be inventory.
pub(super) fn denial(service: &Service, operation: &Operation) -> Option<ReadRefusal> {
    let words = words(&operation.name);
    let members = members(service, operation);
    let refusal = |reason| Some(ReadRefusal { kind: DenialKind::Unreviewed, reason });
    if words.iter().any(|word| OF_CREDENTIALS.contains(&&**word)) || members.have_credentials {
        return refusal(
            "newer than this program, and its response may be a credential or grant access; it is called only with \
             --allow-unreviewed",
        );
    }
    if words.last().is_some_and(|word| OF_DATA.contains(&&**word)) || members.have_data {
        return refusal(
            "newer than this program, and its response may be data; it is called only with --allow-unreviewed",
        );
    }
    None
}

/// What the names of a response's members indicate, at any depth.
#[derive(Default)]
struct ResponseMembers {
    have_credentials: bool,
    have_data: bool,
}

fn members(service: &Service, operation: &Operation) -> ResponseMembers {
    let mut found = ResponseMembers::default();
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<ShapeId> = operation.output.iter().map(|output| output.shape).collect();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id.0) {
            continue;
        }
        match service.kind(id) {
            ShapeKind::Structure(structure) => {
                let is_outermost = operation.output.as_ref().is_some_and(|output| output.shape == id);
                for member in &structure.members {
                    found.have_credentials |= is_credential(service, operation, member, is_outermost);
                    found.have_data |= member.reference.streaming || is_data(service, member);
                    waiting.push(member.reference.shape);
                }
            }
            ShapeKind::List(list) => waiting.push(list.member.shape),
            ShapeKind::Map(map) => waiting.push(map.value.shape),
            _ => {}
        }
    }
    found
}

/// Returns whether a member of a response is a credential, or an address that grants access.
fn is_credential(service: &Service, operation: &Operation, member: &Member, is_outermost: bool) -> bool {
    let name = member.name.to_ascii_lowercase();
    let ends_in = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    let is_position = || {
        let mut tokens = operation.pagination.iter().flat_map(|pagination| &pagination.input_tokens);
        tokens.any(|token| token.eq_ignore_ascii_case(&name))
    };
    let is_sensitive = service.shapes[member.reference.shape].sensitive;
    // A response that consists of a URL grants access to everyone who has the URL.
    (is_outermost && name.ends_with("url"))
        || ends_in(&OPEN_ADDRESSES)
        || (CREDENTIALS.contains(&&*name) || is_sensitive && ends_in(&SENSITIVE)) && !is_position()
}

/// Returns whether a member of a response is data: a text or bytes with the name of content.
fn is_data(service: &Service, member: &Member) -> bool {
    let is_text = matches!(service.kind(member.reference.shape), ShapeKind::String | ShapeKind::Blob);
    is_text && DATA.contains(&&*member.name.to_ascii_lowercase())
}

/// Returns the words of a mixed-case name in lower case: `GetDocumentURL` has three.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    for (index, letter) in letters.iter().enumerate() {
        let after_small = index > 0 && !letters[index - 1].is_ascii_uppercase();
        let before_small = letters.get(index + 1).is_some_and(char::is_ascii_lowercase);
        if letter.is_ascii_uppercase() && (after_small || before_small) || words.is_empty() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(letter.to_ascii_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::super::read_only::DenialKind;
    use super::super::{Catalog, Service, function_name};
    use super::{denial, words};

    /// Returns an operation of the catalog with a name that has not been reviewed.
    fn renamed(service: &str, operation: &str, name: &str) -> Option<&'static str> {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let mut service = Service::clone(&catalog.service(service).expect("loads").expect("exists"));
        let index = service.operations.iter().position(|candidate| *candidate.name == *operation);
        let mut renamed = service.operations.remove(index.expect("an operation"));
        renamed.name = name.into();
        renamed.function = function_name(name).into();
        let denial = denial(&service, &renamed)?;
        assert_eq!(denial.kind, DenialKind::Unreviewed);
        Some(denial.reason)
    }

    fn may_be(kind: &str, reason: Option<&str>) -> bool {
        reason.is_some_and(|reason| reason.contains(&format!("its response may be {kind}")))
    }

    /// A new function whose name or response resembles a credential is not called.
    #[test]
    fn newcomer_like_credential_is_not_called() {
        // Names that were new in botocore 1.44.8.
        for name in [
            "GetScopedCredentials",
            "GetClientToken",
            "GetDepotUrl",
            "GetAttachmentDownloadLink",
            "GetSpaceDataAccess",
            "GetDashboardURL",
        ] {
            assert!(may_be("a credential", renamed("sqs", "ListQueues", name)), "{name}");
        }
        for (service, operation) in [
            ("sts", "GetSessionToken"),
            ("athena", "GetSessionEndpoint"),
            // A token that the model marks.
            ("bedrock-agentcore", "GetWorkloadAccessToken"),
            ("lambda", "GetLayerVersion"),
        ] {
            // The names of the members reveal it where the operation's name does not.
            let reason = renamed(service, operation, "GetThing");
            assert_eq!(
                may_be("a credential", reason),
                operation != "GetLayerVersion",
                "{service} {operation}"
            );
        }
    }

    /// A new function that returns bulk data is not called unless the user allows it.
    #[test]
    fn newcomer_with_bulk_data_is_not_called_by_default() {
        for name in [
            "GetDocumentContent",
            "ListRecords",
            "SearchVectors",
            "GetQueryResults",
            "ListActorMessages",
            // A catalog of an earlier botocore has it: a signed address of a retired service, FinSpace.
            "GetKxConnectionString",
        ] {
            assert!(may_be("data", renamed("sqs", "ListQueues", name)), "{name}");
        }
        for (service, operation) in
            [("s3", "GetObject"), ("ssm", "GetDocument"), ("organizations", "DescribePolicy")]
        {
            // A body of bytes, and members with the name of content at any depth.
            assert!(may_be("data", renamed(service, operation, "GetThing")), "{service} {operation}");
        }
    }

    #[test]
    fn a_new_list_of_resources_is_called() {
        for (service, operation, name) in [
            ("sqs", "ListQueues", "ListThings"),
            ("ec2", "DescribeVpcs", "DescribeThings"),
            ("iam", "ListRoles", "ListTokenlessThings"),
            ("dynamodb", "DescribeTable", "DescribeThing"),
            ("lambda", "ListFunctions", "ListEventSourceThings"),
        ] {
            assert_eq!(renamed(service, operation, name), None, "{service} {name}");
        }
    }

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("GetDocumentURL"), ["get", "document", "url"]);
        assert_eq!(words("GetURLForJob2Results"), ["get", "url", "for", "job2", "results"]);
        assert_eq!(words("ListACLs"), ["list", "ac", "ls"]);
    }
}

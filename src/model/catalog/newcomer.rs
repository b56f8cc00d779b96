//! Functions that are newer than this program, whose responses have not been reviewed.
//!
//! The deny list contains the operations known when the program was built. A catalog that is built later has more,
//! such as `sts:GetScopedCredentials`, which can only be judged by their names and models. A function that appears
//! to return a credential, a secret or data is not called until a version of the program has reviewed it.

use std::collections::BTreeSet;

use super::operation::Operation;
use super::read_only::{DenialKind, ReadRefusal};
use super::service::Service;
use super::shape::{ShapeId, ShapeKind};

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
const OF_DATA: [&str; 27] = [
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
const OPEN_ADDRESSES: [&str; 3] = ["downloadurl", "signedurl", "uploadurl"];

/// Returns the reason why a function that has not been reviewed is not called; `None` when its response appears to
/// be inventory.
pub(super) fn denial(service: &Service, operation: &Operation) -> Option<ReadRefusal> {
    let words = words(&operation.name);
    if words.iter().any(|word| OF_CREDENTIALS.contains(&&**word)) || gives_credentials(service, operation) {
        let reason = "newer than this program, and its response may be a credential or grant access";
        return Some(ReadRefusal { kind: DenialKind::Credential, reason });
    }
    let is_data = words.last().is_some_and(|word| OF_DATA.contains(&&**word)) || streams(service, operation);
    is_data.then_some(ReadRefusal {
        kind: DenialKind::BulkData,
        reason: "newer than this program, and its response may be data",
    })
}

/// Returns whether a response has members at any depth whose names are those of credentials.
fn gives_credentials(service: &Service, operation: &Operation) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<ShapeId> = operation.output.iter().map(|output| output.shape).collect();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id.0) {
            continue;
        }
        let is_outermost = operation.output.as_ref().is_some_and(|output| output.shape == id);
        match service.kind(id) {
            ShapeKind::Structure(structure) => {
                let is_token_of_pages = |name: &str| {
                    let pagination = operation.pagination.as_ref();
                    pagination.is_some_and(|pagination| {
                        pagination.input_tokens.iter().any(|token| token.eq_ignore_ascii_case(name))
                    })
                };
                for member in &structure.members {
                    let name = member.name.to_ascii_lowercase();
                    // A response that consists of a URL grants access to everyone who has the URL.
                    let is_answer = is_outermost && name.ends_with("url");
                    let opens = is_answer || OPEN_ADDRESSES.iter().any(|end| name.ends_with(end));
                    if opens || CREDENTIALS.contains(&&*name) && !is_token_of_pages(&name) {
                        return true;
                    }
                    waiting.push(member.reference.shape);
                }
            }
            ShapeKind::List(list) => waiting.push(list.member.shape),
            ShapeKind::Map(map) => waiting.push(map.value.shape),
            _ => {}
        }
    }
    false
}

/// Returns whether a response is a byte stream.
fn streams(service: &Service, operation: &Operation) -> bool {
    service
        .output(operation)
        .is_some_and(|output| output.members.iter().any(|member| member.reference.streaming))
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
    fn renamed(service: &str, operation: &str, name: &str) -> Option<DenialKind> {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let mut service = Service::clone(&catalog.service(service).expect("loads").expect("exists"));
        let index = service.operations.iter().position(|candidate| *candidate.name == *operation);
        let mut renamed = service.operations.remove(index.expect("an operation"));
        renamed.name = name.into();
        renamed.function = function_name(name).into();
        denial(&service, &renamed).map(|denial| denial.kind)
    }

    /// A new function whose name or response resembles a credential is not called.
    #[test]
    fn newcomer_like_credential_is_not_called() {
        // Names that are in botocore 1.44.8 but not in 1.43.11.
        for name in [
            "GetScopedCredentials",
            "GetClientToken",
            "GetDepotUrl",
            "GetAttachmentDownloadLink",
            "GetSpaceDataAccess",
            "GetDashboardURL",
        ] {
            assert_eq!(renamed("sqs", "ListQueues", name), Some(DenialKind::Credential), "{name}");
        }
        for (service, operation) in
            [("sts", "GetSessionToken"), ("athena", "GetSessionEndpoint"), ("lambda", "GetLayerVersion")]
        {
            // The names of the members reveal it where the operation's name does not.
            let expected = (operation != "GetLayerVersion").then_some(DenialKind::Credential);
            assert_eq!(renamed(service, operation, "GetThing"), expected, "{service} {operation}");
        }
    }

    /// A new function that returns bulk data is not called unless the user allows it.
    #[test]
    fn newcomer_with_bulk_data_is_not_called_by_default() {
        for name in
            ["GetDocumentContent", "ListRecords", "SearchVectors", "GetQueryResults", "ListActorMessages"]
        {
            assert_eq!(renamed("sqs", "ListQueues", name), Some(DenialKind::BulkData), "{name}");
        }
        assert_eq!(renamed("s3", "GetObject", "GetThing"), Some(DenialKind::BulkData));
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

//! Functions that are newer than this program: nobody has looked at their answers yet.
//!
//! The deny list names what was known when the program was made. A catalog that is built later has more,
//! `sts:GetScopedCredentials` for one, and its names and models are all there is to go by. What looks like a
//! credential, a secret or data is not called until a version of the program knows better.

use std::collections::BTreeSet;

use super::operation::Operation;
use super::read_only::{DenialKind, ReadRefusal};
use super::service::Service;
use super::shape::{ShapeId, ShapeKind};

/// Words in names of operations whose answers are credentials or secrets, or open something.
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

/// Last words of names of operations whose answers are data.
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

/// Members that are credentials wherever they stand, in small letters without anything between.
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

/// How names of members end whose values are addresses that need no credentials.
const OPEN_ADDRESSES: [&str; 3] = ["downloadurl", "signedurl", "uploadurl"];

/// Why a function that nobody has looked at is not called; `None` when its answer looks like inventory.
pub(super) fn denial(service: &Service, operation: &Operation) -> Option<ReadRefusal> {
    let words = words(&operation.name);
    if words.iter().any(|word| OF_CREDENTIALS.contains(&&**word)) || gives_credentials(service, operation) {
        let reason = "newer than this program, and what it answers may be a credential or open something";
        return Some(ReadRefusal { kind: DenialKind::Credential, reason });
    }
    let is_data = words.last().is_some_and(|word| OF_DATA.contains(&&**word)) || streams(service, operation);
    is_data.then_some(ReadRefusal {
        kind: DenialKind::BulkData,
        reason: "newer than this program, and what it answers may be data",
    })
}

/// Whether an answer has members, however deep, that are credentials by their names.
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
                    // Where an address is the answer, it is made for whoever has it.
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

/// Whether an answer is a stream of bytes.
fn streams(service: &Service, operation: &Operation) -> bool {
    service
        .output(operation)
        .is_some_and(|output| output.members.iter().any(|member| member.reference.streaming))
}

/// The words of a name in capitals and small letters, in small letters: `GetDocumentURL` has three.
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

    /// An operation of the catalog under a name that nobody has reviewed.
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
        // Names that botocore 1.44.8 has and 1.43.11 has not.
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
            // What the members are called tells, where the name does not.
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

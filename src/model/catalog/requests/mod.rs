//! Checks that the models of a catalog contain only read requests.
//!
//! A catalog can be replaced at run time, and its file is untrusted data: its author determines methods, paths,
//! signatures and the names of operations. So the name alone is not sufficient. Every service is checked when it
//! is loaded, also one of the embedded catalog: the name and the HTTP method are those of a read, the protocol
//! executes the operation of that name or the path itself indicates a read, and nothing else in the request
//! contradicts it. A service of a file must also be identical to the one that the program knows by this name, if
//! there is one.

mod guarded;
mod path;

use std::sync::OnceLock;

use super::function_name::function_name;
use super::operation::Operation;
use super::read_only;
use super::service::{Protocol, Service};
use super::shape::{Location, Member};
use path::PathTemplate;

/// POST requests of REST protocols that read although their paths do not indicate it: service, operation and path,
/// from the models of botocore 1.44.8, whose names and documentation were reviewed.
const REVIEWED: &str = include_str!("reviewed.txt");

/// Returns the rows of [`REVIEWED`], sorted.
fn reviewed() -> &'static [(&'static str, &'static str, &'static str)] {
    static ROWS: OnceLock<Vec<(&str, &str, &str)>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let mut rows: Vec<_> = REVIEWED.lines().filter_map(row).collect();
        rows.sort_unstable();
        rows
    })
}

fn row(line: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let mut parts = line.split_whitespace();
    let row = (parts.next()?, parts.next()?, parts.next()?);
    (!row.0.starts_with('#')).then_some(row)
}

impl Service {
    /// Checks that the requests of all operations are reads.
    pub(super) fn check_requests(&self) -> Result<(), String> {
        self.check_names()?;
        self.operations.iter().try_for_each(|operation| self.check_request(operation))
    }

    /// Checks the request of one operation.
    pub(super) fn check_request(&self, operation: &Operation) -> Result<(), String> {
        check_operation(self, operation).map_err(|problem| format!("{}: {problem}", operation.name))
    }

    /// Returns the operations that fail the check, each with its problem. Returns all if the service itself
    /// differs from the known one.
    pub(super) fn unsafe_requests(&self, known: Option<&Service>) -> Vec<(Box<str>, String)> {
        let of_all =
            self.check_names().and_then(|()| known.map_or(Ok(()), |known| check_identity(self, known)));
        let problem = |operation: &Operation| {
            of_all
                .clone()
                .and_then(|()| self.check_request(operation))
                .and_then(|()| self.check_known(operation, known))
        };
        let operations = self.operations.iter();
        operations.filter_map(|operation| Some((operation.name.clone(), problem(operation).err()?))).collect()
    }

    /// Checks a service of a file against the embedded one of this name: both have to be the same AWS service, and
    /// new operations must not be other operations in disguise.
    pub(super) fn check_against(&self, known: Option<&Service>) -> Result<(), String> {
        if let Some(known) = known {
            check_identity(self, known)?;
        }
        self.operations.iter().try_for_each(|operation| self.check_known(operation, known))
    }

    /// Checks an operation that the program does not know by name, method and path.
    fn check_known(&self, operation: &Operation, known: Option<&Service>) -> Result<(), String> {
        let is_same = |same: &Operation| {
            (&same.name, &same.method, &same.request_uri)
                == (&operation.name, &operation.method, &operation.request_uri)
        };
        if known.is_some_and(|known| known.operations.iter().any(is_same)) {
            return Ok(());
        }
        check_newcomer(self, operation, known).map_err(|problem| format!("{}: {problem}", operation.name))
    }

    fn check_names(&self) -> Result<(), String> {
        let is_name = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        for name in [&self.name, &self.signing_name, &self.endpoint_prefix] {
            if !is_name(name) {
                return Err(format!("`{}` is not a valid name", name.escape_debug()));
            }
        }
        let api = match &self.protocol {
            Protocol::Json { version, target_prefix } => Some((&**version, target_prefix)),
            Protocol::RpcV2Cbor { target_prefix } => Some(("2", target_prefix)),
            _ => None,
        };
        if let Some((version, target_prefix)) = api {
            let names_an_operation = target_prefix.split('.').any(path::begins_with_writing_verb);
            if !is_name(version) || !is_name(target_prefix) || names_an_operation {
                return Err(format!("`{}` is not a valid API name", target_prefix.escape_debug()));
            }
        }
        Ok(())
    }

    fn is_rest(&self) -> bool {
        matches!(self.protocol, Protocol::RestJson | Protocol::RestXml)
    }
}

fn check_operation(service: &Service, operation: &Operation) -> Result<(), String> {
    let Operation { name, function, method, request_uri, .. } = operation;
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) || **function != *function_name(name) {
        return Err(format!("`{}` is not the function name of the operation", function.escape_debug()));
    }
    if !read_only::is_admitted(&service.name, name, method) {
        return Err(format!("{method} or the name is not that of a read, or the operation does more"));
    }
    if let Some(member) = reserved_header(service, operation) {
        return Err(format!("the member `{member}` replaces a header of the request itself"));
    }
    if !service.is_rest() {
        return check_call(service, operation);
    }
    let template = PathTemplate::parse(request_uri)?;
    if **method == *"POST" && !template.indicates_read(name) && !is_reviewed(service, operation) {
        return Err(format!("POST {request_uri} does not indicate a read"));
    }
    Ok(())
}

/// Checks an operation of a protocol that executes the operation named in the request: the name is that of a read,
/// and must be the only one.
fn check_call(service: &Service, operation: &Operation) -> Result<(), String> {
    if (&*operation.method, &*operation.request_uri) != ("POST", "/") {
        return Err(format!(
            "{} {} is not a request of this protocol",
            operation.method, operation.request_uri
        ));
    }
    if matches!(service.protocol, Protocol::Query | Protocol::Ec2) {
        const TAKEN: [&str; 4] = ["action", "version", "awsaccesskeyid", "signature"];
        let is_taken = |name: &str| {
            let name = name.to_ascii_lowercase();
            TAKEN.contains(&&*name) || name.starts_with("x-amz-")
        };
        let members = service.input(operation).into_iter().flat_map(|input| &input.members);
        for member in members {
            if names_of(member).any(is_taken) {
                return Err(format!("the member `{}` names another operation", member.name));
            }
        }
    }
    Ok(())
}

/// Returns all names that a member may have in a request.
fn names_of(member: &Member) -> impl Iterator<Item = &str> {
    let reference = &member.reference;
    [Some(&member.name), reference.location_name.as_ref(), reference.query_name.as_ref()]
        .into_iter()
        .flatten()
        .map(|name| &**name)
}

/// Returns the member of a request that would replace a header of the request itself.
fn reserved_header<'model>(service: &'model Service, operation: &Operation) -> Option<&'model str> {
    const RESERVED: [&str; 13] = [
        "authorization",
        "connection",
        "content-length",
        "expect",
        "host",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-security-token",
        "x-amz-target",
    ];
    let is_reserved = |name: &str| {
        let name = name.to_ascii_lowercase();
        RESERVED.contains(&&*name) || name.contains("method-override") || name == "x-http-method"
    };
    let members = service.input(operation).into_iter().flat_map(|input| &input.members);
    let headers = members.filter(|member| matches!(member.location, Location::Header | Location::Headers));
    let mut taken = headers.filter(|member| match member.location {
        // The common prefix of their names.
        Location::Headers => names_of(member)
            .any(|start| RESERVED.iter().any(|name| name.starts_with(&start.to_ascii_lowercase()))),
        _ => names_of(member).any(is_reserved),
    });
    taken.next().map(|member| &*member.name)
}

fn is_reviewed(service: &Service, operation: &Operation) -> bool {
    reviewed().binary_search(&(&*service.name, &*operation.name, &*operation.request_uri)).is_ok()
}

/// Checks that both services have the same signing name, and, where the path determines the operation, the same
/// protocol.
fn check_identity(service: &Service, known: &Service) -> Result<(), String> {
    if service.signing_name != known.signing_name {
        return Err(format!(
            "requests would be signed for `{}`, but the signing name of this service is `{}`",
            service.signing_name, known.signing_name
        ));
    }
    if service.is_rest() != known.is_rest() {
        return Err(format!(
            "the protocol would be {}, but this service uses {}",
            service.protocol.name(),
            known.protocol.name()
        ));
    }
    Ok(())
}

/// Checks an operation that the program does not know: neither name nor path may be those of a denied operation.
fn check_newcomer(service: &Service, operation: &Operation, known: Option<&Service>) -> Result<(), String> {
    for sibling in read_only::signing_for(&service.signing_name) {
        if !read_only::is_admitted(sibling, &operation.name, "GET") {
            return Err(format!("{sibling} has an operation of this name that does more than read"));
        }
    }
    if !service.is_rest() {
        return Ok(());
    }
    let template = PathTemplate::parse(&operation.request_uri)?;
    if !template.names_something() {
        return Err(format!("the path {} has no fixed part", operation.request_uri));
    }
    let members = service.input(operation).into_iter().flat_map(|input| &input.members);
    let parameters: Vec<&str> = members
        .filter(|member| matches!(member.location, Location::QueryString))
        .flat_map(names_of)
        .chain(template.parameters())
        .collect();
    if parameters.iter().any(|name| name.eq_ignore_ascii_case("action")) {
        return Err("a parameter `Action` names another operation".to_owned());
    }
    let mut not_called: Vec<(&str, &str)> = guarded::requests(&service.signing_name).collect();
    if let Some(known) = known {
        let is_denied = |operation: &&Operation| read_only::denial(&known.name, &operation.name).is_some();
        let denied = known.operations.iter().filter(is_denied);
        not_called.extend(denied.map(|operation| (&*operation.name, &*operation.request_uri)));
    }
    for (name, request_uri) in not_called {
        if *name != *operation.name && template.meets(&PathTemplate::parse(request_uri)?, &parameters) {
            return Err(format!("{} {} is {name}", operation.method, operation.request_uri));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;

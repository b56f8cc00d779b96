//! Pagination: splits a list into pages as described by the pagination of the operation in the catalog.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::error_response::SimulatedError;
use super::response::LazyList;
use super::scenario::Fault;
use super::world::seed::Seed;
use crate::model::catalog::{MemberPath, Operation, Pagination, Service, ShapeKind};

/// The order of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageTurning {
    /// All pages to the end.
    Usual,
    /// Each page returns its own token as the next one.
    Never,
    /// All pages, after this number of empty ones.
    Late(u32),
}

/// A list with its page limits.
pub(super) struct Sheet<'world> {
    pub(super) list: LazyList<'world>,
    /// The maximum number of items of a page.
    pub(super) largest: usize,
    pub(super) turning: PageTurning,
}

/// The position that a token encodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct PageCursor {
    /// The index of the first item of the page.
    position: usize,
    /// The number of empty pages that were returned.
    empty: u32,
}

impl PageCursor {
    fn at(position: usize) -> Self {
        Self { position, empty: 0 }
    }
}

impl PageTurning {
    /// Returns the order of pages of a request that meets a fault.
    pub(super) fn under(fault: Option<&Fault>) -> Self {
        match fault {
            Some(Fault::RepeatToken {}) => Self::Never,
            Some(Fault::EmptyPages { count }) => Self::Late(*count),
            _ => Self::Usual,
        }
    }
}

/// Returns one page of a list, with the other members of the response.
pub(super) fn page(
    service: &Service,
    operation: &Operation,
    input: &Map<String, Value>,
    sheet: Sheet<'_>,
) -> Result<Map<String, Value>, SimulatedError> {
    let Sheet { list, largest, turning } = sheet;
    let (range, next) = match &operation.pagination {
        Some(pagination) => {
            let cursor = start(service, operation, pagination, input, &list)?;
            let size = size(service, operation, pagination, input, largest);
            turn(cursor, turning, size, list.count)
        }
        None => (0..list.count, None),
    };
    let mut members = Map::new();
    if let Ok(path) = MemberPath::parse(list.member)
        && let Some(place) = path.entry(&mut members)
    {
        *place = range.clone().map(&list.item).collect();
    }
    if let Some(pagination) = &operation.pagination {
        let items_are_tokens = list.items_are_tokens && turning == PageTurning::Usual;
        let token = next.map(|next| match next.position.checked_sub(1) {
            Some(last) if items_are_tokens => (list.item)(last),
            _ => Value::from(token(operation, next)),
        });
        continue_at(pagination, token, &mut members);
        echo_limit(service, operation, pagination, input, &range, &mut members);
    }
    for (name, value) in list.others {
        members.entry(name).or_insert(value);
    }
    Ok(members)
}

/// Returns the items of a page, and the position of the next page.
fn turn(
    cursor: PageCursor,
    turning: PageTurning,
    size: usize,
    count: usize,
) -> (Range<usize>, Option<PageCursor>) {
    let PageCursor { position, empty } = cursor;
    let end = (position + size).min(count);
    match turning {
        PageTurning::Late(pages) if empty < pages => {
            (position..position, Some(PageCursor { empty: empty + 1, ..cursor }))
        }
        PageTurning::Never => (position..end, Some(cursor)),
        _ => (position..end, (end < count).then_some(PageCursor { position: end, empty })),
    }
}

/// Returns the position in the request's token.
fn start(
    service: &Service,
    operation: &Operation,
    pagination: &Pagination,
    input: &Map<String, Value>,
    list: &LazyList<'_>,
) -> Result<PageCursor, SimulatedError> {
    let Some(name) = pagination.input_tokens.first() else {
        return Ok(PageCursor::default());
    };
    let token = match input.get(&**name) {
        None | Some(Value::Null) => return Ok(PageCursor::default()),
        Some(token) => token.as_str().unwrap_or_default(),
    };
    let after_item = || (0..list.count).find(|index| (list.item)(*index) == token).map(|index| index + 1);
    cursor(operation, token)
        .or_else(|| after_item().filter(|_| list.items_are_tokens).map(PageCursor::at))
        .filter(|cursor| cursor.position <= list.count)
        .ok_or_else(|| SimulatedError::bad_token(service, name))
}

/// Returns the maximum number of items of the page: the minimum of the limits of the request, the service and the
/// world.
fn size(
    service: &Service,
    operation: &Operation,
    pagination: &Pagination,
    input: &Map<String, Value>,
    largest: usize,
) -> usize {
    let Some(key) = pagination.limit_key.as_deref() else {
        return largest.max(1);
    };
    let number = |value: i64| usize::try_from(value).ok().filter(|number| *number > 0);
    let requested = input.get(key).and_then(|value| match value {
        Value::Number(value) => value.as_i64().and_then(number),
        // Route 53 has limits as strings.
        Value::String(text) => text.parse().ok().and_then(number),
        _ => None,
    });
    let member = service.input(operation).and_then(|input| input.member(key));
    let allowed = member.and_then(|(_, member)| match service.kind(member.reference.shape) {
        ShapeKind::Integer { max } | ShapeKind::Long { max } => max.and_then(number),
        _ => None,
    });
    [requested, allowed].into_iter().flatten().fold(largest, usize::min).max(1)
}

/// Sets the next token and the flag for more pages in the response.
fn continue_at(pagination: &Pagination, token: Option<Value>, members: &mut Map<String, Value>) {
    if let Some(place) = pagination.more_results.as_ref().and_then(|path| path.entry(members)) {
        *place = Value::Bool(token.is_some());
    }
    if let Some(token) = token
        && let Some(place) = pagination.output_tokens.first().and_then(|path| path.entry(members))
    {
        *place = token;
    }
}

/// Repeats the limit in the response, as some operations do (Route 53's `MaxItems`).
fn echo_limit(
    service: &Service,
    operation: &Operation,
    pagination: &Pagination,
    input: &Map<String, Value>,
    range: &Range<usize>,
    members: &mut Map<String, Value>,
) {
    let Some(key) = pagination.limit_key.as_deref() else {
        return;
    };
    let echoed = service.output(operation).and_then(|output| output.member(key));
    let Some((_, member)) = echoed.filter(|_| !members.contains_key(key)) else {
        return;
    };
    let limit = input.get(key).cloned().unwrap_or_else(|| Value::from(range.len().max(1)));
    let limit = match (service.kind(member.reference.shape), limit) {
        (ShapeKind::String, Value::Number(number)) => Value::from(number.to_string()),
        (_, limit) => limit,
    };
    members.insert(key.to_owned(), limit);
}

/// Encodes a cursor as a token that is opaque to clients.
fn token(operation: &Operation, cursor: PageCursor) -> String {
    let plain = format!("{}.{}.{}", cursor.position, cursor.empty, check(operation, cursor));
    URL_SAFE_NO_PAD.encode(plain)
}

/// Decodes a token; `None` if it was not created for this operation.
fn cursor(operation: &Operation, token: &str) -> Option<PageCursor> {
    let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let mut parts = plain.split('.');
    let cursor = PageCursor { position: parts.next()?.parse().ok()?, empty: parts.next()?.parse().ok()? };
    (parts.next()? == check(operation, cursor)).then_some(cursor)
}

fn check(operation: &Operation, cursor: PageCursor) -> String {
    let empty = usize::try_from(cursor.empty).unwrap_or(usize::MAX);
    Seed::of(&["token", &operation.name]).with(cursor.position).with(empty).hex(24)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{PageTurning, Sheet, page};
    use crate::aws::client::next_tokens;
    use crate::model::catalog::{Catalog, Service};
    use crate::simulator::error_response::SimulatedError;
    use crate::simulator::response::{LazyList, SimulatedResponse};

    fn list(member: &'static str, count: usize) -> LazyList<'static> {
        match SimulatedResponse::list(member, count, |index| json!(format!("item-{index}"))) {
            SimulatedResponse::List(list) => list,
            SimulatedResponse::Members(_) => unreachable!("a list is a list"),
        }
    }

    fn service(name: &str) -> std::sync::Arc<Service> {
        Catalog::embedded().expect("opens").service(name).expect("loads").expect("exists")
    }

    fn fetch_page(
        service: &Service,
        function: &str,
        input: &Value,
        list: LazyList<'_>,
    ) -> Result<Map<String, Value>, SimulatedError> {
        let operation = service.operation(function).expect("exists");
        let sheet = Sheet { list, largest: 50, turning: PageTurning::Usual };
        page(service, operation, input.as_object().expect("members"), sheet)
    }

    /// Fetches all pages as the client does, and counts their items.
    fn all_pages(name: &str, function: &str, make: impl Fn() -> LazyList<'static>) -> Vec<usize> {
        let service = service(name);
        let pagination = service.operation(function).and_then(|operation| operation.pagination.clone());
        let pagination = pagination.expect("it pages");
        let mut input = json!({});
        let mut sizes = Vec::new();
        loop {
            let answer = fetch_page(&service, function, &input, make()).expect("a page");
            sizes.push(
                pagination.result_keys[0].find_in(&answer).and_then(Value::as_array).map_or(0, Vec::len),
            );
            let Some(tokens) = next_tokens(&pagination, &answer) else { return sizes };
            for (name, token) in pagination.input_tokens.iter().zip(tokens) {
                input[&**name] = token.unwrap_or_default();
            }
        }
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        assert_eq!(all_pages("ec2", "describe_instances", || list("Reservations", 120)), [50, 50, 20]);
        assert_eq!(all_pages("iam", "list_roles", || list("Roles", 51)), [50, 1]);
        assert_eq!(all_pages("route53", "list_hosted_zones", || list("HostedZones", 50)), [50]);
        assert_eq!(all_pages("lambda", "list_functions", || list("Functions", 0)), [0]);
    }

    #[test]
    fn no_page_is_larger_than_the_service_allows() {
        assert_eq!(all_pages("organizations", "list_accounts", || list("Accounts", 45)), [20, 20, 5]);
    }

    #[test]
    fn items_can_be_tokens() {
        let service = service("dynamodb");
        let tables = || match SimulatedResponse::items("TableNames", vec![json!("a"), json!("b"), json!("c")])
            .with_items_as_tokens()
        {
            SimulatedResponse::List(list) => list,
            SimulatedResponse::Members(_) => unreachable!("a list is a list"),
        };
        let first = fetch_page(&service, "list_tables", &json!({"Limit": 2}), tables()).expect("a page");
        assert_eq!(first["LastEvaluatedTableName"], "b");
        let input = json!({"Limit": 2, "ExclusiveStartTableName": "b"});
        let second = fetch_page(&service, "list_tables", &input, tables()).expect("a page");
        assert_eq!(Value::Object(second), json!({"TableNames": ["c"]}));
    }

    #[test]
    fn a_foreign_token_is_refused() {
        let service = service("ec2");
        let first = fetch_page(&service, "describe_vpcs", &json!({"MaxResults": 5}), list("Vpcs", 9))
            .expect("a page");
        for token in [json!("made up"), first["NextToken"].clone()] {
            let refusal =
                fetch_page(&service, "describe_subnets", &json!({"NextToken": token}), list("Subnets", 9))
                    .expect_err("a refusal");
            assert_eq!(refusal.code, "InvalidNextToken");
        }
    }
}

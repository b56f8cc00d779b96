//! A source as one line of text, for tables and messages.

use aws_auto_inventory::model::catalog::{CallSource, ParameterOrigin, SourcedParameter};

/// Returns a source in one line: `list_clusters clusterArns[]: clusters=item, in batches of 100`.
pub(super) fn line(source: &CallSource) -> String {
    let parameters: Vec<String> = source
        .parameters
        .iter()
        .map(|parameter| format!("{}={}", parameter.path.join("."), origin(&parameter.origin)))
        .collect();
    let batch = source.batch.map(|size| format!(", in batches of {size}")).unwrap_or_default();
    format!("{}: {}{batch}{}", parent(source), parameters.join(", "), filter(source))
}

/// Returns the source of one parameter: `list_clusters clusterArns[]: item`.
pub(super) fn of_parameter(source: &CallSource, parameter: &SourcedParameter) -> String {
    format!("{}: {}{}", parent(source), origin(&parameter.origin), filter(source))
}

fn parent(source: &CallSource) -> String {
    source.parent.as_ref().map_or_else(
        || "-".to_owned(),
        |parent| {
            let service = parent.service.as_ref().map(|service| format!("{service}:")).unwrap_or_default();
            format!("{service}{} {}", parent.function, parent.items).trim_end().to_owned()
        },
    )
}

fn filter(source: &CallSource) -> String {
    source.filter.as_ref().map(|filter| format!(", as {filter}")).unwrap_or_default()
}

fn origin(origin: &ParameterOrigin) -> String {
    let member = |name: &str, levels: u8, path: &[Box<str>]| {
        let levels = if levels > 0 { levels.to_string() } else { String::new() };
        std::iter::once(format!("{name}{levels}"))
            .chain(path.iter().map(ToString::to_string))
            .collect::<Vec<_>>()
            .join(".")
    };
    match origin {
        ParameterOrigin::Item { levels, field } => member("item", *levels, field),
        ParameterOrigin::Enclosing { levels, field } => member("around", *levels, field),
        ParameterOrigin::Input { levels, parameter } => member("call", *levels, parameter),
        ParameterOrigin::Account => "{account}".to_owned(),
        ParameterOrigin::Region => "{region}".to_owned(),
        ParameterOrigin::Partition => "{partition}".to_owned(),
        ParameterOrigin::Now { days: 0 } => "{now}".to_owned(),
        ParameterOrigin::Now { days } => format!("{{now{days:+}d}}"),
        ParameterOrigin::Enumeration(values) => format!("each of {}", values.join(" ")),
        ParameterOrigin::Constant(value) => value.to_string(),
    }
}

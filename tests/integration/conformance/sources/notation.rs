//! A source as one line of text, for tables and messages.

use aws_auto_inventory::model::catalog::{CallSource, ParameterOrigin};

/// Returns a source in one line: `list_clusters clusterArns[]: clusters=item, in batches of 100`.
pub(super) fn line(source: &CallSource) -> String {
    let parent = source.parent.as_ref().map_or_else(
        || "-".to_owned(),
        |parent| {
            let service = parent.service.as_ref().map(|service| format!("{service}:")).unwrap_or_default();
            format!("{service}{} {}", parent.function, parent.items).trim_end().to_owned()
        },
    );
    let parameters: Vec<String> = source
        .parameters
        .iter()
        .map(|parameter| format!("{}={}", parameter.path.join("."), origin(&parameter.origin)))
        .collect();
    let batch = source.batch.map(|size| format!(", in batches of {size}")).unwrap_or_default();
    let when = source.when.as_ref().map(|when| format!(", when {when}")).unwrap_or_default();
    format!("{parent}: {}{batch}{when}", parameters.join(", "))
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

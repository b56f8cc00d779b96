//! The reviewed sources: where the rules give none, several, or a wrong one.

use super::facts::RequestParameter;
use crate::model::catalog::{ItemsPath, ItemsStep, ParameterOrigin, SourceParent, function_name};

/// The table; `reviewed.txt` describes its columns.
const ROWS: &str = include_str!("reviewed.txt");

/// The rows of the table.
pub(super) struct ReviewedTable {
    pub(super) rows: Vec<SourceRow>,
}

/// A row: what holds for a parameter of some operations.
pub(super) struct SourceRow {
    pub(super) service: String,
    /// Names of operations; a `*` at the end stands for any rest, and a `!` at the start excludes.
    pub(super) operations: Vec<String>,
    /// The parameter's path, or `*`.
    pub(super) parameter: String,
    pub(super) verdict: ReviewedVerdict,
}

/// The decision of a row.
#[derive(Clone, Debug)]
pub(super) enum ReviewedVerdict {
    /// The value comes from one of these items.
    From(Vec<ReviewedSource>),
    /// The operation is called for all of these items.
    All(Vec<ReviewedSource>),
    /// The parameter is not passed.
    Omit,
    /// The items pass this jq filter, which selects some or changes a member.
    Filter(String),
    /// One call accepts this many items.
    Batch(u16),
    /// The value needs no list.
    Fill(ParameterOrigin),
    /// The operation is not called, for this reason.
    Refuse(String),
}

/// Items, and the member with the value.
#[derive(Clone, Debug)]
pub(super) struct ReviewedSource {
    pub(super) operation: String,
    pub(super) items: Option<String>,
    /// The member; `None` is the whole item. `<` stands before a member of the enclosing element, and `^` before a
    /// parameter of the call of the items.
    pub(super) field: Option<String>,
    /// Other parameters with their values for these items: the type of a resource.
    pub(super) fixed: Vec<(String, String)>,
}

impl ReviewedSource {
    /// Returns the items and the origin, if the operation is another service's: `sso-admin:ListInstances`.
    pub(super) fn elsewhere(&self) -> Option<(SourceParent, ParameterOrigin)> {
        let (service, operation) = self.operation.split_once(':')?;
        let parent = SourceParent {
            service: Some(service.into()),
            function: function_name(operation).into(),
            items: items(self.items.as_deref().unwrap_or_default()),
        };
        Some((parent, self.origin()))
    }

    /// Returns whether these are the items at a path of an operation's response.
    pub(super) fn is_at(&self, operation: &str, path: &ItemsPath) -> bool {
        self.operation == operation && self.items.as_ref().is_none_or(|items| *items == path.to_string())
    }

    /// Returns the origin of the value.
    pub(super) fn origin(&self) -> ParameterOrigin {
        let field = self.field.as_deref().unwrap_or_default();
        let path = |field: &str| field.split('.').filter(|name| !name.is_empty()).map(Into::into).collect();
        match (field.strip_prefix('<'), field.strip_prefix('^')) {
            (Some(field), _) => ParameterOrigin::Enclosing { levels: 1, field: path(field) },
            (_, Some(parameter)) => ParameterOrigin::Input { levels: 1, parameter: path(parameter) },
            _ => ParameterOrigin::Item { levels: 0, field: path(field) },
        }
    }
}

/// Reads `Reservations[].Instances[]`.
fn items(text: &str) -> ItemsPath {
    let mut steps = Vec::new();
    for part in text.split('.').filter(|part| !part.is_empty()) {
        let name = part.trim_end_matches("[]").trim_end_matches("{keys}");
        steps.push(ItemsStep::Member(name.into()));
        if part.ends_with("{keys}") {
            steps.push(ItemsStep::Keys);
        } else if part.ends_with("[]") {
            steps.push(ItemsStep::Each);
        }
    }
    ItemsPath { steps }
}

impl ReviewedTable {
    /// Reads the table.
    pub(super) fn new() -> Self {
        Self { rows: ROWS.lines().filter_map(row).collect() }
    }

    /// Returns the decision about the source of a parameter.
    pub(super) fn verdict(
        &self,
        service: &str,
        operation: &str,
        parameter: &RequestParameter<'_>,
    ) -> Option<&ReviewedVerdict> {
        let path = parameter.path.join(".");
        self.rows
            .iter()
            .filter(|row| !matches!(row.verdict, ReviewedVerdict::Filter(_) | ReviewedVerdict::Batch(_)))
            .find(|row| {
                row.service == service
                    && (row.parameter == path || row.parameter == "*")
                    && row.covers(operation)
            })
            .map(|row| &row.verdict)
    }

    /// Returns whether a review found that a parameter, or a member of it, is needed, although the model does not
    /// require it.
    pub(super) fn is_needed(&self, service: &str, operation: &str, parameter: &RequestParameter<'_>) -> bool {
        let path = parameter.path.join(".");
        self.rows.iter().any(|row| {
            row.service == service
                && row
                    .parameter
                    .strip_prefix(&*path)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                && row.names(operation)
                && !matches!(row.verdict, ReviewedVerdict::Filter(_) | ReviewedVerdict::Batch(_))
        })
    }
}

impl ReviewedTable {
    /// Returns the filter of the items of an operation.
    pub(super) fn filter(&self, service: &str, operation: &str) -> Option<&str> {
        self.rows.iter().find_map(|row| match &row.verdict {
            ReviewedVerdict::Filter(filter) if row.service == service && row.covers(operation) => {
                Some(filter.as_str())
            }
            _ => None,
        })
    }

    /// Returns the number of items that one call of an operation accepts.
    pub(super) fn batch(&self, service: &str, operation: &str) -> Option<u16> {
        self.rows.iter().find_map(|row| match row.verdict {
            ReviewedVerdict::Batch(size) if row.service == service && row.covers(operation) => Some(size),
            _ => None,
        })
    }
}

impl SourceRow {
    fn covers(&self, operation: &str) -> bool {
        let matches = |pattern: &str| match pattern.strip_suffix('*') {
            Some(start) => operation.starts_with(start),
            None => operation == pattern,
        };
        let is_excluded = self.operations.iter().filter_map(|name| name.strip_prefix('!')).any(matches);
        !is_excluded && self.operations.iter().any(|name| matches(name))
    }

    /// Returns whether the row names the operation in full.
    fn names(&self, operation: &str) -> bool {
        self.operations.iter().any(|name| name == operation)
    }
}

fn row(line: &str) -> Option<SourceRow> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    // A jq filter may contain the separator as `\\|`.
    let line = line.replace("\\|", "\0");
    let mut columns = line.split('|').map(|column| column.trim().replace('\0', "|"));
    let (service, operations, parameter) = (columns.next()?, columns.next()?, columns.next()?);
    let (verdict, reason) = (columns.next()?, columns.next()?);
    Some(SourceRow {
        service,
        operations: operations.split(' ').map(str::to_owned).collect(),
        parameter,
        verdict: self::verdict(&verdict, &reason)?,
    })
}

fn verdict(text: &str, reason: &str) -> Option<ReviewedVerdict> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    Some(match word {
        "refuse" => ReviewedVerdict::Refuse(reason.to_owned()),
        "account" => ReviewedVerdict::Fill(ParameterOrigin::Account),
        "region" => ReviewedVerdict::Fill(ParameterOrigin::Region),
        "partition" => ReviewedVerdict::Fill(ParameterOrigin::Partition),
        "days" => ReviewedVerdict::Fill(ParameterOrigin::Now { days: rest.parse().ok()? }),
        "constant" => ReviewedVerdict::Fill(ParameterOrigin::Constant(rest.into())),
        "each" => {
            ReviewedVerdict::Fill(ParameterOrigin::Enumeration(rest.split(' ').map(Into::into).collect()))
        }
        "omit" => ReviewedVerdict::Omit,
        "all" => ReviewedVerdict::All(rest.split(" or ").map(source).collect::<Option<_>>()?),
        "when" => ReviewedVerdict::Filter(format!("select({rest})")),
        "change" => ReviewedVerdict::Filter(rest.to_owned()),
        "batch" => ReviewedVerdict::Batch(rest.parse().ok()?),
        "from" => ReviewedVerdict::From(rest.split(" or ").map(source).collect::<Option<_>>()?),
        _ => return None,
    })
}

/// Reads `ListClusters clusters[] id Type=Cluster`: the operation, the items, the member and other parameters.
fn source(text: &str) -> Option<ReviewedSource> {
    let fixed = text.split_whitespace().filter_map(|part| part.split_once('='));
    let fixed = fixed.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut parts = text.split_whitespace().filter(|part| !part.contains('='));
    Some(ReviewedSource {
        fixed,
        operation: parts.next()?.to_owned(),
        items: parts
            .next()
            .filter(|items| *items != "*")
            .map(|items| if items == "." { String::new() } else { items.to_owned() }),
        field: parts.next().map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::{ROWS, ReviewedTable};
    use crate::model::catalog::Catalog;

    #[test]
    fn every_line_is_a_row() {
        let lines = ROWS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert_eq!(ReviewedTable::new().rows.len(), lines.count());
    }

    #[test]
    fn every_row_names_a_parameter_of_the_catalog() {
        let catalog = Catalog::embedded().expect("a catalog");
        for row in ReviewedTable::new().rows {
            let service = catalog.service(&row.service).expect("loads").expect("a service of the catalog");
            let covered = service.operations.iter().filter(|operation| row.covers(&operation.name));
            let first = row.parameter.split('.').next().unwrap_or_default();
            let has_parameter = covered
                .filter_map(|operation| service.input(operation))
                .any(|input| row.parameter == "*" || input.member(first).is_some());
            assert!(has_parameter, "{} {:?} {}", row.service, row.operations, row.parameter);
        }
    }
}

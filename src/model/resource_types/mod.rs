//! Public data about kinds of resources: CloudFormation's type names, the formats of ARNs, and which types can have tags.
//!
//! The tables are derived when the project is developed, not when it runs: `tests/iam/resource_types.py` reads the
//! resource schemas that cfn-lint contains and the Service Authorization Reference that iam-floyd contains, and
//! a test compares its result with the tables. Rows that public data does not determine are reviewed there.

mod by_value;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

pub use by_value::{TypeByValue, types_by_value};

/// Lines of `service kind type`.
const TYPES: &str = include_str!("types.txt");
/// Lines of `service kind format`.
const ARNS: &str = include_str!("arns.txt");
/// The types whose resources can have tags, one in each line.
const TAGGABLE: &str = include_str!("taggable.txt");

type Table = HashMap<(&'static str, &'static str), &'static str>;

static TYPE_TABLE: LazyLock<Table> = LazyLock::new(|| table(TYPES));
static ARN_TABLE: LazyLock<Table> = LazyLock::new(|| table(ARNS));

static TAGGABLE_TYPES: LazyLock<HashSet<&str>> = LazyLock::new(|| TAGGABLE.lines().collect());

fn table(text: &'static str) -> Table {
    rows(text).collect()
}

fn rows(text: &'static str) -> impl Iterator<Item = ((&'static str, &'static str), &'static str)> {
    text.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ' ');
        Some(((parts.next()?, parts.next()?), parts.next()?))
    })
}

/// Returns CloudFormation's name of a kind of resource, `AWS::EC2::Instance`; `None` if it has none, or if it
/// depends on the resource ([`types_by_value`]).
#[must_use]
pub fn resource_type(service: &str, kind: &str) -> Option<&'static str> {
    TYPE_TABLE.get(&(service, kind)).copied()
}

/// Returns the types that resources of a kind can have: none, one, or several if a value decides.
pub fn possible_types(service: &str, kind: &str) -> impl Iterator<Item = &'static str> + use<> {
    let by_value = TypeByValue::find(service, kind).map_or(&[][..], |row| row.types);
    resource_type(service, kind).into_iter().chain(by_value.iter().map(|(_, name)| *name))
}

/// Returns the format of the ARNs of a kind of resource whose responses do not contain them:
/// `arn:{partition}:ec2:{region}:{owner}:volume/{id}`.
///
/// Beside these placeholders there are `{parent}`, the ID of the item that a child call was made for, and members of
/// the item, `{clusterName}`.
#[must_use]
pub fn arn_format(service: &str, kind: &str) -> Option<&'static str> {
    ARN_TABLE.get(&(service, kind)).copied()
}

/// Returns whether resources of a type of CloudFormation can have tags.
#[must_use]
pub fn is_taggable(resource_type: &str) -> bool {
    TAGGABLE_TYPES.contains(resource_type)
}

/// Other names of types: AWS Config's name, CloudFormation's.
///
/// Source: "Supported Resource Types", AWS Config Developer Guide.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("AWS::ACM::Certificate", "AWS::CertificateManager::Certificate"),
    ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"),
    ("AWS::Elasticsearch::Domain", "AWS::OpenSearchService::Domain"),
];

/// Returns CloudFormation's name of a type, which AWS Config may name differently.
#[must_use]
pub fn cloudformation_name(name: &str) -> &str {
    OTHER_NAMES.iter().find(|(config, _)| *config == name).map_or(name, |(_, own)| own)
}

/// Returns the types of all kinds of resources: service, kind, type. Kinds whose type depends on a value have several.
pub fn types_of_kinds() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let by_value = types_by_value().iter();
    let by_value = by_value.flat_map(|row| row.types.iter().map(|(_, name)| (row.service, row.kind, *name)));
    rows(TYPES).map(|((service, kind), name)| (service, kind, name)).chain(by_value)
}

/// Returns whether a name that a user gives is that of a type, ignoring case. AWS Config's names are accepted as well.
#[must_use]
pub fn is_type_named(resource_type: &str, name: &str) -> bool {
    let is_other = |(config, own): &(&str, &str)| *own == resource_type && config.eq_ignore_ascii_case(name);
    resource_type.eq_ignore_ascii_case(name) || OTHER_NAMES.iter().any(is_other)
}

#[cfg(test)]
mod tests {
    use super::{ARNS, TYPES, arn_format, is_taggable, is_type_named, resource_type, types_by_value};

    #[test]
    fn kinds_have_types_of_cloudformation() {
        assert_eq!(resource_type("ec2", "instance"), Some("AWS::EC2::Instance"));
        assert_eq!(resource_type("acm", "certificate"), Some("AWS::CertificateManager::Certificate"));
        assert_eq!(resource_type("ec2", "snapshot"), None);
    }

    #[test]
    fn config_names_are_accepted() {
        assert!(is_type_named("AWS::IAM::ManagedPolicy", "aws::iam::policy"));
        assert!(is_type_named("AWS::EC2::Instance", "aws::ec2::instance"));
        assert!(!is_type_named("AWS::EC2::Instance", "AWS::EC2::Volume"));
    }

    #[test]
    fn arns_have_formats() {
        assert_eq!(arn_format("ec2", "volume"), Some("arn:{partition}:ec2:{region}:{owner}:volume/{id}"));
    }

    #[test]
    fn types_can_have_tags_or_not() {
        assert!(is_taggable("AWS::S3::Bucket") && is_taggable("AWS::IAM::ManagedPolicy"));
        assert!(!is_taggable("AWS::IAM::Group"));
    }

    #[test]
    fn every_row_has_three_parts_and_one_place() {
        for text in [TYPES, ARNS] {
            let rows: Vec<_> = text.lines().map(|line| line.splitn(3, ' ').collect::<Vec<_>>()).collect();
            assert!(rows.len() > 300);
            for pair in rows.windows(2) {
                assert_eq!(pair[0].len(), 3, "{pair:?}");
                assert!(pair[0][..2] < pair[1][..2], "{pair:?}");
            }
        }
    }

    #[test]
    fn types_by_value_are_not_in_table() {
        for row in types_by_value() {
            assert_eq!(resource_type(row.service, row.kind), None, "{}", row.kind);
        }
    }
}

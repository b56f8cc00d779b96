//! The types of resources to compare, as the user writes them.

use crate::model::resource_types::{is_type_named, possible_types};

/// A type of resource: the name of CloudFormation or AWS Config, or a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeChoice {
    written: String,
    name: TypeName,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum TypeName {
    /// `AWS::EC2::Instance`
    Type,
    /// `ec2.instance` or `ec2 instance`
    KindOf { service: String, kind: String },
    /// `instance`, or the name of the table `ec2_instance`
    Kind,
}

impl TypeChoice {
    /// Interprets a name. Whether it exists depends on the runs.
    #[must_use]
    pub fn new(written: &str) -> Self {
        let written = written.trim().to_owned();
        let name = if written.contains(':') {
            TypeName::Type
        } else if let Some((service, kind)) = written.split_once(['.', ' ']) {
            TypeName::KindOf { service: service.to_owned(), kind: kind.trim().to_owned() }
        } else {
            TypeName::Kind
        };
        Self { written, name }
    }

    /// Returns the name as it was written.
    pub(super) fn written(&self) -> &str {
        &self.written
    }

    /// Returns whether resources of this kind can be of the type.
    pub(super) fn may_be(&self, service: &str, kind: &str) -> bool {
        match &self.name {
            TypeName::Type => possible_types(service, kind).any(|name| is_type_named(name, &self.written)),
            TypeName::KindOf { service: wanted, kind: of_service } => {
                wanted.eq_ignore_ascii_case(service) && of_service.eq_ignore_ascii_case(kind)
            }
            TypeName::Kind => {
                self.written.eq_ignore_ascii_case(kind) || is_table(&self.written, service, kind)
            }
        }
    }

    /// Returns whether a resource is of the type; its kind may be.
    pub(super) fn is_of(&self, resource_type: Option<&str>) -> bool {
        self.name != TypeName::Type || resource_type.is_some_and(|name| is_type_named(name, &self.written))
    }

    /// Returns the names of a kind that are written in the same way, for suggestions.
    pub(super) fn names_like_this(&self, service: &str, kind: &str) -> Vec<String> {
        match &self.name {
            TypeName::Type => possible_types(service, kind).map(str::to_owned).collect(),
            TypeName::KindOf { .. } => vec![format!("{service}.{kind}")],
            TypeName::Kind => vec![kind.to_owned(), table_of(service, kind)],
        }
    }
}

/// Returns the name of the table of a kind in a database: `ec2_instance`.
fn table_of(service: &str, kind: &str) -> String {
    format!("{}_{kind}", service.replace('-', "_"))
}

fn is_table(name: &str, service: &str, kind: &str) -> bool {
    name.len() == service.len() + 1 + kind.len() && name.eq_ignore_ascii_case(&table_of(service, kind))
}

#[cfg(test)]
mod tests {
    use super::TypeChoice;

    #[test]
    fn kind_has_names_in_several_spellings() {
        let spellings = [
            "AWS::EC2::Instance",
            "aws::ec2::instance",
            "instance",
            "ec2.instance",
            "ec2 instance",
            "ec2_instance",
            " EC2 Instance",
        ];
        for name in spellings {
            assert!(TypeChoice::new(name).may_be("ec2", "instance"), "{name}");
            assert!(!TypeChoice::new(name).may_be("ec2", "volume"), "{name}");
        }
        assert!(TypeChoice::new("cognito_idp_user_pool").may_be("cognito-idp", "user_pool"));
        assert!(TypeChoice::new("AWS::ACM::Certificate").may_be("acm", "certificate"), "AWS Config's name");
    }

    #[test]
    fn value_decides_between_types_of_one_kind() {
        let neptune = TypeChoice::new("aws::neptune::dbcluster");
        assert!(neptune.may_be("rds", "db_cluster"));
        assert!(neptune.is_of(Some("AWS::Neptune::DBCluster")));
        assert!(!neptune.is_of(Some("AWS::RDS::DBCluster")) && !neptune.is_of(None));
        assert!(TypeChoice::new("db_cluster").is_of(None), "a kind is not about types");
    }
}

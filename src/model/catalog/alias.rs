//! Aliases that boto3 has for a few parameters (`botocore/handlers.py`, `_add_parameter_aliases`).

use super::function::Function;

/// The aliases: service, boto3's alias, and the model's name.
const ALIASES: [(&str, &str, &str); 2] =
    [("cloudsearchdomain", "returnFields", "return"), ("ec2", "Filters", "Filter")];

/// Returns the model's name of a parameter for boto3's alias `alias`; `None` when the function has no such
/// parameter, or a parameter named `alias`.
#[must_use]
pub fn parameter_for_alias(function: &Function, alias: &str) -> Option<&'static str> {
    let input = function.service().input(function.operation())?;
    ALIASES
        .into_iter()
        .find(|(service, name, _)| *service == &*function.service().name && *name == alias)
        .map(|(_, _, original)| original)
        .filter(|original| input.member(alias).is_none() && input.member(original).is_some())
}

#[cfg(test)]
mod tests {
    use super::parameter_for_alias;
    use crate::model::catalog::{Catalog, Function};

    /// A few EC2 requests name the parameter `Filter` where all others name it `Filters`.
    #[test]
    fn filter_alias_covers_few_ec2_requests() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let ec2 = catalog.service("ec2").expect("loads").expect("exists");
        let alias = |name| parameter_for_alias(&Function::find(&ec2, name).expect("exists"), "Filters");
        assert_eq!(alias("describe_nat_gateways"), Some("Filter"));
        assert_eq!(alias("describe_instances"), None);
    }
}

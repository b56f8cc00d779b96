//! The type of a resource that a witness reports, as the calls of a run name it.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::own_resources::OwnResources;
use super::witnessed::{Witnessed, arn_shape};
use crate::arn::Arn;
use crate::model::resource_types::{cloudformation_name, types_of_kinds};

/// Types by the service and the kind of resource in an ARN, without case and hyphens; `None` if several types have them.
static TYPES_BY_WORDS: LazyLock<HashMap<(String, String), Option<&str>>> = LazyLock::new(|| {
    let mut types: HashMap<_, Option<&str>> = HashMap::new();
    for (service, kind, type_name) in types_of_kinds() {
        let mut parts = type_name.split("::").skip(1);
        let (Some(namespace), Some(resource)) = (parts.next(), parts.next()) else { continue };
        for service in [service, namespace] {
            for word in [kind, resource] {
                let known = types.entry((folded(service), folded(word))).or_insert(Some(type_name));
                *known = known.filter(|known| *known == type_name);
            }
        }
    }
    types
});

fn folded(word: &str) -> String {
    word.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Returns the type of a resource that a witness reports: its name in CloudFormation if the witness has it, else the type
/// of the run's resources with such ARNs, else the type whose name has the words of the ARN. `None` if it is unknown.
pub(super) fn type_of(witnessed: &Witnessed, own: &OwnResources) -> Option<String> {
    if let Some(name) = &witnessed.cloudformation_type {
        return Some(cloudformation_name(name).to_owned());
    }
    let arn = Arn::parse(witnessed.arn.as_deref()?)?;
    if let Some(name) = own.type_of_arn(&arn) {
        return Some(name.to_owned());
    }
    let (service, prefix) = arn_shape(&arn);
    let by_words = |prefix: &str| TYPES_BY_WORDS.get(&(folded(service), folded(prefix))).copied().flatten();
    // Resource Explorer also names the kind of resource of ARNs that do not: `s3:bucket`.
    let own_word = witnessed.own_type.as_deref().and_then(|name| name.split_once(':')).map(|(_, word)| word);
    [Some(prefix), own_word].into_iter().flatten().find_map(by_words).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{OwnResources, Witnessed, type_of};
    use crate::plan::spec::Witness;

    fn type_from_arn(arn: &str) -> Option<String> {
        let item = json!({ "ResourceARN": arn });
        let witnessed =
            Witnessed::read(Witness::Tagging, &item, "111111111111", "eu-west-1").expect("a resource");
        type_of(&witnessed, &OwnResources::default())
    }

    #[test]
    fn words_of_arn_are_those_of_type() {
        for (arn, expected) in [
            ("arn:aws:ec2:eu-west-1:111111111111:security-group/sg-1", "AWS::EC2::SecurityGroup"),
            ("arn:aws:iam::111111111111:policy/audit", "AWS::IAM::ManagedPolicy"),
            ("arn:aws:dynamodb:eu-west-1:111111111111:table/orders", "AWS::DynamoDB::Table"),
            ("arn:aws:lambda:eu-west-1:111111111111:function:resize", "AWS::Lambda::Function"),
        ] {
            assert_eq!(type_from_arn(arn).as_deref(), Some(expected), "{arn}");
        }
    }

    #[test]
    fn unknown_words_have_no_type() {
        assert_eq!(type_from_arn("arn:aws:teleport:eu-west-1:111111111111:gate/one"), None);
        assert_eq!(type_from_arn("arn:aws:s3:::logs"), None);
    }

    #[test]
    fn config_names_become_those_of_cloudformation() {
        let item = json!({"resourceId": "ANPA1", "resourceType": "AWS::IAM::Policy"});
        let witnessed =
            Witnessed::read(Witness::Config, &item, "111111111111", "global").expect("a resource");
        assert_eq!(type_of(&witnessed, &OwnResources::default()).as_deref(), Some("AWS::IAM::ManagedPolicy"));
    }
}

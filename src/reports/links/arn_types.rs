//! Which kind of resource an ARN is about.

use std::collections::HashMap;

use super::kinds::{KindId, LinkedKinds};
use crate::arn::Arn;
use crate::model::resource_types::arn_format;

/// The kinds by the service and the resource type of their ARNs.
#[derive(Debug, Default)]
pub(super) struct ArnTypes {
    kinds: HashMap<(String, String), KnownType>,
}

/// A resource type in ARNs.
#[derive(Clone, Copy, Debug)]
struct KnownType {
    /// `None` if the ARNs of several kinds have this type.
    kind: Option<KindId>,
    /// The most separators in an ARN of this type.
    separators: usize,
}

impl ArnTypes {
    /// Returns the types of kinds whose formats of ARNs are known.
    pub(super) fn of(kinds: &LinkedKinds) -> Self {
        let mut types = Self::default();
        for (id, service, kind) in kinds.all() {
            if let Some(format) = arn_format(service, kind) {
                types.learn(&format.replace("{partition}", "aws"), id);
            }
        }
        types
    }

    /// Learns the type of an ARN of a kind.
    pub(super) fn learn(&mut self, arn: &str, kind: KindId) {
        let Some(arn) = Arn::parse(arn) else { return };
        let new = KnownType { kind: Some(kind), separators: separators(&arn) };
        let known = self.kinds.entry((arn.service.to_owned(), type_of(&arn).to_owned())).or_insert(new);
        known.kind = known.kind.filter(|known| *known == kind);
        known.separators = known.separators.max(new.separators);
    }

    /// Returns the kind of an ARN, if its type is that of one kind.
    pub(super) fn kind(&self, arn: &Arn<'_>) -> Option<KindId> {
        self.find(arn)?.kind
    }

    /// Returns the kind of the resource that an ARN names, as [`kind`](Self::kind), unless it has more parts than the
    /// ARNs of that kind: those of stages start like that of their API. IAM's paths have any number of parts.
    pub(super) fn kind_of_whole(&self, arn: &Arn<'_>) -> Option<KindId> {
        let known = self.find(arn)?;
        let is_part = separators(arn) > known.separators && arn.service != "iam";
        known.kind.filter(|_| !is_part)
    }

    fn find(&self, arn: &Arn<'_>) -> Option<KnownType> {
        self.kinds.get(&(arn.service.to_owned(), type_of(arn).to_owned())).copied()
    }
}

fn separators(arn: &Arn<'_>) -> usize {
    arn.resource.matches([':', '/']).count()
}

/// Returns the resource type of an ARN: `role` of `role/audit/Reader`; empty if the ARN has none, like those of topics
/// and buckets.
fn type_of<'text>(arn: &Arn<'text>) -> &'text str {
    match arn.resource.split_once([':', '/']) {
        Some((first, _)) if !(first.contains('{') || arn.service == "s3" && arn.account.is_empty()) => first,
        _ => "",
    }
}

/// Services whose ARNs can name a part of a resource, and how many parts of an ARN name the resource itself. The parts
/// are separated by the letter.
///
/// Source: "Resource types" of each service in the Service Authorization Reference.
const PARTS: [(&str, &str, char, usize); 5] = [
    ("dynamodb", "table", '/', 2),
    ("lambda", "function", ':', 2),
    ("lambda", "layer", ':', 2),
    ("logs", "log-group", ':', 2),
    ("s3", "", '/', 1),
];

/// Returns the ARN of the resource that an ARN names a part of: the bucket of an object, the function of an alias.
pub(super) fn whole(arn: &Arn<'_>) -> Option<String> {
    let row = PARTS.iter().find(|(service, name, ..)| *service == arn.service && *name == type_of(arn));
    let (.., separator, count) = row?;
    let (end, _) = arn.resource.match_indices(*separator).nth(count - 1)?;
    let whole = Arn { resource: &arn.resource[..end], ..*arn }.to_string();
    Some(whole)
}

/// Returns whether a text is a pattern or has variables of policies, so that it names no single resource.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?']) || text.contains("${")
}

#[cfg(test)]
mod tests {
    use super::super::kinds::LinkedKinds;
    use super::{ArnTypes, is_pattern, whole};
    use crate::arn::Arn;

    #[test]
    fn kinds_are_known_by_the_type_of_their_arns() {
        let mut kinds = LinkedKinds::default();
        let (volume, topic) = (kinds.id("ec2", "volume"), kinds.id("sns", "topic"));
        let mut types = ArnTypes::of(&kinds);
        let kind = |types: &ArnTypes, arn| types.kind(&Arn::parse(arn).expect("an ARN"));
        assert_eq!(kind(&types, "arn:aws:ec2:r:1:volume/vol-1"), Some(volume));
        types.learn("arn:aws:sns:r:1:orders", topic);
        assert_eq!(kind(&types, "arn:aws:sns:r:1:others"), Some(topic));
        let other = kinds.id("sns", "subscription");
        types.learn("arn:aws:sns:r:1:x", other);
        assert_eq!(kind(&types, "arn:aws:sns:r:1:others"), None, "two kinds have the same type");
    }

    #[test]
    fn arn_with_more_parts_is_of_another_kind() {
        let mut kinds = LinkedKinds::default();
        let (machine, role) = (kinds.id("stepfunctions", "state_machine"), kinds.id("iam", "role"));
        let mut types = ArnTypes::default();
        types.learn("arn:aws:states:r:1:stateMachine:orders", machine);
        types.learn("arn:aws:iam::1:role/Reader", role);
        let kind = |arn| types.kind_of_whole(&Arn::parse(arn).expect("an ARN"));
        assert_eq!(kind("arn:aws:states:r:1:stateMachine:other"), Some(machine));
        assert_eq!(kind("arn:aws:states:r:1:stateMachine:orders:live"), None, "an alias");
        assert_eq!(kind("arn:aws:iam::1:role/aws-service-role/x/y"), Some(role));
    }

    #[test]
    fn part_belongs_to_a_whole() {
        let whole = |arn| whole(&Arn::parse(arn).expect("an ARN"));
        assert_eq!(whole("arn:aws:s3:::logs/2026/*").as_deref(), Some("arn:aws:s3:::logs"));
        assert_eq!(
            whole("arn:aws:lambda:r:1:function:f:live").as_deref(),
            Some("arn:aws:lambda:r:1:function:f")
        );
        assert_eq!(
            whole("arn:aws:dynamodb:r:1:table/t/index/i").as_deref(),
            Some("arn:aws:dynamodb:r:1:table/t")
        );
        assert_eq!(
            whole("arn:aws:logs:r:1:log-group:/a/b:*").as_deref(),
            Some("arn:aws:logs:r:1:log-group:/a/b")
        );
        assert_eq!(whole("arn:aws:s3:::logs"), None);
        assert_eq!(whole("arn:aws:iam::1:role/app/worker"), None);
    }

    #[test]
    fn patterns_name_no_single_resource() {
        assert!(is_pattern("arn:aws:s3:::logs-*") && is_pattern("arn:aws:iam::1:user/${aws:username}"));
        assert!(!is_pattern("arn:aws:s3:::logs"));
    }
}

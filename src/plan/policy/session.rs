//! The session policy of a run, which restricts every role session to the plan.
//!
//! A session has the permissions that both the role's own policies and the session policies allow
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session>). Several session
//! policies of one session are evaluated as one set: an action that any of them allows is allowed, and an action
//! that any of them denies is denied (…/reference_policies_evaluation-logic.html). So the inline policy beside a
//! managed one must not allow anything: it only has deny statements.

use std::collections::BTreeSet;

use super::action::Action;
use super::actions::{address_actions, denied_actions, neighbours, secret_actions};
use super::document::{Statement, document};
use super::needs::{Need, actions_of};
use super::wildcards::{allow_patterns, deny_patterns};
use crate::model::catalog::{Catalog, CatalogError};
use crate::names::Partition;

/// The maximum number of characters in all session policies of one session, including ARNs
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>, `Policy`).
pub const SESSION_POLICY_LENGTH: usize = 2048;

/// AWS's managed policy for read access to everything.
const READ_ONLY: &str = "ReadOnlyAccess";

/// One form of the session policy: a document, a managed policy, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionForm {
    /// The inline document, without white space.
    pub document: Option<String>,
    /// The ARN of the managed policy.
    pub managed: Option<String>,
}

/// Returns the forms of the session policy for these needs, the most restrictive first. STS packs policies and
/// tags and limits the packed size, so that a form that is short enough may still be refused; then the next form
/// is used.
///
/// 1. Exactly the actions; if that is too long, with wildcards that match no other action of the reference.
/// 2. AWS's `ReadOnlyAccess` without the actions of the deny list: all operations that return credentials and
///    secrets, and as many of the rest as fit.
/// 3. `ReadOnlyAccess` alone. The deny list still keeps the program itself from sending such calls.
///
/// # Errors
///
/// Fails if the catalog cannot be read.
pub fn session_forms(
    catalog: &Catalog,
    needs: &[Need],
    partition: &Partition,
) -> Result<Vec<SessionForm>, CatalogError> {
    let mut forms = Vec::new();
    let wanted = &actions_of(needs);
    let mut exact = allow(wanted.iter().map(Action::as_str));
    if exact.len() > SESSION_POLICY_LENGTH {
        let services: BTreeSet<&str> = needs.iter().map(|need| &*need.service).collect();
        let (covered, known) = neighbours(catalog, services)?;
        exact = allow(allow_patterns(wanted, &known, &covered));
    }
    if exact.len() <= SESSION_POLICY_LENGTH {
        forms.push(SessionForm { document: Some(exact), managed: None });
    }
    let managed = format!("arn:{partition}:iam::aws:policy/{READ_ONLY}");
    let denied = deny(&denials(wanted), SESSION_POLICY_LENGTH.saturating_sub(managed.len()));
    forms.push(SessionForm { document: Some(denied), managed: Some(managed.clone()) });
    forms.push(SessionForm { document: None, managed: Some(managed) });
    Ok(forms)
}

fn allow<Text: AsRef<str>>(actions: impl IntoIterator<Item = Text>) -> String {
    let mut actions = actions.into_iter().peekable();
    // A policy without an action is invalid; the remaining calls need no permission.
    let statement =
        if actions.peek().is_none() { Statement::deny(["*"]) } else { Statement::allow(actions, "*") };
    document([statement]).to_string()
}

/// Returns patterns for the denied actions: first secrets, then addresses that grant access, then the rest.
fn denials(wanted: &BTreeSet<Action>) -> Vec<String> {
    let mut patterns: Vec<String> = Vec::new();
    for denied in [secret_actions(), address_actions(), denied_actions()] {
        let more = deny_patterns(&denied, wanted).into_iter();
        let more: Vec<String> = more.filter(|pattern| !patterns.contains(pattern)).collect();
        patterns.extend(more);
    }
    patterns
}

/// Returns a document that denies as many of the patterns as fit.
fn deny(patterns: &[String], length: usize) -> String {
    let frame = document([Statement::deny([""; 0])]).to_string().len();
    let mut left = length.saturating_sub(frame);
    let fitting = patterns.iter().take_while(|pattern| {
        // Two quotation marks and a comma.
        let cost = pattern.len() + 3;
        let fits = cost <= left;
        left = left.saturating_sub(cost);
        fits
    });
    document([Statement::deny(fitting)]).to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{SESSION_POLICY_LENGTH, actions_of, denials, neighbours, session_forms};
    use crate::model::catalog::{Catalog, read_only};
    use crate::names::Partition;
    use crate::plan::policy::action::Action;
    use crate::plan::policy::actions::{actions, denied_actions, every_action, secret_actions, unasked};
    use crate::plan::policy::needs::{Need, Reason};
    use crate::plan::policy::wildcards::{allow_patterns, deny_patterns};

    /// Returns needs for these actions, all for the same call.
    fn needs(actions: impl IntoIterator<Item = Action>) -> Vec<Need> {
        let need =
            |action| Need { action, service: String::new(), function: String::new(), reason: Reason::Spec };
        actions.into_iter().map(need).collect()
    }

    #[test]
    fn session_policy_of_small_plan_lists_only_its_actions() {
        let catalog = Catalog::embedded().expect("a catalog");
        let wanted = needs(["s3:ListAllMyBuckets", "ec2:DescribeRegions"].map(Action::new));
        let forms = session_forms(&catalog, &wanted, &Partition::new("aws")).expect("a catalog");
        assert_eq!(
            forms[0].document.as_deref(),
            Some(
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:DescribeRegions","s3:ListAllMyBuckets"],"Resource":"*"}]}"#
            )
        );
        assert_eq!(forms[0].managed, None);
        assert_eq!(forms[2].document, None);
    }

    /// The policy for a plan of everything is `ReadOnlyAccess` without credentials and secrets.
    #[test]
    fn session_policy_of_everything_denies_secrets() {
        let catalog = Catalog::embedded().expect("a catalog");
        let denied = denied_actions();
        let everything = every_action(&catalog);
        let wanted: BTreeSet<Action> = everything.difference(&denied).cloned().collect();
        let forms = session_forms(&catalog, &needs(wanted.clone()), &Partition::new("aws-us-gov"))
            .expect("a catalog");
        assert_eq!(forms.len(), 2, "nothing shorter holds it");
        let (document, managed) =
            (forms[0].document.as_deref().expect("a document"), forms[0].managed.as_deref().expect("an ARN"));
        assert_eq!(managed, "arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess");
        assert!(document.len() + managed.len() <= SESSION_POLICY_LENGTH, "{}", document.len());
        assert!(!document.contains("Allow"), "it would allow what ReadOnlyAccess does not");
        let patterns = deny_patterns(&secret_actions(), &wanted);
        let missing: Vec<_> = patterns.iter().filter(|pattern| !document.contains(*pattern)).collect();
        assert!(missing.is_empty(), "{} of {} do not fit: {missing:?}", missing.len(), patterns.len());
    }

    #[test]
    fn the_wider_form_of_a_usual_plan_denies_the_whole_deny_list() {
        let catalog = Catalog::embedded().expect("a catalog");
        let wanted = ["s3:ListAllMyBuckets", "ec2:DescribeInstances", "ssm:DescribeParameters"];
        let wanted = needs(wanted.map(Action::new));
        let forms = session_forms(&catalog, &wanted, &Partition::new("aws")).expect("a catalog");
        let document = forms[1].document.as_deref().expect("a document");
        let patterns = denials(&actions_of(&wanted));
        assert!(patterns.iter().all(|pattern| document.contains(pattern)), "{patterns:?}");
        assert!(document.contains("\"ssm:G*\"") && document.contains("\"sts:*\""), "{document}");
    }

    /// Returns the actions that the wildcards of patterns match but must not.
    fn matched_beside(
        patterns: &[String],
        wanted: &BTreeSet<Action>,
        known: &BTreeSet<Action>,
    ) -> (usize, Vec<String>) {
        let lower = |text: &str| text.to_ascii_lowercase();
        let stars: Vec<String> =
            patterns.iter().filter_map(|pattern| pattern.strip_suffix('*')).map(lower).collect();
        let others = known.difference(wanted).map(|action| lower(action.as_str()));
        let matched = others.filter(|action| stars.iter().any(|star| action.starts_with(star))).collect();
        (stars.len(), matched)
    }

    /// Returns all known actions.
    fn all_known(catalog: &Catalog) -> BTreeSet<Action> {
        every_action(catalog).into_iter().chain(denied_actions()).chain(unasked()).collect()
    }

    /// Returns the actions of each function that a scan may call in a service.
    fn callable(catalog: &Catalog, service: &str) -> Vec<Vec<Action>> {
        let service = catalog.service(service).expect("loads").expect("a service");
        let mut operations: Vec<_> = service.operations.iter().collect();
        operations.retain(|operation| read_only::denial(&service.name, &operation.name).is_none());
        operations.into_iter().map(|operation| actions(&service, operation)).collect()
    }

    /// The wildcards for the plan of a service match no action that the plan does not need.
    #[test]
    fn session_policy_stars_cover_only_planned_actions() {
        let catalog = Catalog::embedded().expect("a catalog");
        let known = all_known(&catalog);
        let mut stars = 0;
        for entry in catalog.entries() {
            let wanted: BTreeSet<Action> = callable(&catalog, &entry.name).into_iter().flatten().collect();
            let (covered, near) = neighbours(&catalog, [&*entry.name]).expect("a catalog");
            let patterns = allow_patterns(&wanted, &near, &covered);
            let (count, matched) = matched_beside(&patterns, &wanted, &known);
            assert!(matched.is_empty(), "{}: {patterns:?} cover {matched:?}", entry.name);
            stars += count;
        }
        assert!(stars > 500, "only {stars} stars");
    }

    #[test]
    fn stars_for_random_plans_cover_nothing_but_what_is_asked() {
        let catalog = Catalog::embedded().expect("a catalog");
        let known = all_known(&catalog);
        // Knuth's generator, always with the same seed.
        let mut state = 14_u64;
        let mut below = |bound: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).expect("31 bits") % bound
        };
        let mut stars = 0;
        for _ in 0..150 {
            let count = 1 + below(6);
            let entries = catalog.entries();
            let names: BTreeSet<&str> = (0..count).map(|_| &*entries[below(entries.len())].name).collect();
            // From a tenth of the functions to all of them.
            let tenths = 1 + below(10);
            let mut wanted = BTreeSet::new();
            for name in &names {
                wanted.extend(callable(&catalog, name).into_iter().filter(|_| below(10) < tenths).flatten());
            }
            let (covered, near) = neighbours(&catalog, names.iter().copied()).expect("a catalog");
            let patterns = allow_patterns(&wanted, &near, &covered);
            let (count, matched) = matched_beside(&patterns, &wanted, &known);
            assert!(matched.is_empty(), "{names:?}: {patterns:?} cover {matched:?}");
            stars += count;
        }
        assert!(stars > 500, "only {stars} stars");
    }

    #[test]
    fn a_plan_whose_calls_need_no_permission_gets_none() {
        let catalog = Catalog::embedded().expect("a catalog");
        let forms = session_forms(&catalog, &[], &Partition::new("aws")).expect("a catalog");
        assert!(forms[0].document.as_deref().is_some_and(|text| text.contains(r#""Deny","Action":["*"]"#)));
    }
}

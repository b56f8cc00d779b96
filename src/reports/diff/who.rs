//! Who made a change: the events of `CloudTrail` about the changed resources.

use super::DiffError;
use super::change::{Change, ChangeKind};
use super::change_event::{ChangeEvent, UnknownWho};
use super::compare::Difference;
use super::spool::ChangeSpool;
use crate::names::AccountId;
use crate::plan::redaction::is_hidden;
use crate::plan::spec::EventLookup;

/// The lookups for the changes of a comparison.
#[derive(Debug, Default)]
pub(crate) struct ChangeLookups {
    /// One for each resource that is looked up, in the order of the changes.
    pub(crate) lookups: Vec<EventLookup>,
    /// The number of changed resources that are not looked up because there are more than the limit.
    pub(crate) beyond_limit: usize,
}

/// The events that were found about one resource.
#[derive(Clone, Debug, Default)]
pub(crate) struct FoundEvents {
    /// The events that changed something, the latest first.
    pub(crate) events: Vec<ChangeEvent>,
    /// Why there may be others.
    pub(crate) gap: Option<UnknownWho>,
}

impl Difference {
    /// Returns the lookups that find out who made the changes, at most `limit`.
    ///
    /// # Errors
    ///
    /// Returns an error if the temporary file of the changes cannot be read.
    pub(crate) fn event_lookups(&mut self, limit: usize) -> Result<ChangeLookups, DiffError> {
        let mut found = ChangeLookups::default();
        self.changes.each(|change| {
            match lookup_of(&change) {
                Some(lookup) if found.lookups.len() < limit => found.lookups.push(lookup),
                Some(_) => found.beyond_limit += 1,
                None => {}
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Adds to each change who made it. `found` has the events of each lookup, and `otherwise` is the reason for
    /// changes without a lookup.
    ///
    /// # Errors
    ///
    /// Returns an error if the temporary file of the changes cannot be read or written.
    pub(crate) fn add_who(
        &mut self,
        found: Vec<FoundEvents>,
        otherwise: UnknownWho,
    ) -> Result<(), DiffError> {
        let (mut found, mut completed) = (found.into_iter(), ChangeSpool::new()?);
        self.changes.each(|mut change| {
            if change.change != ChangeKind::Unknown {
                let who = match lookup_of(&change) {
                    Some(_) => found.next().map_or(Err(otherwise), |events| events.of(change.change)),
                    None => Err(UnknownWho::NoName),
                };
                match who {
                    Ok(event) => change.who.push(event),
                    Err(reason) => change.who_unknown = Some(reason),
                }
            }
            completed.push(&change)
        })?;
        self.changes = completed;
        Ok(())
    }
}

impl FoundEvents {
    /// Returns the event that made a change: the first one of an added resource, or else the last one.
    fn of(self, change: ChangeKind) -> Result<ChangeEvent, UnknownWho> {
        let Self { events, gap } = self;
        // Of events in the same second, the latest is first in the list, and last here.
        let mut oldest_first = events.into_iter().rev();
        let event = match (change, gap) {
            (ChangeKind::Added, Some(_)) => None,
            (ChangeKind::Added, None) => oldest_first.min_by_key(|event| event.time),
            _ => oldest_first.by_ref().max_by_key(|event| event.time),
        };
        event.ok_or(gap.unwrap_or(UnknownWho::NoEvent))
    }
}

/// Returns the lookup for a change; `None` if there is none, or the resource has no name in the results.
fn lookup_of(change: &Change) -> Option<EventLookup> {
    if change.change == ChangeKind::Unknown {
        return None;
    }
    let mut names = names_of(change).into_iter().map(str::to_owned);
    Some(EventLookup {
        account: AccountId::new(change.account.clone()),
        region: change.region.clone(),
        name: names.next()?,
        other_name: names.next(),
    })
}

/// Returns the names by which `CloudTrail` may know a resource, the best first: an instance has its ID there, and an Auto
/// Scaling group its name (botocore's model, `Resource`: `ResourceName`). It is the ID or name at the end of the ARN, or
/// else the ARN.
fn names_of(change: &Change) -> Vec<&str> {
    let (arn, own) = (change.arn.as_deref(), [change.id.as_deref(), change.name.as_deref()]);
    let is_in_arn = |name: &&str| {
        arn.and_then(|arn| arn.strip_suffix(*name)).is_some_and(|rest| rest.ends_with(['/', ':']))
    };
    let mut names: Vec<&str> = Vec::new();
    let in_order = own.into_iter().flatten().filter(is_in_arn).chain(arn).chain(own.into_iter().flatten());
    for name in in_order {
        // Braces would be a placeholder in the spec of the lookups.
        let is_usable = !name.is_empty() && !is_hidden(name) && !name.contains(['{', '}']);
        if is_usable && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ChangeEvent, FoundEvents, UnknownWho, names_of};
    use crate::reports::diff::{Change, ChangeKind};

    fn event(name: &str, time: &str) -> ChangeEvent {
        ChangeEvent {
            principal: "arn:aws:iam::111111111111:user/anna".to_owned(),
            role: None,
            event: name.to_owned(),
            source: "s3.amazonaws.com".to_owned(),
            time: time.parse().expect("a time"),
        }
    }

    /// The events of a bucket, the latest first, as CloudTrail returns them.
    fn found(gap: Option<UnknownWho>) -> FoundEvents {
        let events = vec![
            event("DeleteBucket", "2026-11-30T03:00:00Z"),
            event("PutBucketTagging", "2026-11-30T03:00:00Z"),
            event("PutBucketPolicy", "2026-11-30T02:00:00Z"),
            event("CreateBucket", "2026-11-30T02:00:00Z"),
        ];
        FoundEvents { events, gap }
    }

    fn who(found: FoundEvents, change: ChangeKind) -> Result<String, UnknownWho> {
        found.of(change).map(|event| event.event)
    }

    #[test]
    fn creator_is_first_and_others_are_last() {
        assert_eq!(who(found(None), ChangeKind::Added), Ok("CreateBucket".to_owned()));
        for change in [ChangeKind::Changed, ChangeKind::Removed] {
            assert_eq!(who(found(None), change), Ok("DeleteBucket".to_owned()));
        }
    }

    /// The first event that was read is not the first one.
    #[test]
    fn creator_is_unknown_if_there_are_more_events() {
        let more = || found(Some(UnknownWho::MoreEvents));
        assert_eq!(who(more(), ChangeKind::Added), Err(UnknownWho::MoreEvents));
        assert_eq!(who(more(), ChangeKind::Changed), Ok("DeleteBucket".to_owned()));
        assert_eq!(who(FoundEvents::default(), ChangeKind::Changed), Err(UnknownWho::NoEvent));
    }

    /// CloudTrail has the name of a role, which its requests have, and not its ID.
    #[test]
    fn best_name_is_at_the_end_of_the_arn() {
        let key = "arn:aws:kms:eu-west-1:111111111111:key/1234";
        let role = "arn:aws:iam::111111111111:role/path/Reader";
        let balancer =
            "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/50dc6c495c0c9188";
        for (id, arn, name, expected) in [
            (Some("1234"), Some(key), None, vec!["1234", key]),
            (Some("AROA"), Some(role), Some("Reader"), vec!["Reader", role, "AROA"]),
            (Some(balancer), Some(balancer), Some("shop"), vec![balancer, "shop"]),
            (Some("sgr-1"), None, Some("web {a}"), vec!["sgr-1"]),
            (Some("[redacted:6f1c]"), None, None, vec![]),
        ] {
            let change: Change = serde_json::from_value(json!({
                "change": "added", "account": "111111111111", "account_name": null, "region": "eu-west-1",
                "service": "any", "kind": "any", "function": "any", "id": id, "arn": arn, "name": name,
            }))
            .expect("a change");
            assert_eq!(names_of(&change), expected);
        }
    }
}

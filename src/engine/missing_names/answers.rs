//! The services that have responded in a run, by region: the evidence for deciding what an unresolved host name
//! means.

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock};

use crate::aws::client::CallError;
use crate::names::Region;

/// The services that have responded in a run, by the region of their host names. The size is bounded by the number
/// of services and regions, independent of the accounts.
#[derive(Debug, Default)]
pub(in crate::engine) struct Answers(RwLock<HashMap<Option<Region>, HashSet<Box<str>>>>);

impl Answers {
    /// Records the outcome of an attempt. `region` is `None` for a service with one host name for all regions.
    pub(in crate::engine) fn note(
        &self,
        service: &str,
        region: Option<&Region>,
        outcome: Result<(), &CallError>,
    ) {
        if outcome.is_err_and(|error| !error.is_from_aws()) || self.has_answered(service, region) {
            return;
        }
        let mut answers = self.0.write().unwrap_or_else(PoisonError::into_inner);
        answers.entry(region.cloned()).or_default().insert(service.into());
    }

    /// Returns whether another service has responded in the region, and this one has not. For a service with one
    /// host name for all regions (`None`), a response in any region suffices.
    pub(in crate::engine) fn prove_absence(&self, service: &str, region: Option<&Region>) -> bool {
        if self.has_answered(service, region) {
            return false;
        }
        let answers = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut here = answers.iter().filter(|(of, _)| region.is_none() || of.as_ref() == region);
        here.any(|(_, services)| services.iter().any(|other| **other != *service))
    }

    fn has_answered(&self, service: &str, region: Option<&Region>) -> bool {
        let answers = self.0.read().unwrap_or_else(PoisonError::into_inner);
        answers.get(&region.cloned()).is_some_and(|services| services.contains(service))
    }
}

#[cfg(test)]
mod tests {
    use super::Answers;
    use crate::aws::client::{CallError, CallErrorKind};
    use crate::names::Region;

    /// A response of another service in the region proves that its names can be resolved.
    #[test]
    fn absence_needs_answer_of_other_service_in_region() {
        let answers = Answers::default();
        let (here, elsewhere) = (Region::new("eu-west-1"), Region::new("us-east-1"));
        answers.note("ec2", Some(&elsewhere), Ok(()));
        assert!(!answers.prove_absence("apprunner", Some(&here)), "only another region has responded");
        answers.note("apprunner", Some(&here), Ok(()));
        assert!(!answers.prove_absence("apprunner", Some(&here)), "the service has responded itself");
        answers.note("sqs", Some(&here), Ok(()));
        assert!(!answers.prove_absence("apprunner", Some(&here)), "the service has responded itself");
        assert!(answers.prove_absence("braket", Some(&here)));
    }

    #[test]
    fn global_service_is_compared_with_whole_partition() {
        let answers = Answers::default();
        assert!(!answers.prove_absence("shield", None));
        answers.note("iam", None, Ok(()));
        assert!(answers.prove_absence("shield", None));
        assert!(!answers.prove_absence("braket", Some(&Region::new("us-east-1"))), "iam has no region");
    }

    /// A response that does not come from AWS is no evidence.
    #[test]
    fn answer_from_elsewhere_proves_nothing() {
        let answers = Answers::default();
        let region = Region::new("eu-west-1");
        let denied = CallError::new(CallErrorKind::Service, "no");
        for outcome in [
            Err(&CallError::new(CallErrorKind::Connection, "refused")),
            Err(&CallError::new(CallErrorKind::Answer, "a web page")),
            Err(&denied),
        ] {
            answers.note("ec2", Some(&region), outcome);
            assert!(!answers.prove_absence("braket", Some(&region)), "{outcome:?}");
        }
        let denied = CallError { request_id: Some("id".to_owned()), ..denied };
        answers.note("ec2", Some(&region), Err(&denied));
        assert!(answers.prove_absence("braket", Some(&region)));
    }
}

//! Calls inferred to be `not_available` because a host name does not exist. The summary warns when they are
//! most of the calls of a service or region, since a private DNS setup can look the same.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::run::{CallRecord, Status};
use crate::util::plural::plural;

/// The most names listed in a sentence.
const NAMED: usize = 5;

/// Counts calls, and those inferred to be `not_available` from a missing host name, by service and by region.
#[derive(Clone, Debug, Default)]
pub struct Absences {
    all: AbsenceShare,
    services: BTreeMap<String, AbsenceShare>,
    regions: BTreeMap<String, AbsenceShare>,
}

#[derive(Clone, Copy, Debug, Default)]
struct AbsenceShare {
    absent: u64,
    calls: u64,
}

/// A warning about services and regions where most calls are `not_available` because of missing host names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AbsenceWarning {
    /// Calls that are `not_available` because a host name does not exist.
    pub calls: u64,
    /// Services for which that is true of most calls.
    pub services: Vec<String>,
    /// Regions, or `global`, for which that is true of most calls.
    pub regions: Vec<String>,
    /// Whether it is true of most calls of the run.
    pub most: bool,
}

impl AbsenceShare {
    fn count(&mut self, is_absent: bool) {
        self.calls += 1;
        self.absent += u64::from(is_absent);
    }

    fn is_most(self) -> bool {
        self.absent * 2 > self.calls
    }
}

impl Absences {
    /// Counts a line of the ledger.
    pub(super) fn count(&mut self, record: &CallRecord) {
        if record.is_about_the_run() || record.item.is_some() || record.status == Status::Skipped {
            return;
        }
        let is_absent = record.status == Status::NotAvailable && record.missing_host.is_some();
        self.all.count(is_absent);
        self.services.entry(record.service.to_string()).or_default().count(is_absent);
        self.regions.entry(record.region.clone()).or_default().count(is_absent);
    }

    /// Returns the warning, if most calls of the run, a service or a region are affected.
    #[must_use]
    pub fn warning(&self) -> Option<AbsenceWarning> {
        let mostly = |shares: &BTreeMap<String, AbsenceShare>| -> Vec<String> {
            shares.iter().filter(|(_, share)| share.is_most()).map(|(name, _)| name.clone()).collect()
        };
        let (services, regions) = (mostly(&self.services), mostly(&self.regions));
        let most = self.all.is_most();
        (most || !services.is_empty() || !regions.is_empty()).then_some(AbsenceWarning {
            calls: self.all.absent,
            services,
            regions,
            most,
        })
    }
}

impl AbsenceWarning {
    /// Returns the warning as a sentence.
    #[must_use]
    pub fn text(&self) -> String {
        let mut parts = Vec::new();
        if self.most {
            parts.push("most calls of this run".to_owned());
        }
        if !self.services.is_empty() {
            parts.push(format!("most calls of {}", listed(&self.services)));
        }
        if !self.regions.is_empty() {
            parts.push(format!("most calls in {}", listed(&self.regions)));
        }
        let calls = plural(self.calls, "call");
        let are = if self.calls == 1 { "is" } else { "are" };
        format!(
            "warning: {calls} {are} not_available because a host name does not exist and AWS does not offer the \
             service there; this affects {}: check the DNS of this network if you use them",
            parts.join(", ")
        )
    }
}

fn listed(names: &[String]) -> String {
    let mut text = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > NAMED {
        text = format!("{text} and {} more", names.len() - NAMED);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Absences;
    use crate::aws::client::HostOf;
    use crate::names::AccountId;
    use crate::run::{CallRecord, Status};

    fn count(absences: &mut Absences, service: &str, region: &str, is_absent: bool) {
        let account = AccountId::new("123456789012");
        let mut record = CallRecord::new(&account, region, service, "list", "list");
        record.status = Status::Ok;
        if is_absent {
            (record.status, record.missing_host) = (Status::NotAvailable, Some(HostOf::Service));
        }
        absences.count(&record);
    }

    #[test]
    fn a_service_that_is_mostly_concluded_to_be_absent_is_named() {
        let mut absences = Absences::default();
        for region in ["eu-north-1", "eu-south-1", "eu-west-1"] {
            count(&mut absences, "apprunner", region, region != "eu-west-1");
            count(&mut absences, "sqs", region, false);
            count(&mut absences, "sns", region, false);
        }
        let warning = absences.warning().expect("a warning");
        assert_eq!((warning.calls, warning.most), (2, false));
        assert_eq!((warning.services.as_slice(), warning.regions.len()), (&["apprunner".to_owned()][..], 0));
        assert_eq!(
            warning.text(),
            "warning: 2 calls are not_available because a host name does not exist and AWS does not offer the \
             service there; this affects most calls of apprunner: check the DNS of this network if you use \
             them"
        );
    }

    #[test]
    fn a_region_or_a_run_that_is_mostly_absent_is_named() {
        let mut absences = Absences::default();
        count(&mut absences, "apprunner", "eu-north-1", true);
        let warning = absences.warning().expect("a warning");
        let parts = "most calls of this run, most calls of apprunner, most calls in eu-north-1";
        assert!(warning.text().contains(parts), "{}", warning.text());
        assert!(warning.text().starts_with("warning: 1 call is not_available"), "{}", warning.text());
    }

    /// An absence that the service reports itself, or that is one of few, is no warning.
    #[test]
    fn absence_stated_by_service_or_rare_is_no_warning() {
        let mut absences = Absences::default();
        let account = AccountId::new("123456789012");
        let mut retired = CallRecord::new(&account, "eu-west-1", "opsworks", "list", "list");
        retired.status = Status::NotAvailable;
        absences.count(&retired);
        assert_eq!(absences.warning(), None);
        for region in ["eu-west-1", "eu-west-2", "eu-north-1"] {
            count(&mut absences, "apprunner", region, region == "eu-north-1");
            count(&mut absences, "sqs", region, false);
        }
        assert_eq!(absences.warning(), None);
    }
}

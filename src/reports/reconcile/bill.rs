//! The services and regions that cost something, and of which a run has no resource.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::call_outcomes::CallOutcomes;
use super::difference::{DifferenceClass, WitnessDifference};
use super::own_resources::OwnResources;
use crate::model::catalog::{Catalog, CatalogError};
use crate::plan::spec::{COST_BY_REGION, COST_BY_SERVICE, Witness};

/// The amounts of a bill, by account and service, and by account and region.
#[derive(Debug, Default)]
pub(super) struct BilledAmounts {
    services: BTreeMap<(String, String), BilledAmount>,
    regions: BTreeMap<(String, String), BilledAmount>,
}

#[derive(Debug, Default)]
struct BilledAmount {
    amount: f64,
    unit: String,
}

impl BilledAmounts {
    /// Adds an element of `ResultsByTime`; `name` is the name of the call.
    pub(super) fn add(&mut self, name: &str, period: &Value) {
        let amounts = match name {
            COST_BY_SERVICE => &mut self.services,
            COST_BY_REGION => &mut self.regions,
            _ => return,
        };
        for group in period["Groups"].as_array().into_iter().flatten() {
            let (Some(account), Some(other)) = (group["Keys"][0].as_str(), group["Keys"][1].as_str()) else {
                continue;
            };
            let cost = &group["Metrics"]["UnblendedCost"];
            let amount =
                cost["Amount"].as_str().and_then(|amount| amount.parse::<f64>().ok()).unwrap_or_default();
            let sum = amounts.entry((account.to_owned(), other.to_owned())).or_default();
            sum.amount += amount;
            cost["Unit"].as_str().unwrap_or_default().clone_into(&mut sum.unit);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.services.len() + self.regions.len()
    }

    /// Returns what is billed without a resource in the run, and the billed services whose names are no services of
    /// botocore.
    pub(super) fn without_resources(
        &self,
        own: &OwnResources,
        outcomes: &CallOutcomes,
        names: &ServiceTitles,
    ) -> (Vec<WitnessDifference>, BTreeSet<String>) {
        let (mut found, mut unknown) = (Vec::new(), BTreeSet::new());
        for ((account, title), billed) in self.services.iter().filter(|(_, billed)| billed.amount > 0.0) {
            let Some(services) = names.services(title) else {
                unknown.insert(title.clone());
                continue;
            };
            if services.iter().any(|service| own.has_service(account, service)) {
                continue;
            }
            let why = outcomes.why_nothing(account, services);
            found.push(billed.difference(account, "", title, &why));
        }
        // "NoRegion" and "global" are no regions.
        let regions =
            self.regions.iter().filter(|((_, region), billed)| billed.amount > 0.0 && region.contains('-'));
        for ((account, region), billed) in regions {
            if !own.has_region(account, region) {
                found.push(billed.difference(
                    account,
                    region,
                    "all services",
                    "no resource of the run is there",
                ));
            }
        }
        (found, unknown)
    }
}

impl BilledAmount {
    fn difference(&self, account: &str, region: &str, type_name: &str, why: &str) -> WitnessDifference {
        WitnessDifference {
            class: DifferenceClass::Billed,
            witness: Some(Witness::Bill.as_str().to_owned()),
            account: account.to_owned(),
            region: region.to_owned(),
            type_name: type_name.to_owned(),
            arn: None,
            id: None,
            name: None,
            created: None,
            reported: None,
            status: None,
            reason: Some(format!("{:.2} {} in the 30 days before the run; {why}", self.amount, self.unit)),
            entry: None,
        }
    }
}

/// The services of botocore by the names that a bill has for them.
#[derive(Debug)]
pub(super) struct ServiceTitles(HashMap<String, Vec<String>>);

impl ServiceTitles {
    pub(super) fn new(catalog: &Catalog) -> Result<Self, CatalogError> {
        let mut titles: HashMap<String, Vec<String>> = HashMap::new();
        for entry in catalog.entries() {
            let Some(service) = catalog.service(&entry.name)? else { continue };
            for title in BTreeSet::from([folded(&service.full_name), folded(&service.service_id)]) {
                titles.entry(title).or_default().push(service.name.to_string());
            }
        }
        Ok(Self(titles))
    }

    fn services(&self, title: &str) -> Option<&[String]> {
        self.0.get(&folded(title)).map(Vec::as_slice)
    }
}

/// Returns a title without the name of the company, and without the part of the service after a dash:
/// `Amazon Elastic Compute Cloud - Compute`.
fn folded(title: &str) -> String {
    let title = title.split(" - ").next().unwrap_or(title).to_ascii_lowercase();
    let title = ["amazon ", "aws "].iter().find_map(|company| title.strip_prefix(company)).unwrap_or(&title);
    title.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::ServiceTitles;
    use crate::model::catalog::Catalog;

    #[test]
    fn bill_names_services_of_botocore() {
        let titles = ServiceTitles::new(&Catalog::embedded().expect("a catalog")).expect("titles");
        for (title, service) in [
            ("Amazon Elastic Compute Cloud - Compute", "ec2"),
            ("Amazon Simple Storage Service", "s3"),
            ("Amazon DynamoDB", "dynamodb"),
            ("AWS Lambda", "lambda"),
            ("AWS Key Management Service", "kms"),
            ("Amazon Relational Database Service", "rds"),
            ("Amazon Kinesis", "kinesis"),
        ] {
            let found = titles.services(title).unwrap_or_else(|| panic!("no service for {title}"));
            assert!(found.contains(&service.to_owned()), "{title}: {found:?}");
        }
        assert!(titles.services("Tax").is_none());
    }
}

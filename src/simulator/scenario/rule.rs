//! Rules of a scenario: a fault, and the requests that meet it.

use serde::Deserialize;

use super::fault::{Fault, Signer};
use super::pattern::Patterns;
use crate::simulator::fault::Site;
use crate::simulator::world::seed::Seed;

/// A fault, and the requests that meet it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// A description for the reader of the file.
    pub description: Option<String>,
    /// The requests.
    #[serde(default, rename = "match")]
    pub matches: RequestMatch,
    /// The fault.
    pub fault: Fault,
}

/// A selection of requests. A missing field matches all requests.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestMatch {
    /// Account ids.
    #[serde(default)]
    pub accounts: Patterns,
    /// Regions, as in signatures.
    #[serde(default)]
    pub regions: Patterns,
    /// Services, by their names in boto3.
    #[serde(default)]
    pub services: Patterns,
    /// Operations, by their names in the API.
    #[serde(default)]
    pub operations: Patterns,
    /// The number of requests of an operation, in one account and region, that pass first.
    #[serde(default)]
    pub after: u64,
    /// The number of the last request of an operation, in one account and region, that matches.
    pub until: Option<u64>,
    /// The interval: of the requests after `after`, only every n-th matches.
    pub every: Option<u64>,
    /// The probability that a request matches, between 0 and 1.
    pub probability: Option<f64>,
    /// The fraction of all operations in all accounts and regions that matches, between 0 and 1: either all
    /// requests of an operation or none.
    pub share: Option<f64>,
}

impl FaultRule {
    /// Returns whether a request meets the fault. `seed` is the seed of the rule.
    pub(super) fn holds(&self, seed: &str, site: &Site<'_>) -> bool {
        let names_fit = self.matches.accounts.match_name(site.account.as_str())
            && self.matches.regions.match_name(site.region)
            && self.matches.services.match_name(site.service)
            && self.matches.operations.match_name(site.operation);
        names_fit && self.fits_signer(site) && self.counts(site.count) && self.is_drawn(seed, site)
    }

    fn fits_signer(&self, site: &Site<'_>) -> bool {
        match &self.fault {
            Fault::ExpiredToken { of } => (*of == Signer::Role) == site.role_session,
            _ => true,
        }
    }

    fn counts(&self, count: u64) -> bool {
        let RequestMatch { after, until, every, .. } = &self.matches;
        count > *after
            && until.is_none_or(|until| count <= until)
            && every.is_none_or(|every| (count - after).is_multiple_of(every))
    }

    /// Draws whether a request matches, with the same result in every run, independent of the order of requests.
    fn is_drawn(&self, seed: &str, site: &Site<'_>) -> bool {
        let lot = site_seed(seed, site);
        let below = |chance: Option<f64>, seed: Seed| chance.is_none_or(|chance| fraction(seed) < chance);
        below(self.matches.share, lot) && below(self.matches.probability, counted(lot, site.count))
    }

    /// Checks the numbers. Returns the field and the problem as an error.
    pub(super) fn check(&self) -> Result<(), (String, &'static str)> {
        let RequestMatch { after, until, every, probability, share, .. } = &self.matches;
        let problem = |field: &str, what| Err((format!("match.{field}"), what));
        if *every == Some(0) {
            return problem("every", "must be at least 1");
        }
        if until.is_some_and(|until| until <= *after) {
            return problem("until", "must be more than `after`, or no request is chosen");
        }
        for (name, chance) in [("probability", probability), ("share", share)] {
            if chance.is_some_and(|chance| !(0.0..=1.0).contains(&chance)) {
                return problem(name, "must be between 0 and 1");
            }
        }
        self.fault.check().map_err(|(field, what)| (format!("fault.{field}"), what))
    }
}

/// Returns the seed of one operation in one account and region.
pub(super) fn site_seed(seed: &str, site: &Site<'_>) -> Seed {
    Seed::of(&[seed, site.account.as_str(), site.region, site.service, site.operation])
}

/// Returns the seed of one request.
pub(super) fn counted(seed: Seed, count: u64) -> Seed {
    seed.with(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Returns a number from 0 (inclusive) to 1 (exclusive).
fn fraction(seed: Seed) -> f64 {
    const PARTS: u32 = 1_000_000;
    f64::from(u32::try_from(seed.below(PARTS as usize)).unwrap_or_default()) / f64::from(PARTS)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::FaultRule;
    use crate::names::AccountId;
    use crate::simulator::fault::Site;

    fn rule(matches: &Value) -> FaultRule {
        let rule = json!({"match": matches, "fault": {"repeat_token": {}}});
        serde_json::from_value(rule).expect("a rule")
    }

    /// Returns the numbers of the requests, counted from 1, that match the rule.
    fn chosen(matches: &Value, operation: &str) -> Vec<u64> {
        let (rule, account) = (rule(matches), AccountId::new("123456789012"));
        let holds = |count: &u64| {
            let (region, service) = ("eu-west-1", "ec2");
            let parameters = &Map::new();
            let (role_session, count) = (true, *count);
            rule.holds(
                "7",
                &Site { account: &account, region, service, operation, role_session, count, parameters },
            )
        };
        (1..=12).filter(holds).collect()
    }

    #[test]
    fn requests_are_chosen_by_name_and_by_count() {
        let all: Vec<u64> = (1..=12).collect();
        assert_eq!(chosen(&json!({}), "DescribeVpcs"), all);
        assert_eq!(chosen(&json!({"operations": ["List*"]}), "DescribeVpcs"), [0; 0]);
        assert_eq!(chosen(&json!({"services": "e?2", "accounts": "1*", "regions": "!us-*"}), "A"), all);
        assert_eq!(chosen(&json!({"after": 2, "until": 5}), "A"), [3, 4, 5]);
        assert_eq!(chosen(&json!({"after": 1, "every": 4}), "A"), [5, 9]);
    }

    #[test]
    fn a_share_chooses_all_requests_or_none_and_a_probability_some() {
        let operations: Vec<String> = (0..1000).map(|number| format!("List{number}")).collect();
        let count = |matches: Value| {
            let chosen = operations.iter().map(|operation| chosen(&matches, operation).len());
            chosen.collect::<Vec<_>>()
        };
        let shares = count(json!({"share": 0.2}));
        assert!(shares.iter().all(|requests| [0, 12].contains(requests)));
        let whole = shares.iter().filter(|requests| **requests > 0).count();
        assert!((150..250).contains(&whole), "{whole} of 1000 for a share of 0.2");
        let some: usize = count(json!({"probability": 0.2})).iter().sum();
        assert!((2200..2600).contains(&some), "{some} of 12000 for a probability of 0.2");
        assert_eq!(chosen(&json!({"probability": 0.5}), "A"), chosen(&json!({"probability": 0.5}), "A"));
    }
}

//! Rules: which requests meet which fault.

use serde::Deserialize;

use super::fault::{Fault, Signer};
use super::pattern::Patterns;
use crate::simulator::fault::Site;
use crate::simulator::world::seed::Seed;

/// A fault, and the requests that meet it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// What it is for, to people.
    pub description: Option<String>,
    /// The requests.
    #[serde(default, rename = "match")]
    pub matches: RequestMatch,
    /// What goes wrong with them.
    pub fault: Fault,
}

/// A choice of requests. What is left out chooses all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestMatch {
    /// Account ids.
    #[serde(default)]
    pub accounts: Patterns,
    /// Regions, as they stand in signatures.
    #[serde(default)]
    pub regions: Patterns,
    /// Services, as boto3 names them.
    #[serde(default)]
    pub services: Patterns,
    /// Operations, as the API names them.
    #[serde(default)]
    pub operations: Patterns,
    /// Requests of an operation, in one account and region, that are let through first.
    #[serde(default)]
    pub after: u64,
    /// The last request of an operation, in one account and region, that is chosen.
    pub until: Option<u64>,
    /// Of the requests after `after`, only each so manieth.
    pub every: Option<u64>,
    /// The chance of each request to be chosen, between 0 and 1.
    pub probability: Option<f64>,
    /// The part of all operations in all accounts and regions that is chosen, between 0 and 1: of
    /// each, all requests or none.
    pub share: Option<f64>,
}

impl FaultRule {
    /// Whether a request meets the fault. `seed` is the rule's own.
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

    /// Draws lots that are the same in every run, in whichever order requests arrive.
    fn is_drawn(&self, seed: &str, site: &Site<'_>) -> bool {
        let lot = site_seed(seed, site);
        let below = |chance: Option<f64>, seed: Seed| chance.is_none_or(|chance| fraction(seed) < chance);
        below(self.matches.share, lot) && below(self.matches.probability, counted(lot, site.count))
    }

    /// What is wrong with its numbers, and which of them it is.
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

/// What everything is drawn from that concerns one operation in one account and region.
pub(super) fn site_seed(seed: &str, site: &Site<'_>) -> Seed {
    Seed::of(&[seed, site.account.as_str(), site.region, site.service, site.operation])
}

/// What everything is drawn from that concerns one request.
pub(super) fn counted(seed: Seed, count: u64) -> Seed {
    seed.with(usize::try_from(count).unwrap_or(usize::MAX))
}

/// A number from 0 up to 1.
fn fraction(seed: Seed) -> f64 {
    const PARTS: u32 = 1_000_000;
    f64::from(u32::try_from(seed.below(PARTS as usize)).unwrap_or_default()) / f64::from(PARTS)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::FaultRule;
    use crate::names::AccountId;
    use crate::simulator::fault::Site;

    fn rule(matches: &Value) -> FaultRule {
        let rule = json!({"match": matches, "fault": {"repeat_token": {}}});
        serde_json::from_value(rule).expect("a rule")
    }

    /// The requests, counted from 1, that the rule chooses.
    fn chosen(matches: &Value, operation: &str) -> Vec<u64> {
        let (rule, account) = (rule(matches), AccountId::new("123456789012"));
        let holds = |count: &u64| {
            let (region, service) = ("eu-west-1", "ec2");
            rule.holds(
                "7",
                &Site { account: &account, region, service, operation, role_session: true, count: *count },
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

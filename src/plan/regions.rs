//! The regions of an account that are scanned.

use super::call::PlannedCall;
use crate::names::{Region, RegionPattern};

/// The user's choice of regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionChoice {
    /// The given regions.
    Given(Vec<Region>),
    /// The regions that the account has enabled and that match, except some.
    Enabled {
        /// The patterns, of which a region has to match one; empty if each region matches. A region that is named
        /// is scanned even if it is not among the enabled ones.
        matching: Vec<RegionPattern>,
        /// The regions to exclude.
        except: Vec<RegionPattern>,
    },
}

impl RegionChoice {
    /// Returns the choice of the given regions, or of all enabled ones, without those that are excluded.
    #[must_use]
    pub fn new(given: Option<Vec<RegionPattern>>, except: Vec<RegionPattern>) -> Self {
        let matching = given.unwrap_or_else(|| vec![RegionPattern::all()]);
        let names: Option<Vec<Region>> = matching.iter().map(|pattern| pattern.region().cloned()).collect();
        match names {
            Some(mut regions) => {
                regions.retain(|region| !matches_any(&except, region));
                Self::Given(regions)
            }
            None if matching.iter().all(RegionPattern::is_all) => {
                Self::Enabled { matching: Vec::new(), except }
            }
            None => Self::Enabled { matching, except },
        }
    }

    /// Returns the names and patterns of the choice; empty if each enabled region is chosen.
    #[must_use]
    pub fn patterns(&self) -> Vec<RegionPattern> {
        match self {
            Self::Given(regions) => regions.iter().cloned().map(RegionPattern::Region).collect(),
            Self::Enabled { matching, .. } => matching.clone(),
        }
    }

    /// Returns whether no account can have a region for a call, according to its entry and this choice.
    #[must_use]
    pub fn rules_out(&self, call: &PlannedCall) -> bool {
        let Some(wanted) = &call.entry.regions else { return false };
        wanted.iter().all(|wanted| match (self, wanted.region()) {
            (Self::Given(regions), _) => !regions.iter().any(|region| wanted.matches(region)),
            (Self::Enabled { .. }, Some(region)) => !self.allows(region),
            (Self::Enabled { except, .. }, None) => except.contains(wanted),
        })
    }

    /// Returns the regions to report for a call that has no region in an account.
    pub(super) fn missed_by(&self, call: &PlannedCall) -> Vec<RegionPattern> {
        match (self, &call.entry.regions) {
            (_, Some(wanted)) => wanted.clone(),
            (Self::Enabled { matching, except }, None) if matching.is_empty() => except.clone(),
            (Self::Enabled { matching, .. }, None) => matching.clone(),
            (Self::Given(_), None) => Vec::new(),
        }
    }

    /// Returns the regions to scan in an account that has `enabled` enabled.
    #[must_use]
    pub fn choose(&self, enabled: &[Region]) -> Vec<Region> {
        match self {
            Self::Given(regions) => regions.clone(),
            Self::Enabled { matching, .. } => {
                let named = matching.iter().filter_map(RegionPattern::region);
                let named = named.filter(|region| !enabled.contains(region));
                let chosen = enabled.iter().chain(named).filter(|region| self.allows(region));
                chosen.cloned().collect()
            }
        }
    }

    /// Returns whether the region is scanned in each account, whether or not it is enabled there.
    #[must_use]
    pub fn names(&self, region: &Region) -> bool {
        match self {
            Self::Given(regions) => regions.contains(region),
            Self::Enabled { matching, .. } => matching.iter().any(|pattern| pattern.region() == Some(region)),
        }
    }

    /// Returns whether the region is scanned in an account that has it enabled.
    fn allows(&self, region: &Region) -> bool {
        match self {
            Self::Given(regions) => regions.contains(region),
            Self::Enabled { matching, except } => {
                (matching.is_empty() || matches_any(matching, region)) && !matches_any(except, region)
            }
        }
    }
}

/// Returns whether a region is one of those that the patterns stand for.
fn matches_any(patterns: &[RegionPattern], region: &Region) -> bool {
    patterns.iter().any(|pattern| pattern.matches(region))
}

#[cfg(test)]
mod tests {
    use super::{Region, RegionChoice, RegionPattern};

    fn patterns(texts: &[&str]) -> Vec<RegionPattern> {
        texts.iter().map(|text| RegionPattern::parse(text).expect("a pattern")).collect()
    }

    fn chosen(given: &[&str], except: &[&str]) -> Vec<String> {
        let given = (!given.is_empty()).then(|| patterns(given));
        let choice = RegionChoice::new(given, patterns(except));
        let enabled = ["eu-central-1", "eu-west-1", "us-east-1", "us-west-2"].map(Region::new);
        choice.choose(&enabled).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_pattern_chooses_among_the_enabled_regions() {
        assert_eq!(chosen(&["eu-*"], &[]), ["eu-central-1", "eu-west-1"]);
        assert_eq!(chosen(&["eu-*", "us-*"], &["*-west-*"]), ["eu-central-1", "us-east-1"]);
        assert_eq!(chosen(&[], &["us-*"]), ["eu-central-1", "eu-west-1"]);
    }

    #[test]
    fn a_region_beside_a_pattern_need_not_be_enabled() {
        assert_eq!(
            chosen(&["us-*", "eu-west-1", "af-south-1"], &[]),
            ["eu-west-1", "us-east-1", "us-west-2", "af-south-1"]
        );
        assert_eq!(chosen(&["us-*", "af-south-1"], &["af-*"]), ["us-east-1", "us-west-2"]);
    }

    #[test]
    fn all_regions_are_those_of_a_choice_without_names() {
        let none = RegionChoice::new(None, Vec::new());
        assert_eq!(RegionChoice::new(Some(patterns(&["all"])), Vec::new()), none);
        assert_eq!(none, RegionChoice::Enabled { matching: Vec::new(), except: Vec::new() });
    }

    #[test]
    fn names_alone_are_scanned_without_a_look_up() {
        let choice = RegionChoice::new(Some(patterns(&["eu-west-1", "us-east-1"])), patterns(&["us-*"]));
        assert_eq!(choice, RegionChoice::Given(vec![Region::new("eu-west-1")]));
    }
}

//! The numbers of resources of each type, by class, and how far run and witnesses agree.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::difference::DifferenceClass;

/// The counts of one type, or of all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TypeCounts {
    /// Resources that the run and a witness have.
    pub(crate) both: u64,
    /// Resources by class of their difference; classes without resources are omitted.
    pub(crate) differences: BTreeMap<DifferenceClass, u64>,
}

impl TypeCounts {
    /// Returns the number of resources of a class.
    #[must_use]
    pub(crate) fn of(&self, class: DifferenceClass) -> u64 {
        self.differences.get(&class).copied().unwrap_or_default()
    }

    /// Adds a difference.
    pub(super) fn add(&mut self, class: DifferenceClass) {
        *self.differences.entry(class).or_default() += 1;
    }

    /// Adds the counts of another type.
    pub(super) fn add_all(&mut self, other: &Self) {
        self.both += other.both;
        for (class, count) in &other.differences {
            *self.differences.entry(*class).or_default() += count;
        }
    }

    /// Returns the per cent of resources that both have, of those that one of them has: without newer ones, which the
    /// run cannot have, and without bills. `None` if there are none. Less than everything is never 100.
    #[must_use]
    pub(crate) fn agreement(&self) -> Option<f64> {
        let is_counted =
            |class: DifferenceClass| !matches!(class, DifferenceClass::Newer | DifferenceClass::Billed);
        let different: u64 =
            self.differences.iter().filter(|(class, _)| is_counted(**class)).map(|(_, count)| count).sum();
        let all = self.both + different;
        (all > 0).then(|| {
            let tenths = u32::try_from(u128::from(self.both) * 1000 / u128::from(all)).unwrap_or(1000);
            f64::from(tenths) / 10.0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{DifferenceClass, TypeCounts};

    #[test]
    fn agreement_is_rounded_down_and_ignores_newer_ones() {
        let mut counts = TypeCounts { both: 1999, ..TypeCounts::default() };
        counts.add(DifferenceClass::Newer);
        assert_eq!(counts.agreement(), Some(100.0));
        counts.add(DifferenceClass::Missing);
        assert_eq!(counts.agreement(), Some(99.9));
        assert_eq!(TypeCounts::default().agreement(), None);
    }
}

//! Sets of accounts as bit sets, one bit for each account of the run: thousands of accounts with the same
//! problem take as much memory as a line of text.

use std::collections::HashMap;

use crate::names::AccountId;

/// The accounts of a run, numbered in the order of their first line.
#[derive(Clone, Debug, Default)]
pub(super) struct AccountNumbers {
    ids: Vec<AccountId>,
    numbers: HashMap<AccountId, usize>,
}

/// A set of account numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AccountSet(Vec<u64>);

impl AccountNumbers {
    /// Returns the number of an account, and assigns one to a new account.
    pub(super) fn number(&mut self, id: &AccountId) -> usize {
        if let Some(number) = self.numbers.get(id) {
            return *number;
        }
        let number = self.ids.len();
        self.ids.push(id.clone());
        self.numbers.insert(id.clone(), number);
        number
    }

    /// Returns the IDs of the accounts in a set, sorted.
    pub(super) fn ids(&self, set: &AccountSet) -> Vec<AccountId> {
        let mut ids: Vec<_> = set.iter().filter_map(|number| self.ids.get(number).cloned()).collect();
        ids.sort_unstable();
        ids
    }
}

impl AccountSet {
    pub(super) fn insert(&mut self, number: usize) {
        let (word, bit) = (number / 64, number % 64);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << bit;
    }

    pub(super) fn contains(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    pub(super) fn extend(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        let words = self.0.iter().enumerate();
        words.flat_map(|(index, word)| {
            (0..64).filter(move |bit| word & (1 << bit) != 0).map(move |bit| index * 64 + bit)
        })
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountNumbers, AccountSet};
    use crate::names::AccountId;

    fn set(numbers: &[usize]) -> AccountSet {
        let mut set = AccountSet::default();
        for number in numbers {
            set.insert(*number);
        }
        set
    }

    #[test]
    fn a_set_holds_what_was_put_into_it() {
        let mut some = set(&[0, 63, 64, 200]);
        assert_eq!(some.iter().collect::<Vec<_>>(), [0, 63, 64, 200]);
        assert!(some.contains(64) && !some.contains(65) && !some.contains(1000));
        some.extend(&set(&[65, 0]));
        assert_eq!((some.len(), some), (5, set(&[200, 65, 64, 63, 0])));
    }

    #[test]
    fn ids_are_sorted_whenever_the_accounts_came() {
        let mut accounts = AccountNumbers::default();
        let ids = ["222222222222", "111111111111", "222222222222"].map(AccountId::new);
        assert_eq!(ids.each_ref().map(|id| accounts.number(id)), [0, 1, 0]);
        assert_eq!(accounts.ids(&set(&[0, 1])), [ids[1].clone(), ids[0].clone()]);
    }
}

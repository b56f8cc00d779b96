//! Takes the members of a JSON object one by one and reports invalid ones.

use serde_json::{Map, Value};

use super::account_scope::AccountScope;
use super::error::Problems;
use super::region::parse_region;
use crate::names::RegionPattern;
use crate::util::json_kind::kind;
use crate::util::suggest::did_you_mean;

/// The members of an object that have not been taken yet.
pub(super) struct RemainingFields<'a> {
    place: &'a str,
    members: Map<String, Value>,
    problems: &'a mut Problems,
}

impl<'a> RemainingFields<'a> {
    pub(super) fn new(place: &'a str, members: Map<String, Value>, problems: &'a mut Problems) -> Self {
        Self { place, members, problems }
    }

    pub(super) fn problem(&mut self, message: impl FnOnce() -> String) {
        self.problems.add(self.place, message);
    }

    /// Reports a required key as missing, unless it is present with a value of the wrong type.
    pub(super) fn missing(&mut self, key: &str, meaning: &str) {
        if !self.members.contains_key(key) {
            self.problem(|| format!("`{key}` is missing: {meaning}"));
        }
        self.members.shift_remove(key);
    }

    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        self.take(key, "a string", |value| match value {
            Value::String(text) => Ok(text),
            other => Err(other),
        })
    }

    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        self.take(key, "true or false", |value| value.as_bool().ok_or(value))
    }

    pub(super) fn count(&mut self, key: &str) -> Option<u64> {
        self.take(key, "a whole number", |value| value.as_u64().ok_or(value))
    }

    pub(super) fn object(&mut self, key: &str) -> Option<Map<String, Value>> {
        self.take(key, "an object", |value| match value {
            Value::Object(members) => Ok(members),
            other => Err(other),
        })
    }

    pub(super) fn list(&mut self, key: &str) -> Option<Vec<Value>> {
        self.take(key, "a list", |value| match value {
            Value::Array(items) => Ok(items),
            other => Err(other),
        })
    }

    /// Takes a list of region names; a single name may be given without a list.
    pub(super) fn regions(&mut self, key: &str) -> Option<Vec<RegionPattern>> {
        let names = self.take(key, "a list of region names", |value| match value {
            Value::Array(names) => Ok(names),
            Value::String(name) => Ok(vec![Value::String(name)]),
            other => Err(other),
        })?;
        if names.is_empty() {
            self.problem(|| format!("`{key}` is empty: remove it, or list a region"));
        }
        let mut regions = Vec::with_capacity(names.len());
        for name in names {
            let region = name
                .as_str()
                .map_or_else(|| Err(format!("a region must be a string, not {}", kind(&name))), parse_region);
            match region {
                Ok(region) if regions.contains(&region) => {}
                Ok(region) => regions.push(region),
                Err(message) => self.problem(|| format!("`{key}`: {message}")),
            }
        }
        Some(regions)
    }

    /// Takes a list of names or patterns, each of which `check` accepts; a single one may be given without a list.
    pub(super) fn names(&mut self, key: &str, check: fn(&str) -> Result<(), String>) -> Option<Vec<String>> {
        let names = self.take(key, "a string or a list of strings", |value| match value {
            Value::Array(names) => Ok(names),
            Value::String(name) => Ok(vec![Value::String(name)]),
            other => Err(other),
        })?;
        if names.is_empty() {
            self.problem(|| format!("`{key}` is empty: remove it, or list a name"));
        }
        let mut checked = Vec::new();
        for name in names {
            match name.as_str().map_or_else(|| Err(format!("must be a string, not {}", kind(&name))), check) {
                Ok(()) => checked.extend(name.as_str().map(str::to_owned)),
                Err(message) => self.problem(|| format!("`{key}`: {message}")),
            }
        }
        Some(checked)
    }

    /// Takes the accounts that an entry is called in.
    pub(super) fn accounts(&mut self, key: &str) -> Option<AccountScope> {
        let value = self.take(key, "accounts", Ok)?;
        AccountScope::read(&value).map_err(|message| self.problem(|| format!("`{key}`: {message}"))).ok()
    }

    /// Returns whether a remaining key looks like a typo of `key`.
    pub(super) fn has_unknown_near(&self, key: &str) -> bool {
        self.members.keys().any(|unknown| !did_you_mean(unknown, [key]).is_empty())
    }

    /// Reports all remaining keys as unknown.
    pub(super) fn finish(self, known: &[&str]) {
        for unknown in self.members.keys() {
            self.problems.add(self.place, || {
                format!("unknown key `{unknown}`{}", did_you_mean(unknown, known.iter().copied()))
            });
        }
    }

    /// Takes a member. A null counts as absent, as it does in AWS Auto Inventory. A value of the wrong type is
    /// reported.
    fn take<T>(
        &mut self,
        key: &str,
        expected: &str,
        read: impl FnOnce(Value) -> Result<T, Value>,
    ) -> Option<T> {
        let value = self.members.shift_remove(key).filter(|value| !value.is_null())?;
        match read(value) {
            Ok(taken) => Some(taken),
            Err(value) => {
                self.problem(|| format!("`{key}` must be {expected}, not {}", kind(&value)));
                None
            }
        }
    }
}

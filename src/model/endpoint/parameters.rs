//! The arguments of an endpoint rule set.

use crate::model::catalog::ContextValue;

/// Values for the parameters of a rule set, by the parameters' names.
///
/// A rule set ignores values for unknown names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters {
    values: Vec<(Box<str>, ContextValue)>,
}

impl Parameters {
    /// Creates an empty set of values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns these values with one more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<ContextValue>) -> Self {
        self.set(name, value);
        self
    }

    /// Adds a value, or replaces the one that the parameter had.
    pub fn set(&mut self, name: &str, value: impl Into<ContextValue>) {
        let value = value.into();
        match self.values.iter_mut().find(|(existing, _)| **existing == *name) {
            Some((_, existing)) => *existing = value,
            None => self.values.push((name.into(), value)),
        }
    }

    /// Returns the value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&ContextValue> {
        self.values.iter().find(|(existing, _)| **existing == *name).map(|(_, value)| value)
    }

    /// Returns whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

impl From<&str> for ContextValue {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<bool> for ContextValue {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Parameters;
    use crate::model::catalog::ContextValue;

    #[test]
    fn a_later_value_replaces_an_earlier_one() {
        let parameters = Parameters::new().with("UseFIPS", true).with("UseFIPS", false);
        assert_eq!(parameters.get("UseFIPS"), Some(&ContextValue::Boolean(false)));
        assert_eq!(parameters.get("Region"), None);
    }
}

//! Arbitrary endpoint rules: they are evaluated or rejected.

use std::sync::LazyLock;

use aws_auto_inventory::model::catalog::{Catalog, ContextValue};
use aws_auto_inventory::model::endpoint::{Parameters, Partitions, RuleSet};

static PARTITIONS: LazyLock<Partitions> = LazyLock::new(|| {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    Partitions::parse(catalog.partitions()).expect("readable partitions")
});

/// Reads one input.
pub(crate) fn run(data: &[u8]) {
    // The first line is the values of the parameters, the rest are the rules.
    let text = String::from_utf8_lossy(data);
    let Some((values, rules)) = text.split_once('\n') else { return };
    let Ok(rules) = RuleSet::parse(rules) else { return };
    let mut parameters = Parameters::new();
    let names = ["Region", "Bucket", "Endpoint", "AccountId", "StreamARN"];
    for (name, value) in names.iter().zip(values.split('\t')) {
        parameters.set(name, ContextValue::String(value.into()));
    }
    parameters.set("UseFIPS", ContextValue::Boolean(data.len().is_multiple_of(2)));
    parameters.set("UseDualStack", ContextValue::Boolean(data.len().is_multiple_of(3)));
    let _ = rules.resolve(&parameters, &PARTITIONS);
}

//! The members of responses that other calls take their parameters from.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use aws_auto_inventory::model::catalog::{CallSource, ItemsPath, ItemsStep, ParameterOrigin};
use regex::Regex;

use super::super::Sources;
use super::signed::SignedFunction;

/// A comparison of a member with a text in a condition: `.TemplateType == "SMS"`.
static COMPARISON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\.([\w.]+)(?: // "")?(?: == | \| startswith\()"([^"]+)"#).expect("a pattern")
});

/// The members of the responses of all functions that calls take their parameters from.
pub(super) struct Wanted(HashMap<SignedFunction, WantedMembers>);

/// The members of the response of one function that calls take their parameters from.
#[derive(Default)]
pub(super) struct WantedMembers {
    /// Their paths and all beginnings of these: `Reservations[].Instances[].InstanceId`.
    paths: BTreeSet<String>,
    /// The texts that conditions on items require, by their paths.
    texts: BTreeMap<String, Vec<String>>,
}

impl Wanted {
    /// Reads all sources.
    pub(super) fn of(sources: &Sources) -> Self {
        let mut wanted = Self(HashMap::new());
        for (service, operation) in sources.all() {
            for source in &operation.sources {
                wanted.add(sources, service, source);
            }
        }
        wanted
    }

    pub(super) fn members(&self, function: &SignedFunction) -> Option<&WantedMembers> {
        self.0.get(function)
    }

    fn add(&mut self, sources: &Sources, service: &str, source: &CallSource) {
        for parameter in &source.parameters {
            match &parameter.origin {
                ParameterOrigin::Item { levels, field } => {
                    self.add_item(sources, service, source, *levels, field);
                }
                ParameterOrigin::Enclosing { levels, field } => {
                    let Some(parent) = &source.parent else { continue };
                    let path = around(&parent.items, parent.items.depth() - usize::from(*levels));
                    let parent_service = parent.service.as_deref().unwrap_or(service);
                    self.entry(parent_service, &parent.function).add(below(path, field));
                }
                _ => {}
            }
        }
        if let (Some(filter), Some(parent)) = (&source.filter, &source.parent) {
            let members = self.entry(parent.service.as_deref().unwrap_or(service), &parent.function);
            for comparison in COMPARISON.captures_iter(filter) {
                let path = join(parent.items.to_string(), &comparison[1]);
                members.add(path.clone());
                members.texts.entry(path).or_default().push(comparison[2].to_owned());
            }
        }
    }

    /// Adds a member of the item that a call so many levels above was made for.
    fn add_item(
        &mut self,
        sources: &Sources,
        service: &str,
        source: &CallSource,
        levels: u8,
        field: &[Box<str>],
    ) {
        let Some(parent) = &source.parent else { return };
        let service = parent.service.as_deref().unwrap_or(service);
        if levels == 0 {
            self.entry(service, &parent.function).add(below(parent.items.to_string(), field));
            return;
        }
        for above in sources.of(service, &parent.function).into_iter().flat_map(|above| &above.sources) {
            self.add_item(sources, service, above, levels - 1, field);
        }
    }

    fn entry(&mut self, service: &str, function: &str) -> &mut WantedMembers {
        self.0.entry(SignedFunction::new(service, function)).or_default()
    }
}

impl WantedMembers {
    fn add(&mut self, path: String) {
        for (index, mark) in path.char_indices() {
            if matches!(mark, '.' | '[' | '{') {
                self.paths.insert(path[..index].to_owned());
            }
        }
        self.paths.insert(path);
    }

    /// Returns whether calls need something at or below this path.
    pub(super) fn contains(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// Returns the texts that conditions compare with the member at this path.
    pub(super) fn texts(&self, path: &str) -> &[String] {
        self.texts.get(path).map_or(&[], Vec::as_slice)
    }

    /// Returns how many elements of the list at this path are needed to meet all conditions.
    pub(super) fn elements(&self, path: &str) -> usize {
        let below = self.texts.iter().filter(|(text, _)| text.starts_with(path));
        below.map(|(_, texts)| texts.len()).max().unwrap_or_default()
    }
}

/// Returns the path of a member: `Instances[].InstanceId`.
pub(super) fn join(path: String, member: &str) -> String {
    if path.is_empty() { member.to_owned() } else { path + "." + member }
}

fn below(path: String, field: &[Box<str>]) -> String {
    field.iter().fold(path, |path, name| join(path, name))
}

/// Returns the path of the elements of the list number `lists` of a path; that of the response is 0.
fn around(items: &ItemsPath, lists: usize) -> String {
    let is_list = |step: &ItemsStep| !matches!(step, ItemsStep::Member(_));
    let ends = items.steps.iter().enumerate().filter(|(_, step)| is_list(step)).map(|(index, _)| index + 1);
    let end = std::iter::once(0).chain(ends).nth(lists).expect("as many lists");
    ItemsPath { steps: items.steps[..end].to_vec() }.to_string()
}

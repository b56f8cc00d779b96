//! The child calls of a spec, in its JSON form.

use serde_json::{Map, Value, json};

use super::DeepScan;
use super::items::over;
use super::kinds::{is_list, is_number, is_required, is_text};
use super::origin::{Ancestry, ParameterValue};
use super::references::{ItemValues, name_of};
use super::tree::{Branch, Forest};
use crate::model::catalog::{CallSource, Catalog, Function, OperationClass};
use crate::plan::spec::full_spec::result_key;
use crate::plan::spec::resolve::{Resolved, resolve};

/// The levels of a tree whose units are listed by their parents. Organizational units have at most five below a root:
/// the quotas in the user guide of AWS Organizations (`orgs_reference_limits`).
const DEEPEST_TREE: usize = 5;

/// A call below another one that can be made: its parameters are known.
struct ChildNode {
    branch: Branch,
    /// The parameters and their origins, in the order of the source.
    parameters: Vec<(Vec<Box<str>>, ParameterValue)>,
    values: ItemValues,
    children: Vec<ChildNode>,
}

/// Adds the child calls to a call of a generated spec, below which its class counts.
pub(super) fn with_followed_children(
    call: Value,
    forest: &Forest,
    catalog: &Catalog,
    scan: DeepScan,
) -> Value {
    add_children(call, forest, catalog, scan, |class| class)
}

/// Adds the child calls to a call of a spec. What the spec calls itself is wanted, whatever its class.
pub(super) fn with_children(call: Value, forest: &Forest, catalog: &Catalog, scan: DeepScan) -> Value {
    add_children(
        call,
        forest,
        catalog,
        scan,
        |class| {
            if scan.follows(class) { class } else { OperationClass::State }
        },
    )
}

fn add_children(
    mut call: Value,
    forest: &Forest,
    catalog: &Catalog,
    scan: DeepScan,
    counted_as: impl FnOnce(OperationClass) -> OperationClass,
) -> Value {
    let service = call["service"].as_str().unwrap_or_default();
    let function = call["function"].as_str().unwrap_or_default();
    let Ok(Resolved::Call(function)) = resolve(catalog, service, function) else {
        // The error is reported when the spec is checked.
        return call;
    };
    let written = call["each"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_written = |child: &Function| written.iter().any(|call| is_of(call, child, catalog, &function));
    let entry = call["parameters"].as_object().cloned().unwrap_or_default();
    let class = counted_as(function.class().class);
    let mut growth = Growth { forest, scan, entry: &entry, path: vec![function.clone()] };
    let mut nodes = growth.below(&function, class, &[]);
    nodes.retain(|node| !is_written(&node.branch.function));
    nodes.iter_mut().for_each(ChildNode::gather);
    let children: Vec<Value> = nodes.iter().filter_map(|node| node.call(&function, None)).collect();
    if !children.is_empty()
        && let Some(call) = call.as_object_mut()
        && let Some(each) = call.entry("each").or_insert_with(|| json!([])).as_array_mut()
    {
        each.extend(children);
    }
    call
}

/// Returns whether a call below a call of `parent` is one of the function `child`.
fn is_of(call: &Value, child: &Function, catalog: &Catalog, parent: &Function) -> bool {
    let service = call["service"].as_str().unwrap_or(&parent.service().name);
    let function = call["function"].as_str().unwrap_or_default();
    match resolve(catalog, service, function) {
        Ok(Resolved::Call(found)) => {
            found.service().name == child.service().name && found.name() == child.name()
        }
        _ => false,
    }
}

/// The tree of calls while it grows from an entry.
struct Growth<'tree> {
    forest: &'tree Forest,
    scan: DeepScan,
    entry: &'tree Map<String, Value>,
    /// The functions from the entry to the current call.
    path: Vec<Function>,
}

impl Growth<'_> {
    /// Returns the calls below a call, whose ancestors have these sources.
    fn below(
        &mut self,
        function: &Function,
        class: OperationClass,
        sources: &[&CallSource],
    ) -> Vec<ChildNode> {
        if self.scan.depth.is_some_and(|depth| sources.len() >= depth) {
            return Vec::new();
        }
        let branches = self.forest.branches(function, class, self.scan);
        branches.into_iter().filter_map(|branch| self.node(branch, sources)).collect()
    }

    fn node(&mut self, branch: Branch, sources: &[&CallSource]) -> Option<ChildNode> {
        let function = branch.function.clone();
        let is_same = |known: &&Function| known.to_string() == function.to_string();
        let is_tree = self.path.last().is_some_and(|parent| is_same(&parent));
        let above = self.path.iter().filter(is_same).count();
        if above > 0 && (!is_tree || above >= DEEPEST_TREE) {
            return None;
        }
        let ancestry = Ancestry { entry: self.entry, sources };
        let mut parameters = Vec::with_capacity(branch.source.parameters.len());
        for sourced in &branch.source.parameters {
            parameters.push((sourced.path.clone(), ancestry.resolve(&sourced.origin)?));
        }
        let references = || {
            parameters.iter().filter_map(|(path, resolved)| match resolved {
                ParameterValue::Reference(reference) => Some((path, reference)),
                ParameterValue::Constant(_) => None,
            })
        };
        // Without any required one, the identifiers are needed although the model does not require them.
        let has_required = references().any(|(path, _)| is_required(&function, path));
        let mut values = ItemValues::default();
        for (path, reference) in references() {
            let name = path.last().map_or("value", |name| &**name);
            values.add(reference.clone(), name, !has_required || is_required(&function, path));
        }
        self.path.push(function.clone());
        let below: Vec<&CallSource> = sources.iter().copied().chain([&branch.source]).collect();
        let children = self.below(&function, branch.class, &below);
        self.path.pop();
        Some(ChildNode { branch, parameters, values, children })
    }
}

impl ChildNode {
    /// Adds the values to the items that the calls below need.
    fn gather(&mut self) {
        for child in &mut self.children {
            child.gather();
            for (reference, name) in child.values.of_parent() {
                let name = name_of(&reference.value, name).to_owned();
                self.values.add(reference, &name, false);
            }
        }
    }

    /// Returns the call in the JSON form of a spec. `above` has the values of the parent's item; a call whose values
    /// are not in it is omitted.
    fn call(&self, parent: &Function, above: Option<&ItemValues>) -> Option<Value> {
        let Branch { function, source, constants, .. } = &self.branch;
        let (service, operation) = (function.service(), function.operation());
        let mut call = Map::new();
        let items = &source.parent.as_ref()?.items;
        call.insert("over".to_owned(), over(items, source.filter.as_deref(), &self.values, above)?.into());
        if service.name != parent.service().name {
            call.insert("service".to_owned(), (*service.name).into());
        }
        call.insert("function".to_owned(), function.name().into());
        if let Some(key) = result_key(service, operation) {
            call.insert("result_key".to_owned(), key.into());
        }
        let mut parameters = Value::Object(constants.clone());
        let mut is_batched = false;
        for (path, resolved) in &self.parameters {
            match resolved {
                ParameterValue::Constant(value) => set(&mut parameters, function, path, value.clone()),
                ParameterValue::Reference(reference) => {
                    let mut filter = self.values.filter(reference)?;
                    if is_text(function, path) && is_number(parent, items, reference) {
                        filter.push_str(" | tostring");
                    }
                    let value = format!("{{{filter}}}").into();
                    if source.batch.is_some() && is_list(function, path) {
                        is_batched = true;
                        insert(&mut parameters, path, value);
                    } else {
                        set(&mut parameters, function, path, value);
                    }
                }
            }
        }
        if parameters.as_object().is_some_and(|parameters| !parameters.is_empty()) {
            call.insert("parameters".to_owned(), parameters);
        }
        if let (true, Some(batch)) = (is_batched, source.batch) {
            call.insert("batch".to_owned(), batch.into());
        }
        let children: Vec<Value> =
            self.children.iter().filter_map(|child| child.call(function, Some(&self.values))).collect();
        if !children.is_empty() {
            call.insert("each".to_owned(), Value::Array(children));
        }
        Some(Value::Object(call))
    }
}

/// Sets the member at a path to a value, or to a list of it if the member is a list.
pub(super) fn set(parameters: &mut Value, function: &Function, path: &[Box<str>], value: Value) {
    let is_single = is_list(function, path) && !value.is_array();
    insert(parameters, path, if is_single { json!([value]) } else { value });
}

/// Sets the member at a path, with the objects around it.
fn insert(parameters: &mut Value, path: &[Box<str>], value: Value) {
    let Some((last, around)) = path.split_last() else { return };
    let mut object = parameters;
    for name in around {
        object = &mut object[&**name];
    }
    object[&**last] = value;
}

//! Every name in a source exists in the models, so that no call fails for a wrong one.

use std::collections::BTreeSet;

use aws_auto_inventory::model::catalog::{
    CallSource, ItemsStep, ParameterOrigin, Service, ShapeId, ShapeKind, SourceParent,
};

use super::{SOURCES, is_from_items, notation};

#[test]
fn sources_name_members_of_the_models() {
    let mut wrong = Vec::new();
    for (name, operation) in SOURCES.all() {
        for source in &operation.sources {
            if let Err(problem) = check(name, &operation.function, source) {
                wrong.push(format!("{name} {}: {}: {problem}", operation.function, notation::line(source)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong sources:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn required_parameters_all_have_a_value() {
    let mut without = Vec::new();
    for (name, operation) in SOURCES.all() {
        let service = &SOURCES.services[name].0;
        let model = service.operation(&operation.function).expect("an operation");
        for source in &operation.sources {
            let has = |member: &str| source.parameters.iter().any(|parameter| *parameter.path[0] == *member);
            let missing = service.required_parameters(model).filter(|member| !has(&member.name));
            without.extend(missing.map(|member| format!("{name} {} {}", operation.function, member.name)));
        }
    }
    assert!(without.is_empty(), "{}", without.join("\n"));
}

/// A value of an item belongs to one parameter, and a parameter has one value.
#[test]
fn no_value_and_no_parameter_is_used_twice() {
    let mut twice = Vec::new();
    for (name, operation) in SOURCES.all() {
        for source in &operation.sources {
            let mut paths = BTreeSet::new();
            let mut values = BTreeSet::new();
            for parameter in &source.parameters {
                let is_new =
                    !is_from_items(&parameter.origin) || values.insert(format!("{:?}", parameter.origin));
                if !paths.insert(&parameter.path) || !is_new {
                    twice.push(format!("{name} {}: {}", operation.function, notation::line(source)));
                }
            }
        }
    }
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

fn check(name: &str, function: &str, source: &CallSource) -> Result<(), String> {
    let service = &SOURCES.services[name].0;
    for parameter in &source.parameters {
        input_member(service, function, &parameter.path)?;
        check_origin(name, source, &parameter.origin)?;
    }
    Ok(())
}

fn check_origin(name: &str, source: &CallSource, origin: &ParameterOrigin) -> Result<(), String> {
    match origin {
        ParameterOrigin::Item { levels, field } => {
            let (owner, parent) = ancestor(name, source, *levels).ok_or("there is no such call above")?;
            let service = &SOURCES.services[&owner].0;
            let item = item(service, &parent, 0)?;
            member(service, item, field).map(drop)
        }
        ParameterOrigin::Enclosing { levels, field } => {
            let (owner, parent) = ancestor(name, source, 0).ok_or("there is no parent")?;
            let service = &SOURCES.services[&owner].0;
            member(service, item(service, &parent, *levels)?, field).map(drop)
        }
        ParameterOrigin::Input { levels, parameter } => {
            let (owner, parent) = ancestor(name, source, levels - 1).ok_or("there is no such call above")?;
            input_member(&SOURCES.services[&owner].0, &parent.function, parameter)?;
            let calls = SOURCES.of(&owner, &parent.function).map(|operation| &operation.sources);
            let is_given = calls.is_some_and(|calls| {
                calls.iter().any(|call| call.parameters.iter().any(|given| given.path == *parameter))
            });
            if is_given {
                Ok(())
            } else {
                Err(format!("{} is not called with {parameter:?}", parent.function))
            }
        }
        _ => Ok(()),
    }
}

/// Returns the parent, or a call above it, with the service that it belongs to.
fn ancestor(name: &str, source: &CallSource, levels: u8) -> Option<(String, SourceParent)> {
    let parent = source.parent.clone()?;
    let owner = parent.service.as_deref().unwrap_or(name).to_owned();
    if levels == 0 {
        return Some((owner, parent));
    }
    let above = SOURCES.only(&owner, &parent.function)?;
    ancestor(&owner, above, levels - 1)
}

/// Returns the shape of the items, or of what encloses them.
fn item(service: &Service, parent: &SourceParent, without: u8) -> Result<ShapeId, String> {
    let operation = service.operation(&parent.function).ok_or("there is no such function")?;
    let mut shape = operation.output.as_ref().ok_or("there is no response")?.shape;
    let lists = parent.items.depth().saturating_sub(usize::from(without));
    let mut passed = 0;
    for step in &parent.items.steps {
        if without > 0 && passed == lists {
            break;
        }
        shape = match (step, service.kind(shape)) {
            (ItemsStep::Member(name), ShapeKind::Structure(structure)) => {
                structure.member(name).ok_or_else(|| format!("no member {name}"))?.1.reference.shape
            }
            (ItemsStep::Each, ShapeKind::List(list)) => list.member.shape,
            (ItemsStep::Each, ShapeKind::Map(map)) => map.value.shape,
            (ItemsStep::Keys, ShapeKind::Map(map)) => map.key.shape,
            (step, _) => return Err(format!("{step:?} does not fit")),
        };
        passed += usize::from(!matches!(step, ItemsStep::Member(_)));
    }
    Ok(shape)
}

fn input_member(service: &Service, function: &str, path: &[Box<str>]) -> Result<ShapeId, String> {
    let operation = service.operation(function).ok_or("there is no such function")?;
    let input = operation.input.as_ref().ok_or("there is no request")?.shape;
    member(service, input, path)
}

fn member(service: &Service, start: ShapeId, path: &[Box<str>]) -> Result<ShapeId, String> {
    path.iter().try_fold(start, |shape, name| {
        let structure = service.structure(shape).ok_or_else(|| format!("{name}: no structure"))?;
        Ok(structure.member(name).ok_or_else(|| format!("no member {name}"))?.1.reference.shape)
    })
}

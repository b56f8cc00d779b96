//! The choice of one list for all parameters of an operation, and the order in which operations are reached.
//!
//! The parameters of a call belong together: they come from one item, from the parameters of the call that lists it,
//! or from the items and calls above that.

use std::collections::HashSet;

use super::collections::ItemField;
use super::facts::{RequestParameter, ServiceFacts};
use super::needs::{CHOSEN, FieldChoice, OperationNeeds, Place, REVIEWED};
use super::reached::{ReachedOperation, SourceItems, root};
use super::score::ParameterNeed;
use crate::model::catalog::ParameterOrigin;

/// The points from which a source is used without a review.
pub(super) const SUFFICIENT: i32 = 76;

/// The points at which operations are reached, strongest first: a chain of strong sources is found before a short one
/// of weak sources.
const THRESHOLDS: [i32; 10] = [116, 112, 108, 104, 100, 96, 92, 88, 82, SUFFICIENT];

/// The points from which an item is the resource that a parameter identifies.
const RESOURCE: i32 = 92;
/// The points of a member in such an item that has the name of another parameter.
const BELONGS: i32 = 92;

/// The derivation for one service.
pub(super) struct ServiceTying<'facts, 'model> {
    pub(super) service: &'facts ServiceFacts<'model>,
    pub(super) needs: Vec<OperationNeeds<'facts, 'model>>,
    pub(super) reached: Vec<Option<ReachedOperation<'model>>>,
    /// The nouns of resources that have tags, comparable.
    pub(super) taggable: HashSet<String>,
    /// Whether what is not reached now stays so: then there is nothing to wait for.
    is_last: bool,
}

/// An operation with the parameters for the items at one place, and how good they are.
pub(super) struct TiedCandidate<'model> {
    pub(super) reached: ReachedOperation<'model>,
    rank: (i32, i32, i32, i32),
}

impl<'facts, 'model> ServiceTying<'facts, 'model> {
    /// Reaches all operations that have a sufficient source.
    pub(super) fn new(
        service: &'facts ServiceFacts<'model>,
        needs: Vec<OperationNeeds<'facts, 'model>>,
        taggable: HashSet<String>,
    ) -> Self {
        let reached = needs.iter().map(root).collect();
        let mut tying = Self { service, needs, reached, taggable, is_last: false };
        while THRESHOLDS.iter().any(|&threshold| tying.round(threshold)) {}
        tying.is_last = true;
        while THRESHOLDS.iter().any(|&threshold| tying.round(threshold)) {}
        tying
    }

    /// Reaches the operations that have a source with this many points among those that are reached already.
    fn round(&mut self, threshold: i32) -> bool {
        let found: Vec<(usize, ReachedOperation<'model>)> = (0..self.needs.len())
            .filter(|&index| self.reached[index].is_none() && self.needs[index].rejected.is_none())
            .filter_map(|index| Some((index, self.best(index)?)))
            .filter(|(_, reached)| reached.points >= threshold)
            .collect();
        let is_progress = !found.is_empty();
        for (index, reached) in found {
            self.reached[index] = Some(reached);
        }
        is_progress
    }

    /// Returns the points of the best member for a parameter: that of any list, and at last only of the reached ones.
    fn best_points(&self, index: usize, need: usize) -> i32 {
        let own = &self.needs[index];
        if !self.is_last {
            return own.best[need];
        }
        let rows = own.table.iter().filter(|((operation, _), _)| self.reached[*operation].is_some());
        rows.flat_map(|(_, row)| &row[need]).map(|choice| choice.points).max().unwrap_or_default()
    }

    /// Returns the best source of an operation.
    pub(super) fn best(&self, index: usize) -> Option<ReachedOperation<'model>> {
        let mut candidates: Vec<TiedCandidate<'model>> = self.needs[index]
            .table
            .keys()
            .filter(|(operation, _)| self.reached[*operation].is_some())
            .filter_map(|&place| self.tie(index, place))
            .collect();
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.rank));
        let mut candidates = candidates.into_iter();
        let mut best = candidates.next()?.reached;
        let operation = |reached: &ReachedOperation<'_>| reached.here().map(|place| place.0);
        let second = candidates.find(|other| operation(&other.reached) != operation(&best));
        best.second = second.and_then(|other| Some((other.reached.here()?, other.reached.points)));
        Some(best)
    }

    /// Returns the parameters of an operation that is called for the items at a place.
    pub(super) fn tie(&self, index: usize, place: Place) -> Option<TiedCandidate<'model>> {
        let own = &self.needs[index];
        let row = own.table.get(&place)?;
        let mut used: Vec<Option<usize>> = Vec::new();
        let mut owner: Option<String> = None;
        let mut parameters = Vec::new();
        let mut points = i32::MAX;
        // The parameter with the fewest good members chooses first.
        let mut order: Vec<usize> = (0..own.needs.len()).collect();
        order.sort_by_key(|&need| std::cmp::Reverse(row[need].first().map_or(0, |choice| choice.points)));
        // An item that is the resource itself names the resources that it belongs to.
        let is_resource = row.iter().flatten().any(|choice| choice.points >= RESOURCE);
        for need in order {
            let mut choices = row[need].clone();
            for choice in choices.iter_mut().filter(|choice| is_resource && choice.is_same_name) {
                choice.points = choice.points.max(BELONGS - choice.loss);
            }
            // An item is one resource, so that its identifiers are not those of two.
            choices.retain(|choice| choice.owner.is_none() || owner.is_none() || choice.owner == owner);
            let (origin, found) = self.origin(&own.needs[need], &choices, place, &used)?;
            let is_of_item = found >= REVIEWED || matches!(origin.0, ParameterOrigin::Item { levels: 0, .. });
            if is_of_item {
                used.push(origin.1);
                let chosen = choices.iter().find(|choice| choice.field == origin.1);
                owner = owner.or_else(|| chosen.and_then(|choice| choice.owner.clone()));
            }
            let is_belonging = is_resource
                && is_of_item
                && choices.iter().any(|choice| choice.is_same_name && choice.field == origin.1);
            let regret = if found >= CHOSEN || is_belonging {
                0
            } else {
                (self.best_points(index, need).min(120) - found - 14).max(0) * 4 / 5
            };
            points = points.min(found - regret);
            parameters.push((own.needs[need].parameter.clone(), origin.0));
        }
        if used.is_empty() {
            return None;
        }
        let parent = self.reached[place.0].as_ref()?;
        for (parameter, origin) in &own.fills {
            parameters.push(((*parameter).clone(), self.inherited(parameter, origin, place)));
        }
        self.add_optional(index, place, &mut parameters);
        let points = points - 2 * parent.depth;
        let operation = &self.service.operations[place.0];
        let consumer = &self.service.operations[index];
        let richness = consumer
            .parameters
            .iter()
            .filter(|parameter| {
                let fields = &operation.collections[place.1].fields;
                fields.iter().any(|field| field.identifier.whole == parameter.identifier.whole)
            })
            .count();
        let is_noun = own
            .needs
            .iter()
            .any(|need| need.bases.first().is_some_and(|base| base.noun == operation.noun.concat()));
        let rank = (
            points,
            i32::from(is_noun),
            i32::from(operation.verb == "List" || operation.verb == "Describe"),
            i32::try_from(richness).unwrap_or(i32::MAX),
        );
        let depth = parent.depth + 1;
        Some(TiedCandidate {
            reached: ReachedOperation {
                parent: Some(SourceItems::Here(place)),
                parameters,
                depth,
                points,
                second: None,
            },
            rank,
        })
    }

    /// Returns the origin of one parameter, its member of the item and its points.
    fn origin(
        &self,
        need: &ParameterNeed<'facts, 'model>,
        choices: &[FieldChoice],
        place: Place,
        used: &[Option<usize>],
    ) -> Option<((ParameterOrigin, Option<usize>), i32)> {
        let operation = &self.service.operations[place.0];
        let is_required_there = operation.required().any(|other| {
            other.identifier.whole == need.parameter.identifier.whole && !other.identifier.is_generic()
                || other.identifier.base == need.parameter.identifier.base
                    && other.identifier.kind == need.parameter.identifier.kind
                    && !other.identifier.is_generic()
        });
        let from_item = choices
            .iter()
            .find(|choice| choice.points >= REVIEWED || !used.contains(&choice.field) && !is_required_there)
            .map(|choice| {
                let of_item = || ParameterOrigin::Item { levels: 0, field: self.path(place, choice.field) };
                ((choice.origin.clone().unwrap_or_else(of_item), choice.field), choice.points)
            });
        let above = self.above(need, place).map(|(origin, points)| ((origin, None), points));
        [from_item, above].into_iter().flatten().max_by_key(|(_, points)| *points)
    }

    pub(super) fn path(&self, (operation, collection): Place, field: Option<usize>) -> Vec<Box<str>> {
        let collection = &self.service.operations[operation].collections[collection];
        field
            .map(|field| collection.fields[field].path.iter().map(|&name| name.into()).collect())
            .unwrap_or_default()
    }

    /// Returns the best origin of a parameter in the calls above a list, and in their items.
    fn above(&self, need: &ParameterNeed<'facts, 'model>, place: Place) -> Option<(ParameterOrigin, i32)> {
        let mut best: Option<(ParameterOrigin, i32)> = None;
        let mut add = |origin: ParameterOrigin, points: i32| {
            if best.as_ref().is_none_or(|(_, most)| points > *most) {
                best = Some((origin, points));
            }
        };
        let mut operation = place.0;
        let mut levels = 0;
        let row = |place: Place| {
            let consumer = self.service.operation(need.consumer.name)?;
            let own = &self.needs[consumer];
            let index = own.needs.iter().position(|other| other.parameter.path == need.parameter.path)?;
            own.table.get(&place).map(|row| &row[index])
        };
        while let Some(reached) = &self.reached[operation] {
            levels += 1;
            for (parameter, origin) in &reached.parameters {
                if matches!(origin, ParameterOrigin::Constant(_) | ParameterOrigin::Now { .. }) {
                    continue;
                }
                if let Some(points) = self.same_input(need, operation, parameter) {
                    let path = parameter.path.iter().map(|&name| name.into()).collect();
                    add(ParameterOrigin::Input { levels, parameter: path }, points + 1 - i32::from(levels));
                }
            }
            let Some(parent) = reached.here() else { break };
            if let Some(choice) = row(parent).and_then(|choices| choices.first()) {
                let field = self.path(parent, choice.field);
                add(ParameterOrigin::Item { levels, field }, choice.points - 2 * i32::from(levels));
            }
            operation = parent.0;
        }
        best
    }

    /// Returns the points of a parameter of a call above as the value of this parameter.
    fn same_input(
        &self,
        need: &ParameterNeed<'facts, 'model>,
        operation: usize,
        other: &RequestParameter<'model>,
    ) -> Option<i32> {
        let (own, theirs) = (&need.parameter.identifier, &other.identifier);
        if need.parameter.kind != other.kind {
            return None;
        }
        if !own.is_generic() && !theirs.is_generic() {
            if own.whole == theirs.whole {
                return Some(106);
            }
            let is_kind = own.kind == theirs.kind;
            let is_any = [own.kind, theirs.kind].contains(&super::identifier::IdentifierKind::Any);
            return (own.base == theirs.base && (is_kind || is_any)).then_some(if is_kind {
                102
            } else {
                94
            });
        }
        let their_bases =
            &self.needs[operation].needs.iter().find(|need| need.parameter.path == other.path)?.bases;
        let (mine, theirs_first) = (need.bases.first()?, their_bases.first()?);
        let is_kind = own.kind == theirs.kind
            || [own.kind, theirs.kind].contains(&super::identifier::IdentifierKind::Any);
        (mine.noun == theirs_first.noun && is_kind).then_some(98)
    }

    /// Returns the origin of a value that needs no list: one that the calls above had, or that the item has, is the same.
    fn inherited(
        &self,
        parameter: &RequestParameter<'model>,
        origin: &ParameterOrigin,
        place: Place,
    ) -> ParameterOrigin {
        if parameter.values.is_empty() {
            return origin.clone();
        }
        let mut operation = place.0;
        let mut levels = 0;
        while let Some(reached) = &self.reached[operation] {
            levels += 1;
            let same = reached.parameters.iter().find(|(other, _)| other.shape == parameter.shape);
            if let Some((other, _)) = same {
                return ParameterOrigin::Input {
                    levels,
                    parameter: other.path.iter().map(|&name| name.into()).collect(),
                };
            }
            let Some(parent) = reached.here() else { break };
            operation = parent.0;
        }
        let collection = &self.service.operations[place.0].collections[place.1];
        // Most words of the item are those that the parameter accepts.
        let accepts = |field: &ItemField<'_>| {
            let words = self.service.shapes.get(field.shape).map_or(&[][..], |shape| &shape.values);
            let accepted = words.iter().filter(|word| parameter.values.contains(&word.as_str())).count();
            field.identifier.whole == parameter.identifier.whole && 2 * accepted > words.len()
        };
        let is_same =
            |field: &&ItemField<'_>| field.level == 0 && (field.shape == parameter.shape || accepts(field));
        match collection.fields.iter().find(is_same) {
            Some(field) => ParameterOrigin::Item {
                levels: 0,
                field: field.path.iter().map(|&name| name.into()).collect(),
            },
            None => origin.clone(),
        }
    }

    /// Adds the optional parameters that the call of the list had as well: the cluster of a service.
    fn add_optional(
        &self,
        index: usize,
        place: Place,
        parameters: &mut Vec<(RequestParameter<'model>, ParameterOrigin)>,
    ) {
        let Some(parent) = &self.reached[place.0] else { return };
        for (given, origin) in &parent.parameters {
            let is_identifier = matches!(
                origin,
                ParameterOrigin::Item { .. }
                    | ParameterOrigin::Input { .. }
                    | ParameterOrigin::Enumeration(_)
            );
            let same = self.service.operations[index].parameters.iter().find(|own| {
                own.identifier.whole == given.identifier.whole
                    && own.shape == given.shape
                    && own.is_list == given.is_list
            });
            let is_omitted = |own: &&RequestParameter<'_>| self.needs[index].omitted.contains(&own.path);
            let same = same.filter(|own| !is_omitted(own));
            let Some(same) = same.filter(|own| is_identifier && !own.identifier.is_generic()) else {
                continue;
            };
            if !parameters
                .iter()
                .any(|(parameter, _)| parameter.path == same.path || parameter.path.starts_with(&same.path))
            {
                let parameter = given.path.iter().map(|&name| name.into()).collect();
                parameters.push((same.clone(), ParameterOrigin::Input { levels: 1, parameter }));
            }
        }
    }
}

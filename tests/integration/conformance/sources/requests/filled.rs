//! Responses that are made from the shapes, in which every value occurs once in the whole run.

use aws_auto_inventory::model::catalog::{
    Function, Location, MemberPath, NextPage, Service, ShapeKind, ShapeReference, Structure,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::wanted::{WantedMembers, join};

/// The deepest members that no call needs.
const DEEPEST: usize = 4;

/// The longest text, so that it can be a label of a host name.
const LONGEST: usize = 63;

/// What a response is made of.
pub(super) struct FilledResponse<'model> {
    pub(super) function: &'model Function,
    pub(super) wanted: &'model WantedMembers,
    /// The number of elements of lists that calls need.
    pub(super) elements: usize,
    /// The number of the call: which member of a union the response has.
    pub(super) turn: usize,
    /// The number of the last value.
    pub(super) number: &'model mut u32,
}

impl FilledResponse<'_> {
    /// Returns the members of the response, which has no further pages.
    pub(super) fn members(mut self) -> Map<String, Value> {
        let operation = self.function.operation();
        let service = self.function.service();
        let mut members = Map::new();
        let Some(output) = service.output(operation) else { return members };
        let turn = self.turn;
        for (index, member) in output.members.iter().enumerate() {
            let is_body = member.location == Location::Body;
            let is_sent = match output.payload.map(usize::from) {
                _ if *operation.method == *"HEAD" => !is_body,
                Some(payload) => payload == index || !is_body,
                None => true,
            };
            let value = match member.location {
                Location::StatusCode => Some(json!(200)),
                // These describe the body that the server sends.
                Location::Header if member.location_name().to_lowercase().starts_with("content-") => None,
                _ if is_sent => self.value(service, &member.reference, &member.name, 0, turn),
                _ => None,
            };
            members.extend(value.map(|value| (member.name.to_string(), value)));
        }
        self.end_pages(&mut members);
        members
    }

    /// Removes what indicates further pages.
    fn end_pages(&self, members: &mut Map<String, Value>) {
        let Some(pagination) = &self.function.operation().pagination else { return };
        let is_token = |path: &&MemberPath| !path.to_string().contains("[-1]");
        for path in pagination.output_tokens.iter().filter(is_token) {
            let _ = path.take(members);
        }
        if let Some(more) = pagination.more_results.as_ref().and_then(|path| path.entry(members)) {
            *more = json!(false);
        }
        if let NextPage::PageNumber { total } | NextPage::ItemOffset { total } = &pagination.turning
            && let Some(total) = total.entry(members)
        {
            *total = json!(0);
        }
    }

    /// Returns the value of a shape at a path; `None` for members that would be too deep. `turn` is the number of the
    /// element of a list, which decides about unions and texts.
    fn value(
        &mut self,
        service: &Service,
        reference: &ShapeReference,
        path: &str,
        depth: usize,
        turn: usize,
    ) -> Option<Value> {
        let is_wanted = self.wanted.contains(path);
        if depth > DEEPEST && !is_wanted {
            return None;
        }
        Some(match service.kind(reference.shape) {
            ShapeKind::Structure(structure) => self.structure(service, structure, path, depth + 1, turn),
            ShapeKind::List(list) => {
                let path = format!("{path}[]");
                let mut elements = if is_wanted { self.elements.max(self.wanted.elements(&path)) } else { 1 };
                if let ShapeKind::Structure(union) = service.kind(list.member.shape)
                    && union.union
                {
                    elements = elements.max(self.choices(union, &path).len());
                }
                let values = (0..elements)
                    .filter_map(|turn| self.value(service, &list.member, &path, depth + 1, turn));
                Value::Array(values.collect())
            }
            ShapeKind::Map(map) => {
                let elements = if is_wanted { self.elements } else { 1 };
                let mut entries = Map::new();
                for turn in 0..elements {
                    let key = self.text(&format!("{path}{{keys}}"), turn);
                    let value = self.value(service, &map.value, &format!("{path}[]"), depth + 1, turn);
                    entries.extend(value.map(|value| (key, value)));
                }
                Value::Object(entries)
            }
            ShapeKind::String if reference.json_value => json!({"key": self.text(path, turn)}),
            ShapeKind::String => Value::from(self.text(path, turn)),
            ShapeKind::Integer { .. } | ShapeKind::Long { .. } => json!(self.next()),
            ShapeKind::Float | ShapeKind::Double => json!(1.5),
            ShapeKind::Boolean => json!(false),
            ShapeKind::Timestamp => json!("2026-11-21T00:00:00+00:00"),
            ShapeKind::Blob => json!(STANDARD.encode(self.text(path, turn))),
            ShapeKind::Document => json!({"key": self.text(path, turn)}),
        })
    }

    fn structure(
        &mut self,
        service: &Service,
        structure: &Structure,
        path: &str,
        depth: usize,
        turn: usize,
    ) -> Value {
        let only = structure.union.then(|| self.choices(structure, path)).and_then(|choices| {
            let choice = turn.checked_rem(choices.len())?;
            choices.get(choice).copied()
        });
        let mut members = Map::new();
        for (index, member) in structure.members.iter().enumerate() {
            if member.wire_name().is_empty() || only.is_some_and(|only| only != index) {
                continue;
            }
            let path = join(path.to_owned(), &member.name);
            let value = self.value(service, &member.reference, &path, depth, turn);
            members.extend(value.map(|value| (member.name.to_string(), value)));
        }
        Value::Object(members)
    }

    /// Returns the members of a union that calls need, or the first one.
    fn choices(&self, union: &Structure, path: &str) -> Vec<usize> {
        let is_wanted = |name: &str| self.wanted.contains(&join(path.to_owned(), name));
        let wanted = union.members.iter().enumerate().filter(|(_, member)| is_wanted(&member.name));
        let wanted: Vec<usize> = wanted.map(|(index, _)| index).collect();
        if wanted.is_empty() { vec![0] } else { wanted }
    }

    /// Returns a text that occurs nowhere else, with its origin, or one that meets a condition.
    fn text(&mut self, path: &str, turn: usize) -> String {
        let texts = self.wanted.texts(path);
        if !texts.is_empty() {
            return texts[turn % texts.len()].clone();
        }
        let name = path.trim_end_matches("[]").rsplit('.').next().unwrap_or_default().to_lowercase();
        let origin = format!("{}-{name}", self.function.name())
            .replace(|mark: char| !mark.is_ascii_alphanumeric(), "-");
        let number = self.next().to_string();
        let text = format!("{}-{number}", &origin[..origin.len().min(LONGEST - 1 - number.len())]);
        if name.ends_with("arn") || name.ends_with("arns") {
            let service = self.function.service();
            let region = if service.global { "" } else { "us-east-1" };
            let noun = self.function.name().split_once('_').map_or("", |(_, noun)| noun);
            let kind = noun.trim_end_matches('s').replace('_', "-");
            format!("arn:aws:{}:{region}:123456789012:{kind}/{text}", service.signing_name)
        } else {
            text
        }
    }

    fn next(&mut self) -> u32 {
        *self.number += 1;
        *self.number
    }
}

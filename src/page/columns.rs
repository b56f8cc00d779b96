//! The columns of a table: which fields of a resource are in its row, beside its id, ARN, name and tags.
//!
//! Kinds that were looked through have theirs in the table `reviewed`. Others have the first texts, numbers and
//! flags that their resources show, and state, type and time where members are called so.

use serde_json::Value;

use super::reviewed::{Reviewed, reviewed};

/// The most columns that are found by the rules.
const FOUND: usize = 5;
/// The most characters of a cell. The whole value is in the resource's own JSON.
const LONGEST: usize = 300;
/// What follows where a text was cut.
const CUT: char = '…';

/// How AWS's members are called that say since when there is something.
const CREATED: [&str; 10] = [
    "creationdate",
    "createdate",
    "createddate",
    "creationtime",
    "createdtime",
    "createtime",
    "createdat",
    "creationdatetime",
    "creationtimestamp",
    "launchtime",
];

/// The fields of a row.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Fields {
    pub(super) state: Value,
    pub(super) type_of: Value,
    pub(super) created: Value,
    /// The other columns, in their order.
    pub(super) others: Vec<Value>,
}

/// The columns of one kind of resource.
#[derive(Debug)]
pub(super) struct Columns {
    kind: String,
    reviewed: Option<&'static Reviewed>,
    /// The members that the rules have found so far.
    found: Vec<String>,
}

impl Columns {
    pub(super) fn new(service: &str, kind: &str) -> Self {
        Self { kind: squashed(kind), reviewed: reviewed(service, kind), found: Vec::new() }
    }

    /// The titles of the columns that not every table has.
    pub(super) fn titles(&self) -> Vec<&str> {
        match self.reviewed {
            Some(row) => row.others.iter().map(|(title, _)| *title).collect(),
            None => self.found.iter().map(String::as_str).collect(),
        }
    }

    /// The fields of a resource. `known` are the values that the row has already: id, ARN and name.
    pub(super) fn fields(&mut self, raw: &Value, known: &[Option<&str>]) -> Fields {
        match self.reviewed {
            Some(row) => self.of_row(row, raw),
            None => self.of_rules(raw, known),
        }
    }

    fn of_row(&self, row: &Reviewed, raw: &Value) -> Fields {
        let field = |path: &str, rule: Rule| match path {
            "" => self.member(raw, rule).map(|(_, value)| value).unwrap_or_default(),
            path => at(raw, path),
        };
        Fields {
            state: field(row.state, Rule::State),
            type_of: field(row.type_of, Rule::Type),
            created: field(row.created, Rule::Created),
            others: row.others.iter().map(|(_, path)| at(raw, path)).collect(),
        }
    }

    fn of_rules(&mut self, raw: &Value, known: &[Option<&str>]) -> Fields {
        let [state, type_of, created] =
            [Rule::State, Rule::Type, Rule::Created].map(|rule| self.member(raw, rule));
        let taken: Vec<&str> =
            [&state, &type_of, &created].into_iter().flatten().map(|(name, _)| *name).collect();
        for (name, value) in raw.as_object().into_iter().flatten() {
            let is_new = !taken.contains(&name.as_str()) && !self.found.contains(name);
            let is_known = value.as_str().is_some_and(|text| known.contains(&Some(text)));
            if self.found.len() < FOUND && is_new && !is_known && is_scalar(value) {
                self.found.push(name.clone());
            }
        }
        let value = |found: Option<(&str, Value)>| found.map(|(_, value)| value).unwrap_or_default();
        Fields {
            others: self.found.iter().map(|name| raw.get(name).map(cell).unwrap_or_default()).collect(),
            state: value(state),
            type_of: value(type_of),
            created: value(created),
        }
    }

    /// The member of a resource that a rule means, and its value.
    fn member<'raw>(&self, raw: &'raw Value, rule: Rule) -> Option<(&'raw str, Value)> {
        let members = raw.as_object()?;
        members.iter().find_map(|(name, value)| {
            let squashed = squashed(name);
            if !rule.means(squashed.strip_prefix(&self.kind).unwrap_or(&squashed)) {
                return None;
            }
            let value = match value {
                Value::Object(inner) => {
                    ["Name", "Code", "State", "Status"].iter().find_map(|name| inner.get(*name))?
                }
                value => value,
            };
            value.is_string().then(|| (name.as_str(), cell(value)))
        })
    }
}

/// What a column that every table has is about.
#[derive(Clone, Copy)]
enum Rule {
    State,
    Type,
    Created,
}

impl Rule {
    /// Whether a member of this name is about it; the kind's own name is not part of the name.
    fn means(self, name: &str) -> bool {
        match self {
            Self::State => ["state", "status", "lifecyclestate"].contains(&name),
            Self::Type => {
                ["type", "class", "instancetype", "instanceclass", "nodetype", "engine"].contains(&name)
            }
            Self::Created => CREATED.contains(&name),
        }
    }
}

/// The value at a path of the table `reviewed`.
fn at(raw: &Value, path: &str) -> Value {
    if let Some(path) = path.strip_prefix('#') {
        let list = path.split('.').try_fold(raw, |value, member| value.get(member));
        return list.and_then(Value::as_array).map(|entries| entries.len().into()).unwrap_or_default();
    }
    let mut values = vec![raw];
    for member in path.split('.') {
        let (member, is_list) = member.strip_suffix("[]").map_or((member, false), |member| (member, true));
        let found = values.into_iter().filter_map(|value| value.get(member));
        values =
            if is_list { found.filter_map(Value::as_array).flatten().collect() } else { found.collect() };
    }
    match values.as_slice() {
        [] => Value::Null,
        [value] => cell(value),
        several => {
            let texts: Vec<String> = several.iter().map(|value| plain(value)).collect();
            cut(&texts.join(", ")).into()
        }
    }
}

fn is_scalar(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty(),
        Value::Number(_) | Value::Bool(_) => true,
        _ => false,
    }
}

/// A value as a cell has it.
fn cell(value: &Value) -> Value {
    match value {
        Value::String(text) => cut(text).into(),
        Value::Array(_) | Value::Object(_) => cut(&value.to_string()).into(),
        value => value.clone(),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}{CUT}", &text[..end]),
        None => text.to_owned(),
    }
}

/// A name without what differs between AWS's ways to write it.
fn squashed(name: &str) -> String {
    name.chars().filter(|letter| *letter != '_').map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Columns, Fields, LONGEST, squashed};
    use crate::catalog::{Catalog, Function, Service, ShapeId, ShapeKind};
    use crate::page::reviewed::REVIEWED;

    #[test]
    fn a_reviewed_kind_has_the_columns_of_its_row() {
        let mut columns = Columns::new("ec2", "volume");
        let volume = json!({
            "VolumeId": "vol-1", "State": "in-use", "VolumeType": "gp3", "Size": 8, "Encrypted": true,
            "CreateTime": "2026-01-01T00:00:00+00:00",
            "Attachments": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}],
        });
        assert_eq!(columns.titles()[..4], ["GiB", "IOPS", "Encrypted", "Attached to"]);
        let Fields { state, type_of, created, others } = columns.fields(&volume, &[]);
        assert_eq!([state, type_of, created], ["in-use", "gp3", "2026-01-01T00:00:00+00:00"]);
        assert_eq!(others[..4], [json!(8), Value::Null, json!(true), json!("i-1, i-2")]);
    }

    #[test]
    fn what_is_counted_is_a_number() {
        let group = json!({"GroupId": "sg-1", "IpPermissions": [{}, {}], "IpPermissionsEgress": []});
        let fields = Columns::new("ec2", "security_group").fields(&group, &[]);
        assert_eq!(fields.others[1..3], [json!(2), json!(0)]);
    }

    #[test]
    fn a_kind_that_nobody_has_looked_at_shows_what_its_members_are_called() {
        let mut columns = Columns::new("any", "thing");
        let first = json!({
            "ThingId": "t-1", "ThingStatus": {"Code": "active"}, "Class": "large", "CreatedAt": "2026-01-01",
            "Region": "eu", "Parts": [1], "Weight": 3, "Empty": "",
        });
        let fields = columns.fields(&first, &[Some("t-1")]);
        assert_eq!([&fields.state, &fields.type_of, &fields.created], ["active", "large", "2026-01-01"]);
        assert_eq!(columns.titles(), ["Region", "Weight"]);
        assert_eq!(fields.others, [json!("eu"), json!(3)]);
        let fields = columns.fields(&json!({"ThingId": "t-2", "Colour": "red", "Weight": 4}), &[Some("t-2")]);
        assert_eq!(columns.titles(), ["Region", "Weight", "Colour"]);
        assert_eq!(fields.others, [Value::Null, json!(4), json!("red")]);
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        let role = json!({"RoleName": "r", "Description": "é".repeat(2 * LONGEST)});
        let fields = Columns::new("iam", "role").fields(&role, &[]);
        let description = fields.others[3].as_str().expect("a text");
        assert_eq!(description.chars().count(), LONGEST + 1);
        assert!(description.ends_with('…'));
    }

    #[test]
    fn what_is_no_object_has_no_fields() {
        for raw in [json!("orders"), json!(["a"]), Value::Null] {
            assert_eq!(Columns::new("dynamodb", "other").fields(&raw, &[]), Fields::default());
        }
    }

    /// Whether a shape, or one below it, is a structure that has all of these members.
    fn has_paths(service: &Service, shape: ShapeId, paths: &[&str], depth: usize) -> bool {
        let has = |path: &&str| leads(service, shape, path.trim_start_matches('#'));
        if paths.iter().all(has) {
            return true;
        }
        let below = |shape| depth > 0 && has_paths(service, shape, paths, depth - 1);
        match service.kind(shape) {
            ShapeKind::List(_) => element(service, shape).is_some_and(below),
            _ => service.structure(shape).is_some_and(|structure| {
                structure.members.iter().any(|member| below(member.reference.shape))
            }),
        }
    }

    fn element(service: &Service, shape: ShapeId) -> Option<ShapeId> {
        match service.kind(shape) {
            ShapeKind::List(list) => Some(list.member.shape),
            _ => None,
        }
    }

    fn leads(service: &Service, shape: ShapeId, path: &str) -> bool {
        path.split('.')
            .try_fold(shape, |shape, part| {
                let (name, is_list) = part.strip_suffix("[]").map_or((part, false), |name| (name, true));
                let structure = service.structure(shape)?;
                let member = structure.members.iter().find(|member| *member.name == *name)?;
                if is_list { element(service, member.reference.shape) } else { Some(member.reference.shape) }
            })
            .is_some()
    }

    #[test]
    fn every_field_of_the_table_is_one_of_the_models() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        for row in REVIEWED {
            let service = catalog.service(row.service).expect("loads").expect("the service exists");
            let mut paths: Vec<&str> = row.others.iter().map(|(_, path)| *path).collect();
            paths.extend([row.state, row.type_of, row.created].into_iter().filter(|path| !path.is_empty()));
            let answers = Function::all(&service).filter_map(|function| function.operation().output.clone());
            let mut answers = answers.filter(|output| has_paths(&service, output.shape, &paths, 4));
            assert!(answers.next().is_some(), "no answer of {} has all of {paths:?}", row.service);
        }
    }

    #[test]
    fn every_kind_of_the_table_is_what_a_function_answers() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        for row in REVIEWED {
            let service = catalog.service(row.service).expect("loads").expect("the service exists");
            // "policy" is in "list_policies" but for its last letter.
            let stem = &row.kind[..row.kind.len() - 1];
            let is_asked_for = |function: Function| {
                let output =
                    function.operation().output.as_ref().and_then(|output| service.structure(output.shape));
                let mut members = output.into_iter().flat_map(|structure| &structure.members);
                function.name().contains(stem)
                    || members.any(|member| squashed(&member.name).contains(&squashed(stem)))
            };
            assert!(Function::all(&service).any(is_asked_for), "{} answers no {}", row.service, row.kind);
        }
    }

    #[test]
    fn the_table_is_sorted_and_has_every_kind_once() {
        let keys: Vec<_> = REVIEWED.iter().map(|row| (row.service, row.kind)).collect();
        assert!(keys.is_sorted_by(|one, other| one < other), "{keys:?}");
    }
}

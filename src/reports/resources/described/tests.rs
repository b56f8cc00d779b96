//! Every listed resource is reported once, described or not, even if others have the same name.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::may_be_about;
use crate::model::catalog::Catalog;
use crate::plan::redaction::REDACTED;
use crate::reports::resources::samples::SampleRun;

/// The outcome of the description of one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Described,
    /// Denied, deleted in between, or not configured: there is no response for it.
    NotDescribed,
    /// An empty response.
    Empty,
}

/// Parents, and the children of each: a name and its fate.
type Tree = Vec<(String, Vec<(String, Fate)>)>;

/// The form of a spec and of its responses.
#[derive(Clone, Copy, Debug)]
enum SpecShape {
    /// The filter joins parent and name; keys are kept.
    Key,
    /// Complete responses are kept.
    Whole,
    /// A filter makes the list, so the derived items are unknown.
    Filter,
    /// One call is made for all names of a parent, which the filter puts together.
    Batch,
    /// Calls are made for two items at once.
    ItemBatch,
    /// The list has objects.
    Objects,
}

impl SpecShape {
    fn spec(self) -> Value {
        let (lists, describes, over) = match self {
            Self::Key => (json!("nodegroups"), json!("nodegroup"), ".nodegroups[] | {c: $item, n: .}"),
            Self::Whole => (json!(null), json!(null), ".nodegroups[] | {c: $item, n: .}"),
            Self::Filter => (json!(".nodegroups[]"), json!("nodegroup"), ".nodegroups[] | {c: $item, n: .}"),
            Self::Batch => return batch_spec(),
            Self::ItemBatch => return item_batch_spec(),
            Self::Objects => return objects_spec(),
        };
        let mut list = json!({"over": ".clusters[]", "function": "list_nodegroups",
            "parameters": {"clusterName": "{.}"}});
        let mut describe = json!({"over": over, "function": "describe_nodegroup",
            "parameters": {"clusterName": "{.c}", "nodegroupName": "{.n}"}});
        if !lists.is_null() {
            list["result_key"] = lists;
            describe["result_key"] = describes;
        }
        list["each"] = json!([describe]);
        json!([{"service": "eks", "function": "list_clusters", "result_key": "clusters", "each": [list]}])
    }

    /// The results of a tree: those of the lists, and those of the descriptions.
    fn files(self, tree: &Tree) -> Vec<(&'static str, &'static str, Value)> {
        let parents: Vec<&String> = tree.iter().map(|(parent, _)| parent).collect();
        let (mut lists, mut descriptions) = (Vec::new(), Vec::new());
        for (parent, children) in tree {
            let names: Vec<Value> = children.iter().map(|(name, _)| self.listed(parent, name)).collect();
            lists.push(json!({"item": parent, "result": self.list(&json!(names))}));
            if matches!(self, Self::Batch) {
                let described = children.iter().filter(|(_, fate)| *fate == Fate::Described);
                let described: Vec<Value> = described.map(|(name, _)| self.described(parent, name)).collect();
                let all: Vec<&String> = children.iter().map(|(name, _)| name).collect();
                descriptions.push(json!({"item": {"c": parent, "all": all}, "result": described}));
                continue;
            }
            if matches!(self, Self::ItemBatch) {
                for children in children.chunks(2) {
                    let items: Vec<Value> =
                        children.iter().map(|(name, _)| json!({"c": parent, "n": name})).collect();
                    let described = children.iter().filter(|(_, fate)| *fate == Fate::Described);
                    let described: Vec<Value> =
                        described.map(|(name, _)| self.described(parent, name)).collect();
                    descriptions.push(json!({"item": items, "result": described}));
                }
                continue;
            }
            for (name, fate) in children {
                let item = json!({"c": parent, "n": name});
                match fate {
                    Fate::Described => {
                        descriptions.push(json!({"item": item, "result": self.described(parent, name)}));
                    }
                    Fate::Empty => descriptions.push(json!({"item": item, "result": {}})),
                    Fate::NotDescribed => {}
                }
            }
        }
        match self {
            Self::Key | Self::Whole | Self::Filter => vec![
                ("eks", "list_clusters", json!(parents)),
                ("eks", "list_nodegroups", json!(lists)),
                ("eks", "describe_nodegroup", json!(descriptions)),
            ],
            Self::Batch | Self::ItemBatch => vec![
                ("ecs", "list_clusters", json!(parents)),
                ("ecs", "list_services", json!(lists)),
                ("ecs", "describe_services", json!(descriptions)),
            ],
            Self::Objects => {
                let parents: Vec<Value> = parents.iter().map(|name| json!({"Name": name})).collect();
                vec![
                    ("glue", "get_databases", json!(parents)),
                    ("glue", "get_tables", json!(lists)),
                    ("glue", "get_table", json!(descriptions)),
                ]
            }
        }
    }

    fn list(self, names: &Value) -> Value {
        if matches!(self, Self::Whole) { json!({"nodegroups": names}) } else { names.clone() }
    }

    fn listed(self, parent: &str, name: &str) -> Value {
        match self {
            Self::Objects => json!({"Name": name, "DatabaseName": parent}),
            _ => json!(name),
        }
    }

    fn described(self, parent: &str, name: &str) -> Value {
        match self {
            Self::Whole => json!({"nodegroup": {"nodegroupName": name, "clusterName": parent}}),
            Self::Batch | Self::ItemBatch => {
                json!({"serviceName": name, "clusterArn": format!("arn:aws:ecs:::cluster/{parent}")})
            }
            Self::Objects => json!({"Name": name, "DatabaseName": parent, "CreatedBy": "me"}),
            _ => json!({"nodegroupName": name, "clusterName": parent}),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Batch | Self::ItemBatch => "service",
            Self::Objects => "table",
            _ => "nodegroup",
        }
    }

    /// The parent and the name of a described resource.
    fn read(self, raw: &Value) -> (String, String) {
        let (parent, name) = match self {
            Self::Batch | Self::ItemBatch => ("clusterArn", "serviceName"),
            Self::Objects => ("DatabaseName", "Name"),
            _ => ("clusterName", "nodegroupName"),
        };
        let text = |member: &str| raw[member].as_str().expect("a text").to_owned();
        let parent = text(parent);
        (parent.trim_start_matches("arn:aws:ecs:::cluster/").to_owned(), text(name))
    }
}

fn batch_spec() -> Value {
    json!([{"service": "ecs", "function": "list_clusters", "result_key": "clusterArns", "each": [{
        "over": ".clusterArns[]", "function": "list_services", "result_key": "serviceArns",
        "parameters": {"cluster": "{.}"}, "each": [{
            "over": ".serviceArns as $all | {c: $item, all: $all}", "function": "describe_services",
            "result_key": "services", "parameters": {"cluster": "{.c}", "services": "{.all}"}}]}]}])
}

fn item_batch_spec() -> Value {
    json!([{"service": "ecs", "function": "list_clusters", "result_key": "clusterArns", "each": [{
        "over": ".clusterArns[]", "function": "list_services", "result_key": "serviceArns",
        "parameters": {"cluster": "{.}"}, "each": [{
            "over": ".serviceArns[] | {c: $item, n: .}", "batch": 2, "function": "describe_services",
            "result_key": "services", "parameters": {"cluster": "{.c}", "services": "{.n}"}}]}]}])
}

fn objects_spec() -> Value {
    json!([{"service": "glue", "function": "get_databases", "result_key": "DatabaseList", "each": [{
        "over": ".DatabaseList[].Name", "function": "get_tables", "result_key": "TableList",
        "parameters": {"DatabaseName": "{.}"}, "each": [{
            "over": ".TableList[] | {c: $item, n: .Name}", "function": "get_table",
            "result_key": "Table", "parameters": {"DatabaseName": "{.c}", "Name": "{.n}"}}]}]}])
}

/// Counts each resource: parent, name, and whether it is described.
type Occurrences = BTreeMap<(String, String, bool), usize>;

fn expected(tree: &Tree) -> Occurrences {
    let mut counts = Occurrences::new();
    for (parent, children) in tree {
        for (name, fate) in children {
            *counts.entry((parent.clone(), name.clone(), *fate == Fate::Described)).or_default() += 1;
        }
    }
    counts
}

fn found(catalog: &Catalog, shape: SpecShape, tree: &Tree) -> Occurrences {
    let run = SampleRun::new(catalog, &shape.spec(), &shape.files(tree), &[]);
    let mut counts = Occurrences::new();
    let rows = run.each(|found| {
        let resource = &found.resource;
        let is_described = resource.function.starts_with("describe_") || resource.function == "get_table";
        (resource.kind == shape.kind()).then(|| {
            let (parent, name) = match resource.raw.as_str() {
                Some(name) => (found.for_item.as_str().expect("a parent").to_owned(), name.to_owned()),
                None => shape.read(&resource.raw),
            };
            (parent, name, is_described)
        })
    });
    for row in rows.into_iter().flatten() {
        *counts.entry(row).or_default() += 1;
    }
    counts
}

/// Trees with many equal names, including those of parents and children.
fn any_tree() -> impl Strategy<Value = Tree> {
    let names = || prop::sample::subsequence(vec!["a", "b", "default", "a-b", "a/b"], 0..=5);
    let fates = || {
        prop::collection::vec(
            prop_oneof![Just(Fate::Described), Just(Fate::NotDescribed), Just(Fate::Empty)],
            5,
        )
    };
    (names(), prop::collection::vec((names(), fates()), 5)).prop_map(|(parents, children)| {
        let below = |(names, fates): (Vec<&str>, Vec<Fate>)| {
            names.into_iter().map(str::to_owned).zip(fates).collect::<Vec<_>>()
        };
        parents.into_iter().map(str::to_owned).zip(children.into_iter().map(below)).collect()
    })
}

#[test]
fn everything_that_is_listed_is_there_once() {
    let catalog = Catalog::embedded().expect("a catalog");
    for shape in [
        SpecShape::Key,
        SpecShape::Whole,
        SpecShape::Filter,
        SpecShape::Batch,
        SpecShape::ItemBatch,
        SpecShape::Objects,
    ] {
        let config = ProptestConfig { cases: 60, ..ProptestConfig::default() };
        let mut runner = proptest::test_runner::TestRunner::new(config);
        let outcome = runner.run(&any_tree(), |tree| {
            prop_assert_eq!(found(&catalog, shape, &tree), expected(&tree), "{:?}", shape);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{shape:?}: {error}"));
    }
}

#[test]
fn redacted_names_are_counted_and_hide_nothing() {
    let catalog = Catalog::embedded().expect("a catalog");
    let of = |names: usize, described: usize| {
        let fate = |index| if index < described { Fate::Described } else { Fate::NotDescribed };
        (0..names).map(|index| (REDACTED.to_owned(), fate(index))).collect::<Vec<_>>()
    };
    for shape in [SpecShape::Key, SpecShape::Whole, SpecShape::Objects] {
        let tree: Tree =
            vec![("a".to_owned(), of(3, 1)), ("b".to_owned(), of(2, 0)), ("c".to_owned(), of(2, 2))];
        assert_eq!(found(&catalog, shape, &tree), expected(&tree), "{shape:?}");
    }
}

#[test]
fn a_redacted_name_leaves_the_arn() {
    let catalog = Catalog::embedded().expect("a catalog");
    let spec = json!([{"service": "bedrock-data-automation", "function": "list_data_automation_projects",
        "result_key": "projects", "each": [{"over": ".projects[]", "function": "get_data_automation_project",
            "parameters": {"projectArn": "{.projectArn}"}, "result_key": "project"}]}]);
    let project = |name: &str| json!({"projectArn": format!("arn:aws:bedrock:::project/{name}"), "projectName": REDACTED});
    let files = [
        ("bedrock-data-automation", "list_data_automation_projects", json!([project("one"), project("two")])),
        (
            "bedrock-data-automation",
            "get_data_automation_project",
            json!([{"item": project("one"), "result": project("one")}]),
        ),
    ];
    let run = SampleRun::new(&catalog, &spec, &files, &[]);
    let rows = run.each(|found| {
        let resource = &found.resource;
        (resource.function.to_owned(), resource.id.clone(), resource.arn.clone(), resource.name.clone())
    });
    let arn = |name: &str| Some(format!("arn:aws:bedrock:::project/{name}"));
    assert_eq!(
        rows,
        [
            ("list_data_automation_projects".to_owned(), arn("two"), arn("two"), None),
            ("get_data_automation_project".to_owned(), arn("one"), arn("one"), None),
        ]
    );
}

#[test]
fn resource_with_redacted_id_does_not_take_parents_id() {
    let catalog = Catalog::embedded().expect("a catalog");
    let spec = json!([{"service": "appsync", "function": "list_graphql_apis", "result_key": "graphqlApis",
        "each": [{"over": ".graphqlApis[].apiId", "function": "list_api_keys", "result_key": "apiKeys",
            "parameters": {"apiId": "{.}"}}]}]);
    let files = [
        ("appsync", "list_graphql_apis", json!([{"apiId": "api-1", "name": "shop"}])),
        (
            "appsync",
            "list_api_keys",
            json!([{"item": "api-1", "result": [
            {"id": REDACTED, "description": "ci"}, {"id": "da2-shown", "description": "web"}]}]),
        ),
    ];
    let run = SampleRun::new(&catalog, &spec, &files, &[]);
    let ids = run.each(|found| (found.resource.kind == "api_key").then(|| found.resource.id.clone()));
    let ids: Vec<_> = ids.into_iter().flatten().collect();
    assert_eq!(ids, [None, Some("da2-shown".to_owned())]);
}

#[test]
fn a_question_names_the_parent_or_nothing_else() {
    let about = |for_item: Value, parent: Value| may_be_about(&for_item, &json!("default"), &parent);
    assert!(about(json!({"c": "prod", "n": "default"}), json!("prod")));
    assert!(!about(json!({"c": "prod", "n": "default"}), json!("dev")));
    assert!(
        !about(json!({"c": "prod", "n": "default"}), json!("default")),
        "its own name is not that of its parent"
    );
    assert!(about(json!({"c": "default", "n": "default"}), json!("default")));
    assert!(about(json!("default"), json!("dev")), "nothing but itself");
    assert!(about(json!("arn:aws:eks:::nodegroup/prod/default/1"), json!("prod")));
    assert!(about(json!({"c": "prod", "n": "default"}), json!({"Arn": "arn:aws:eks:::cluster/prod"})));
    assert!(about(json!({"c": "prod", "n": "default"}), json!(null)), "it was listed for nothing");
}

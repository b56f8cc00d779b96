//! Two resources of each of some ninety kinds on moto: an export has the type, ID, ARN, name and tags that the
//! responses to boto3 and AWS's documentation have.
//!
//! `tests/moto/kinds.py` makes the resources, and returns what is expected. The table of all of them is the snapshot
//! in `tests/integration/conformance/snapshots`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::sandbox::{Answer, Moto, Question, Sandbox};

/// Lists every kind that is made, with the calls that return tags and descriptions.
const SPEC: &str = include_str!("identities/spec.json");
const REGION: &str = "eu-central-1";
const ACCOUNT: &str = "111111111111";
/// The fields of an identity.
const FIELDS: [&str; 5] = ["type", "id", "arn", "name", "tags"];

/// Fields that are reported otherwise, mostly because moto does not respond as AWS does: service, kind, field, what
/// is reported, why.
const REVIEWED: &[(&str, &str, &str, &str, &str)] = &[
    ("backup", "backup_vault", "type", "null", "moto's ListBackupVaults has no VaultType"),
    ("iam", "saml_provider", "tags", "null", "moto's GetSAMLProvider has no tags"),
    ("iam", "server_certificate", "tags", "null", "moto keeps no tags of server certificates"),
    ("iam", "virtual_mfa_device", "tags", "null", "moto has no ListMFADeviceTags"),
];

/// Kinds without a type, and why.
const WITHOUT_TYPE: &[(&str, &str, &str)] = &[
    ("ec2", "image", "CloudFormation cannot create images; `AWS::ImageBuilder::Image` is a build of one"),
    ("ec2", "snapshot", "CloudFormation cannot create snapshots of volumes"),
];

/// What was made, and what the program reports of it.
pub(super) struct Identities {
    /// The resources that were made, each with the row of the export that has it.
    resources: Vec<(Value, Value)>,
    /// The links between them.
    pub(super) links: Vec<Value>,
    /// The comparison with the tagging API, after more resources were made.
    pub(super) reconciled: Value,
    /// The differences that it found.
    pub(super) differences: Vec<Value>,
}

impl Identities {
    pub(super) fn shared() -> &'static Self {
        static SHARED: OnceLock<Identities> = OnceLock::new();
        SHARED.get_or_init(Self::new)
    }

    /// The ARNs of the rows of what was made.
    pub(super) fn arns(&self) -> impl Iterator<Item = &str> {
        self.resources.iter().filter_map(|(_, row)| row["arn"].as_str())
    }

    fn new() -> Self {
        let mut moto = Moto::empty();
        let made = moto.ask("kinds.py", &[]);
        moto.organization = serde_json::from_value(made.clone()).expect("an organization");
        let text = |name: &str| made[name].as_str().expect("a text").to_owned();
        let sandbox = Sandbox::new()
            .aws(&moto.endpoint, &text("access_key_id"), &text("secret_access_key"))
            .file("spec.json", SPEC);
        sandbox
            .run(["-s", "spec.json", "--regions", REGION, "-o", "output", "--run-name", "run"])
            .expect_exit(0);
        sandbox
            .run(["export", "output/run", "--format", "ndjson", "--output", "resources.ndjson"])
            .expect_exit(0);
        let values = |lines: &str| -> Vec<Value> {
            lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
        };
        let rows = values(&std::fs::read_to_string(sandbox.path("resources.ndjson")).expect("an export"));
        let links = sandbox.run(["links", "output/run", "--format", "json"]);
        links.expect_exit(0);
        for answer in moto.truth(&later()) {
            assert!(matches!(answer, Answer::Answer(_)), "a resource is not made: {answer:?}");
        }
        let reconciled = sandbox.run(["reconcile", "output/run", "--with", "tagging", "--format", "json"]);
        reconciled.expect_exit(4);
        let differences = sandbox.path("output/run/witnesses/differences.ndjson");
        let made = made["made"].as_array().expect("a list").iter();
        Self {
            resources: made.map(|made| (made.clone(), row_of(made, &rows).clone())).collect(),
            links: values(&links.stdout),
            reconciled: serde_json::from_str(&reconciled.stdout).expect("a summary"),
            differences: values(&std::fs::read_to_string(differences).expect("differences")),
        }
    }
}

/// Returns the calls that make resources after the run: a queue, whose kind the run lists, and an application, whose kind
/// it does not.
fn later() -> Vec<Question> {
    let call = |service: &str, function: &str, parameters| Question {
        account: ACCOUNT.to_owned(),
        region: REGION.to_owned(),
        service: service.to_owned(),
        function: function.to_owned(),
        parameters,
    };
    vec![
        call("sqs", "create_queue", json!({"QueueName": "late", "tags": {"team": "shop"}})),
        call(
            "codedeploy",
            "create_application",
            json!({"applicationName": "late", "tags": [{"Key": "team", "Value": "shop"}]}),
        ),
    ]
}

/// Returns the row of a resource: the one with its ARN, or with its ID if its ARN is reported otherwise.
#[track_caller]
fn row_of<'rows>(made: &Value, rows: &'rows [Value]) -> &'rows Value {
    let of_kind =
        || rows.iter().filter(|row| row["service"] == made["service"] && row["kind"] == made["kind"]);
    let with =
        |field: &'static str| -> Vec<&Value> { of_kind().filter(|row| row[field] == made[field]).collect() };
    match (with("arn").as_slice(), with("id").as_slice()) {
        ([row], _) | ([], [row]) => row,
        (found, _) => panic!("{} rows for {made}, of {} of its kind", found.len(), of_kind().count()),
    }
}

fn kind_of(resource: &Value) -> (&str, &str) {
    let text = |name: &str| resource[name].as_str().expect("a text");
    (text("service"), text("kind"))
}

#[test]
fn identities_are_those_of_boto3_and_documentation() {
    let identities = &Identities::shared().resources;
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    for (made, row) in identities {
        let (service, kind) = kind_of(made);
        for field in FIELDS.into_iter().filter(|field| made[*field] != row[*field]) {
            let shown = row[field].to_string();
            if REVIEWED.iter().any(|(of, name, member, found, _)| {
                (*of, *name, *member) == (service, kind, field) && shown == *found
            }) {
                used.insert((service, kind, field));
            } else {
                let (expected, found) = (&made[field], &row[field]);
                problems.push(format!("{service} {kind} {field}: {found}, and not {expected}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let unused: Vec<_> = REVIEWED
        .iter()
        .filter(|(service, kind, field, ..)| !used.contains(&(*service, *kind, *field)))
        .collect();
    assert!(unused.is_empty(), "rows that are not needed: {unused:?}");
}

#[test]
fn kinds_have_two_resources_and_a_type_or_reason() {
    let identities = &Identities::shared().resources;
    let kinds: BTreeSet<_> = identities.iter().map(|(made, _)| kind_of(made)).collect();
    assert!(kinds.len() >= 90, "only {} kinds", kinds.len());
    for kind in &kinds {
        let rows: Vec<&Value> =
            identities.iter().filter(|(made, _)| kind_of(made) == *kind).map(|(_, row)| row).collect();
        assert_eq!(rows.len(), 2, "{kind:?}");
        let without = WITHOUT_TYPE.iter().map(|(service, name, _)| (*service, *name));
        let reviewed = REVIEWED.iter().filter(|(_, _, field, ..)| *field == "type");
        let has_reason =
            without.chain(reviewed.map(|(service, name, ..)| (*service, *name))).any(|row| row == *kind);
        assert!(rows.iter().all(|row| row["type"].is_null() == has_reason), "{kind:?}: {}", rows[0]["type"]);
    }
}

/// The table of all made resources, for reading: `service kind type`, and below it each resource.
#[test]
fn table_of_identities() {
    let mut rows: Vec<&Value> = Identities::shared().resources.iter().map(|(_, row)| row).collect();
    rows.sort_by_key(|row| kind_of(row));
    let mut table = String::new();
    let mut last = None;
    for row in rows {
        let kind = kind_of(row);
        if last.replace(kind) != Some(kind) {
            let _ = writeln!(table, "{} {} {}", kind.0, kind.1, row["type"].as_str().unwrap_or("(no type)"));
        }
        let _ = writeln!(table, "    id   {}\n    arn  {}", row["id"], row["arn"]);
        let _ = writeln!(table, "    name {}, tags {}", row["name"], row["tags"]);
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    for (pattern, replacement) in RANDOM {
        settings.add_filter(pattern, *replacement);
    }
    settings.bind(|| insta::assert_snapshot!("identities", table));
}

/// Random parts of IDs and ARNs: pattern, replacement.
const RANDOM: &[(&str, &str)] = &[
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>"),
    (r"127\.0\.0\.1:[0-9]+", "<host>"),
    (r#"\b([a-z]+)-[0-9a-f]{8,17}""#, r#"${1}-<hex>""#),
    (r"/[0-9a-f]{16}\b", "/<hex>"),
    // IDs of IAM.
    (r#""([0-9a-z]{20}|A[A-Z0-9]{20})""#, r#""<id>""#),
    // Hosted zones and distributions.
    (r#"(zone/|distribution/|")[A-Z0-9]{13,22}""#, r#"${1}<id>""#),
    (r#"central-1_[0-9A-Za-z]+""#, r#"central-1_<id>""#),
    (r#"(/restapis/|/apis/|")[0-9a-z]{8,10}""#, r#"${1}<id>""#),
    (r#"(secret:\w+)-[0-9A-Za-z]{6}""#, r#"${1}-<id>""#),
];

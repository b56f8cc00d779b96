//! The files in `docs/deploy`: each is checked by the tool that will read it, has only what the program
//! understands, and needs no more rights than it uses.

mod files;
mod lambda;
pub(super) mod tools;

use serde_json::{Value, json};

use self::files::{documents, path, text};
use self::tools::{Tool, expect_clean, expect_refused};
use crate::sandbox::Sandbox;

const TEMPLATES: [&str; 4] =
    ["batch-array-job.yaml", "codebuild-project.yaml", "lambda-state-machine.yaml", "scheduled-task.yaml"];

#[test]
fn the_templates_are_what_cloudformation_takes() {
    for template in TEMPLATES {
        expect_clean(Tool::CfnLint, &text(template));
        expect_refused(
            Tool::CfnLint,
            &text(template).replace("Type: AWS::Logs::LogGroup", "Type: AWS::Logs::Group"),
        );
    }
}

#[test]
fn the_job_is_what_kubernetes_takes() {
    let job = text("kubernetes-job.yaml");
    expect_clean(Tool::KubernetesValidate, &job);
    expect_refused(Tool::KubernetesValidate, &job.replace("completionMode:", "completionMod:"));
}

#[test]
fn the_workflow_is_what_github_takes() {
    let workflow = text("github-workflow.yml");
    expect_clean(Tool::GithubWorkflow, &workflow);
    expect_clean(Tool::Actionlint, &workflow);
    expect_refused(Tool::Actionlint, &workflow.replace("matrix.shard", "matrix.shards"));
    expect_refused(Tool::GithubWorkflow, &workflow.replace("runs-on:", "runs-where:"));
}

#[test]
fn the_dockerfile_has_nothing_to_complain_about() {
    let dockerfile = text("Dockerfile");
    expect_clean(Tool::Hadolint, &dockerfile);
    expect_refused(Tool::Hadolint, &dockerfile.replace("WORKDIR /build", "WORKDIR build"));
}

#[test]
fn the_image_has_no_root_and_takes_nothing_that_is_not_locked() {
    let dockerfile = text("Dockerfile");
    let last = |word: &str| dockerfile.lines().rfind(|line| line.starts_with(word)).expect("such a line");
    assert!(last("USER ").split(' ').nth(1).is_some_and(|user| user != "root" && !user.starts_with('0')));
    assert!(last("RUN ").contains("--locked"));
    assert!(!dockerfile.contains(":latest"));
    let rust = env!("CARGO_PKG_RUST_VERSION");
    assert!(
        dockerfile.contains(&format!("ARG BUILDER=rust:{rust}-")),
        "the image has another Rust than {rust}"
    );
}

#[test]
fn the_units_are_what_systemd_takes() {
    let (service, timer) = (text("systemd/inventory.service"), text("systemd/inventory.timer"));
    files::expect_unit(&service, &["Unit", "Service"]);
    files::expect_unit(&timer, &["Unit", "Timer", "Install"]);
    assert_eq!(files::setting(&service, "Type"), "oneshot");
    assert_eq!(files::setting(&timer, "OnCalendar"), "Sun *-*-* 03:00:00");
    // Where systemd itself is installed, it has the last word.
    tools::systemd_verify(&[("inventory.service", &service), ("inventory.timer", &timer)]);
}

#[test]
fn the_crontab_has_five_times_a_user_and_a_command() {
    let crontab = text("crontab");
    let entries: Vec<&str> = crontab
        .lines()
        .filter(|line| line.starts_with(|letter: char| letter.is_ascii_digit() || letter == '*'))
        .collect();
    let [entry] = &entries[..] else { panic!("not one entry: {entries:?}") };
    let fields: Vec<&str> = entry.split_whitespace().collect();
    for (field, largest) in fields.iter().zip([59, 23, 31, 12, 7]) {
        assert!(*field == "*" || field.parse::<u32>().is_ok_and(|number| number <= largest), "{field}");
    }
    assert_eq!(fields[5], "inventory", "the user");
    assert!(!entry.contains('%'), "cron makes a line break of a per cent sign");
}

#[test]
fn every_command_is_one_that_the_program_understands() {
    let mut commands = vec![
        ("crontab", files::words_after(&text("crontab"), " scan ", "\n")),
        ("inventory.service", files::words_after(&text("systemd/inventory.service"), "/bin/scan ", "\n")),
        ("github-workflow.yml", files::words_after(&text("github-workflow.yml"), "\"$IMAGE\" ", "\"\n")),
    ];
    let job = pods();
    commands.push(("kubernetes-job.yaml", strings(&job["template"]["spec"]["containers"][0]["args"])));
    for template in ["batch-array-job.yaml", "scheduled-task.yaml"] {
        commands.push((template, files::command_of_template(&documents(template)[0])));
    }
    let codebuild = text("codebuild-project.yaml");
    commands.push(("codebuild-project.yaml", files::words_after(&codebuild, "./scan ", "\n\n")));
    let bootstrap = text("lambda/bootstrap");
    commands.push(("bootstrap", files::words_after(&bootstrap, "/scan\" ", " ||")));
    for (file, command) in commands {
        assert!(command.len() > 3, "{file}: {command:?}");
        // Credentials that do not exist: whatever is typed right gets as far as that.
        let run = Sandbox::new().run(&command);
        run.expect_exit(3).stderr_contains("credentials");
    }
}

#[test]
fn the_pods_are_as_many_as_the_shards() {
    let job = pods();
    let container = &job["template"]["spec"]["containers"][0];
    let variable = |name: &str| {
        let variables = container["env"].as_array().expect("a list");
        variables.iter().find(|variable| variable["name"] == name).expect("a variable").clone()
    };
    assert_eq!(job["completionMode"], "Indexed");
    assert_eq!(variable("SCAN_SHARD_COUNT")["value"], job["completions"].to_string());
    // Every job has another name, and all its pods the same ("Job", Kubernetes documentation).
    assert_eq!(
        variable("SCAN_RUN_NAME")["valueFrom"]["fieldRef"]["fieldPath"],
        "metadata.labels['batch.kubernetes.io/job-name']"
    );
    assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
    assert_eq!(job["template"]["spec"]["securityContext"]["runAsNonRoot"], true);
}

/// What the scheduled job of Kubernetes consists of.
fn pods() -> Value {
    let cron = documents("kubernetes-job.yaml").pop().expect("a document");
    assert_eq!(cron["kind"], "CronJob");
    cron["spec"]["jobTemplate"]["spec"].clone()
}

#[test]
fn a_start_that_fails_is_told_of() {
    for template in TEMPLATES {
        let document = &documents(template)[0];
        let target = &document["Resources"]["ScanSchedule"]["Properties"]["Target"];
        assert_eq!(target["RetryPolicy"]["MaximumRetryAttempts"], 2, "{template}");
        assert_eq!(
            target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"],
            json!(["MissedStarts", "Arn"]),
            "{template}"
        );
        let may_send = files::statements(document, "SchedulerRole")
            .iter()
            .any(|statement| statement["Action"] == "sqs:SendMessage");
        assert!(may_send, "{template}");
    }
}

#[test]
fn the_shards_of_a_workflow_are_all_there() {
    let workflow = &documents("github-workflow.yml")[0];
    let shards = &workflow["jobs"]["scan"]["strategy"]["matrix"]["shard"];
    let shards: Vec<u64> = shards.as_array().expect("a list").iter().filter_map(Value::as_u64).collect();
    assert_eq!(shards, (1..=shards.len() as u64).collect::<Vec<_>>());
    let run = &workflow["jobs"]["scan"]["steps"][2];
    assert!(run["env"]["SHARD"].as_str().expect("a text").ends_with(&format!("/{}", shards.len())));
    assert_eq!(workflow["jobs"]["scan"]["permissions"]["id-token"], "write");
    assert_eq!(workflow["permissions"], json!({"contents": "read"}));
}

#[test]
fn the_templates_allow_what_the_program_does_and_no_more() {
    for (template, role, more) in [
        ("batch-array-job.yaml", "JobRole", &[][..]),
        (
            "codebuild-project.yaml",
            "BuildRole",
            &["logs:CreateLogStream", "logs:PutLogEvents", "s3:GetObject"],
        ),
        ("lambda-state-machine.yaml", "FunctionRole", &["logs:CreateLogStream", "logs:PutLogEvents"]),
        ("scheduled-task.yaml", "TaskRole", &[]),
    ] {
        let document = &documents(template)[0];
        let statements = files::statements(document, role);
        let allowed: Vec<(String, Value)> = statements
            .iter()
            .flat_map(|statement| {
                let actions = strings_or_one(&statement["Action"]);
                actions.into_iter().map(|action| (action, statement["Resource"].clone()))
            })
            .collect();
        let mut actions: Vec<&str> = allowed.iter().map(|(action, _)| action.as_str()).collect();
        actions.sort_unstable();
        let mut wanted = [
            "kms:Decrypt",
            "kms:GenerateDataKey",
            "organizations:DescribeOrganization",
            "organizations:ListAccounts",
            "organizations:ListAccountsForParent",
            "organizations:ListOrganizationalUnitsForParent",
            "organizations:ListRoots",
            "organizations:ListTagsForResource",
            "s3:AbortMultipartUpload",
            "s3:GetObject",
            "s3:ListBucket",
            "s3:PutObject",
            "sts:AssumeRole",
            "tag:GetResources",
        ]
        .to_vec();
        wanted.extend(more);
        wanted.sort_unstable();
        assert_eq!(actions, wanted, "{template}");
        for (action, resource) in allowed {
            // Organizations knows no resource for its lists, and the tagging API none at all ("Actions, resources,
            // and condition keys for AWS Organizations", and "for Amazon Resource Group Tagging API", Service
            // Authorization Reference).
            let is_list = action.starts_with("organizations:") || action == "tag:GetResources";
            assert_eq!(resource == "*", is_list, "{template}: {action}");
        }
        let enters =
            statements.iter().find(|statement| statement["Action"] == "sts:AssumeRole").expect("one");
        assert_eq!(enters["Condition"]["StringEquals"]["aws:ResourceOrgID"]["Ref"], "OrganizationId");
    }
}

#[test]
fn every_file_is_told_of_in_the_page() {
    let page = std::fs::read_to_string(path("../scale.md")).expect("the page");
    for file in files::all() {
        assert!(page.contains(&format!("(deploy/{file})")), "docs/scale.md does not lead to deploy/{file}");
    }
}

/// A list of texts.
#[track_caller]
fn strings(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    list.iter().map(|word| word.as_str().expect("a text").to_owned()).collect()
}

fn strings_or_one(value: &Value) -> Vec<String> {
    value.as_str().map_or_else(|| strings(value), |one| vec![one.to_owned()])
}

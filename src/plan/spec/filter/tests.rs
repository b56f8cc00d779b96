//! Tests with filters as users write them.

use serde_json::{Value, json};

use super::JqFilter;

fn run(filter: &str, input: &Value) -> Vec<Value> {
    JqFilter::compile(filter).expect("a filter").run(input, &Value::Null).expect("outputs")
}

fn complaint(filter: &str) -> String {
    JqFilter::compile(filter).expect_err("no filter")
}

fn instances() -> Value {
    json!({"Reservations": [
        {"Instances": [
            {"InstanceId": "i-1", "State": {"Name": "running"}, "Cores": 4,
             "Tags": [{"Key": "Name", "Value": "web"}, {"Key": "managed_by_terraform", "Value": "yes"}]},
            {"InstanceId": "i-2", "State": {"Name": "stopped"}, "Cores": 2,
             "Tags": [{"Key": "Name", "Value": "batch"}]},
        ]},
        {"Instances": [
            {"InstanceId": "i-3", "State": {"Name": "running"}, "Cores": 2, "Tags": []},
        ]},
    ]})
}

#[test]
fn filters_of_users_specs_work() {
    let answer = instances();
    for (filter, outputs) in [
        (
            ".Reservations | .[] | .Instances | .[] | .Tags[]|select(.Key==\"Name\")|.Value",
            json!(["web", "batch"]),
        ),
        (
            ".Reservations|.[]|.Instances |.[]| select((.Tags[]|select(.Key==\"managed_by_terraform\"))) \
          | (.Tags[]|select(.Key==\"Name\")|.Value)",
            json!(["web"]),
        ),
        (
            ".Reservations[].Instances[]|.InstanceId, .State.Name",
            json!(["i-1", "running", "i-2", "stopped", "i-3", "running"]),
        ),
        (
            ".Reservations[].Instances[] | select(.State.Name == \"running\") | {id: .InstanceId}",
            json!([{"id": "i-1"}, {"id": "i-3"}]),
        ),
        ("[.Reservations[].Instances[].Cores] | add, length, max, (sort | first)", json!([8, 3, 4, 2])),
        (
            ".Reservations[].Instances[] | \"\\(.InstanceId): \\(.Cores) cores\"",
            json!(["i-1: 4 cores", "i-2: 2 cores", "i-3: 2 cores"]),
        ),
        (
            "[.Reservations[].Instances[]] | group_by(.Cores) | map({cores: .[0].Cores, ids: map(.InstanceId)})",
            json!([[{"cores": 2, "ids": ["i-2", "i-3"]}, {"cores": 4, "ids": ["i-1"]}]]),
        ),
        (
            ".Reservations[].Instances[] | select(.InstanceId | test(\"^i-[12]$\")) | .Tags | from_entries",
            json!([{"Name": "web", "managed_by_terraform": "yes"}, {"Name": "batch"}]),
        ),
        (".Reservations[0].Instances[0].State | to_entries[] | .key, .value", json!(["Name", "running"])),
        (".Reservations[0] | keys", json!([["Instances"]])),
        (".Reservations | map(.Instances | length)", json!([[2, 1]])),
        (
            "[.Reservations[].Instances[] | {(.InstanceId): .State.Name}] | add",
            json!([{"i-1": "running", "i-2": "stopped", "i-3": "running"}]),
        ),
        (".Absent.Deeper", json!([null])),
        (".Absent[]?", json!([])),
        (
            "[.Reservations[].Instances[] | .Tags | map({key: .Key, value: .Value}) | from_entries | .Name]",
            json!([["web", "batch", null]]),
        ),
        (
            "[limit(2; .Reservations[].Instances[].InstanceId)] | join(\",\") | ascii_upcase",
            json!(["I-1,I-2"]),
        ),
        ("reduce .Reservations[].Instances[] as $i (0; . + $i.Cores)", json!([8])),
        (
            "[.Reservations[].Instances[].InstanceId | capture(\"(?<number>[0-9])\").number | tonumber]",
            json!([[1, 2, 3]]),
        ),
        ("if (.Reservations | length) > 1 then \"many\" else \"few\" end", json!(["many"])),
        (
            "[.Reservations[].Instances[]] | sort_by(.Cores, .InstanceId) | map(.InstanceId) | unique",
            json!([["i-1", "i-2", "i-3"]]),
        ),
        ("[paths(type == \"number\")] | length", json!([3])),
        (
            ".Reservations[0].Instances[1] | with_entries(select(.key != \"Tags\")) | del(.State)",
            json!([{"InstanceId": "i-2", "Cores": 2}]),
        ),
    ] {
        assert_eq!(Value::Array(run(filter, &answer)), outputs, "{filter}");
    }
}

#[test]
fn functions_for_tags_and_rows_are_there() {
    let rows = json!([{"id": "a", "n": 1}, {"id": "b\"c", "n": null}]);
    for (filter, outputs) in [
        (".[] | [.id, .n] | @csv", json!(["\"a\",1", "\"b\"\"c\","])),
        (".[0] | [.id, .n] | @tsv", json!(["a\t1"])),
        ("INDEX(.id) | keys", json!([["a", "b\"c"]])),
        (".[] | select(.id | IN(\"a\", \"z\")) | .n", json!([1])),
        ("[leaf_paths] | length", json!([3])),
        (".[0].id | toarray", json!([["a"]])),
        (
            "[{Key: \"a\", Value: 2}, {name: \"x\", value: false}] | from_entries",
            json!([{"a": 2, "x": false}]),
        ),
        (".[0] | with_entries(.value |= tostring)", json!([{"id": "a", "n": "1"}])),
    ] {
        assert_eq!(Value::Array(run(filter, &rows)), outputs, "{filter}");
    }
}

#[test]
fn order_and_numbers_survive() {
    let answer = json!({"z": 1, "a": 0.1, "m": 18_446_744_073_709_551_615_u64, "b": [1.0, -3, 1e300],
                        "text": "ünï\u{0}\n"});
    let outputs = run(".", &answer);
    assert_eq!(outputs[0].to_string(), answer.to_string());
}

#[test]
fn filter_syntax_error_shows_place() {
    assert_eq!(
        complaint(".Buckets[ | .Name"),
        "the jq filter does not compile at character 9: `[` is never closed\n    \
         .Buckets[ | .Name\n            ^"
    );
    assert_eq!(
        complaint(".Buckets | lenght"),
        "the jq filter does not compile at character 12: there is no function `lenght`\n    \
         .Buckets | lenght\n               ^"
    );
    assert!(complaint(".Buckets[] |").contains("at character 13: expected term"));
    assert!(complaint(".Reservations[].Instances[?State.Name=='running']").contains("JMESPath"));
    assert!(complaint("import \"a\" as a; .").contains("are not supported"));
    assert!(complaint(".[] | $wrong").contains("there is no variable `$wrong`"));
}

#[test]
fn the_environment_and_the_exit_are_out_of_reach() {
    assert!(complaint("env").contains("`env` is not supported"));
    assert!(JqFilter::compile("$ENV").is_err());
    for ends in ["halt", "halt_error", "input", "inputs", "modulemeta"] {
        assert!(complaint(ends).contains(&format!("`{ends}` is not supported: ")), "{ends}");
    }
}

#[test]
fn filter_failure_names_filter_and_type_but_no_value() {
    let failure = |filter: &str, input: Value| {
        JqFilter::compile(filter)
            .expect("a filter")
            .run(&input, &Value::Null)
            .expect_err("a failure")
            .to_string()
    };
    assert_eq!(
        failure(".Tags[]", json!({"Tags": null})),
        "jq filter `.Tags[]`: cannot iterate over null \
         (append `?` to skip missing values)"
    );
    assert_eq!(
        failure(".Secret.Value", json!({"Secret": "swordfish as with"})),
        "jq filter `.Secret.Value`: cannot index a string with \"Value\""
    );
    assert_eq!(failure("error(\"stop\")", json!(1)), "jq filter `error(\"stop\")`: \"stop\"");
}

#[test]
fn a_filter_sees_the_item_of_the_enclosing_call() {
    let filter = JqFilter::compile(".services[] | {cluster: $item, service: .}").expect("a filter");
    let outputs = filter.run(&json!({"services": ["s"]}), &json!("c")).expect("outputs");
    assert_eq!(outputs, [json!({"cluster": "c", "service": "s"})]);
}

#[test]
fn filters_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<JqFilter>();
}

#[test]
fn a_filter_that_would_exhaust_the_stack_is_refused() {
    for (start, step, end) in [
        ("[", "[", "]"),
        (".", "|.", ""),
        (".", ",.", ""),
        ("1", "-1", ""),
        ("", "-", ""),
        ("", "if . then ", " end"),
    ] {
        let nested = |times: usize| format!("{start}{}1{}", step.repeat(times), end.repeat(times));
        // A filter that is not refused must compile and run, or at least fail with an error.
        for times in [20, 49, 99, 240, 499] {
            if let Ok(filter) = JqFilter::compile(&nested(times)) {
                let _ = filter.run(&json!(1), &Value::Null);
            }
        }
        assert!(complaint(&nested(100_000)).contains("too long"), "{step}");
    }
}

/// The outputs are those of jq 1.6. A text that only starts with a number is not one, and null joins as an empty
/// text.
#[test]
fn texts_and_nulls_give_the_values_that_jq_gives() {
    for (filter, input, outputs) in [
        ("tonumber?", json!("2024-05-01"), json!([])),
        ("tonumber?", json!("10.0.0.7"), json!([])),
        ("tonumber?", json!("0x10"), json!([])),
        ("tonumber?", json!("5a"), json!([])),
        ("tonumber?", json!("1,2"), json!([])),
        ("tonumber?", json!(null), json!([])),
        ("tonumber", json!("12"), json!([12])),
        ("tonumber", json!("-1.5"), json!([-1.5])),
        ("tonumber", json!("1e3"), json!([1000.0])),
        ("tonumber", json!(7), json!([7])),
        ("fromjson?", json!("1 2 3"), json!([])),
        ("fromjson", json!("{\"a\": [1]}"), json!([{"a": [1]}])),
        (
            "{(.Key): (.Value | tonumber? // .)}",
            json!({"Key": "date", "Value": "2024-05-01"}),
            json!([{"date": "2024-05-01"}]),
        ),
        ("join(\",\")", json!(["i-1", null, "10.0.0.7"]), json!(["i-1,,10.0.0.7"])),
        ("join(\"-\")", json!([1, true, "x"]), json!(["1-true-x"])),
        ("join(\",\")", json!([]), json!([""])),
        ("join(\",\")", json!([null]), json!([""])),
        ("ltrimstr(\"x\")", json!(null), json!([null])),
        ("rtrimstr(\"x\")", json!(null), json!([null])),
        ("ltrimstr(\"arn:\")", json!("arn:aws"), json!(["aws"])),
        ("rtrimstr(\"ws\")", json!("arn:aws"), json!(["arn:a"])),
        ("ltrimstr(1)", json!("a"), json!(["a"])),
        ("@csv", json!(["a\"b", null, 2]), json!(["\"a\"\"b\",,2"])),
    ] {
        assert_eq!(Value::from(run(filter, &input)), outputs, "{filter} on {input}");
    }
}

/// A value that cannot match jq's ends the filter, whatever surrounds it.
#[test]
fn nothing_catches_what_is_refused() {
    for filter in [
        "error(null)",
        "(.[] | tonumber?) | .x",
        "first(.[] | tonumber?)",
        ".[0] |= tonumber?",
        "[1, 2] | path(.[0] | tostring)",
        "\"Infinity\" | tonumber",
        "[3, 1] | bsearch(1)",
        "\"x\" | test(\"\\u0028?=a)\")",
        "\"aaa\" | gsub(\"^a\"; \"\")",
        "\"\u{e4},b\" | index(\",\")",
    ] {
        for around in
            ["try ({}) catch 1", "[({})?]", "(({})? // 2)", "[.[] | try ({}) catch .] | length", "{}"]
        {
            let around = around.replace("{}", filter);
            let Ok(compiled) = JqFilter::compile(&around) else { continue };
            let outputs = compiled.run(&json!(["1", "2"]), &Value::Null);
            // With `.[]`, some items give no reason for a refusal.
            if !around.starts_with("[.[]") {
                assert!(outputs.is_err(), "{around}: {outputs:?}");
            }
        }
    }
    let first =
        JqFilter::compile("[.[] | tonumber?][0]").expect("a filter").run(&json!(["x", "2"]), &Value::Null);
    assert_eq!(first, Ok(vec![json!(2)]));
}

/// jq 1.6 never ends with these.
#[test]
fn a_replacement_of_nothing_ends() {
    for filter in ["gsub(\"\"; \"-\")", "gsub(\"^\"; \">\")"] {
        let outputs = JqFilter::compile(filter).expect("a filter").run(&json!("foo"), &Value::Null);
        assert!(outputs.expect_err("a refusal").to_string().contains("an empty match"), "{filter}");
    }
    assert_eq!(run("sub(\"^\"; \">\"), sub(\"$\"; \"<\")", &json!("foo")), [json!(">foo"), json!("foo<")]);
}

/// jaq's precedence of operators differs, and so does its order of several outputs.
#[test]
fn operators_bind_and_vary_as_in_jq() {
    for (filter, outputs) in [
        ("2 * 3 % 4", json!([2])),
        ("-5 % 2", json!([-1])),
        (".a = 1 // 2", json!([{"a": 1}])),
        ("1 + 2 as $x | $x * 2", json!([5])),
        ("[(1, 2) + (10, 20)]", json!([[11, 12, 21, 22]])),
        ("\"\\(1, 2)\\(3, 4)\"", json!(["13", "23", "14", "24"])),
        ("[[1, 2], [3, 4]] | [.[(0, 1)][(0, 1)]]", json!([[1, 3, 2, 4]])),
        ("reduce (1, 2) as $x (0; ., 10)", json!([10])),
        ("[foreach (1, 2) as $x (0; . + 1, . + 10; .)]", json!([[1, 10, 11, 20]])),
        ("[1, 2, 3, 4] | .[] |= empty", json!([[2, 4]])),
    ] {
        assert_eq!(Value::from(run(filter, &json!({}))), outputs, "{filter}");
    }
    assert!(complaint("1 < 2 < 3").contains("cannot be chained"));
    assert!(complaint("{$x: 1}").contains("needs parentheses"));
}

#[test]
fn literal_regex_is_checked_when_filter_is_parsed() {
    assert_eq!(
        complaint(".[] | select(test(\"vol-(?=1)\"))"),
        "the jq filter does not compile at character 20: lookahead (`(?=…)`) in a regular expression is not \
         supported\n    .[] | select(test(\"vol-(?=1)\"))\n                       ^"
    );
    for wrong in [
        "(",
        "a)",
        "*a",
        "[a",
        "(?<n",
        "a{2,1}",
        "\\\\1",
        "(?<=a)b",
        "(?>a)",
        "a*+",
        "[[:punct:]]",
        "x{100000}",
    ] {
        for filter in [
            format!("test(\"{wrong}\")"),
            format!("gsub(\"{wrong}\"; \"\")"),
            format!("[splits(\"{wrong}\")]"),
        ] {
            assert!(complaint(&filter).contains("regular expression"), "{filter}");
        }
    }
    // A pattern from elsewhere is checked when it is used.
    let used = JqFilter::compile("test(.)").expect("a filter").run(&json!("(?=a)"), &Value::Null);
    assert!(used.expect_err("a refusal").to_string().contains("lookahead"));
}

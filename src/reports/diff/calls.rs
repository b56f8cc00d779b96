//! Pairs the calls that both specs have, and finds those that only one has.

use std::collections::HashMap;

use crate::reports::resources::ReportedCall;

/// The calls of two runs' specs, paired if they send the same requests.
#[derive(Debug, Default)]
pub(super) struct CallPairs {
    /// The calls in both specs: the index in the old run's calls, and in the new run's calls.
    pub(super) pairs: Vec<(usize, usize)>,
    /// For each call of the old run, the index of its pair.
    pub(super) of_old: Vec<Option<usize>>,
    /// For each call of the new run, the index of its pair.
    pub(super) of_new: Vec<Option<usize>>,
}

impl CallPairs {
    /// Pairs the calls with equal requests, in the order of the new spec. `is_chosen` selects the calls to
    /// compare.
    pub(super) fn pair(
        old: &[ReportedCall],
        new: &[ReportedCall],
        is_chosen: impl Fn(&ReportedCall) -> bool,
    ) -> Self {
        let mut by_request: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, call) in old.iter().enumerate().rev() {
            by_request.entry(call.request()).or_default().push(index);
        }
        let mut calls =
            Self { pairs: Vec::new(), of_old: vec![None; old.len()], of_new: vec![None; new.len()] };
        for (index, call) in new.iter().enumerate().filter(|(_, call)| is_chosen(call)) {
            if let Some(index_of_old) = by_request.get_mut(call.request()).and_then(Vec::pop) {
                let pair = Some(calls.pairs.len());
                calls.pairs.push((index_of_old, index));
                (calls.of_old[index_of_old], calls.of_new[index]) = (pair, pair);
            }
        }
        calls
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::CallPairs;
    use crate::model::catalog::Catalog;
    use crate::plan::spec::ScanSpec;
    use crate::reports::resources::ReportedCall;

    fn calls(spec: &Value) -> Vec<ReportedCall> {
        let catalog = Catalog::embedded().expect("a catalog");
        ReportedCall::all(&ScanSpec::parse(&spec.to_string(), "the test", &catalog).expect("a spec"))
    }

    #[test]
    fn calls_are_paired_by_what_they_ask_and_not_by_their_names() {
        let old = calls(&json!([
            {"service": "ec2", "function": "describe_vpcs", "result_key": "Vpcs"},
            {"service": "s3", "function": "list_buckets"},
        ]));
        let new = calls(&json!([
            {"service": "s3", "function": "ListBuckets", "name": "buckets"},
            {"service": "ec2", "function": "describe_vpcs", "result_key": "Vpcs"},
            {"service": "sqs", "function": "list_queues"},
        ]));
        let paired = CallPairs::pair(&old, &new, |_| true);
        assert_eq!(paired.pairs, [(1, 0), (0, 1)]);
        assert_eq!(paired.of_old, [Some(1), Some(0)]);
        assert_eq!(paired.of_new, [Some(0), Some(1), None]);
    }

    #[test]
    fn other_parameters_ask_something_else() {
        let filtered = |state: &str| {
            calls(&json!([{"service": "ec2", "function": "describe_volumes",
                "parameters": {"Filters": [{"Name": "status", "Values": [state]}]}}]))
        };
        assert!(CallPairs::pair(&filtered("available"), &filtered("in-use"), |_| true).pairs.is_empty());
        assert_eq!(CallPairs::pair(&filtered("in-use"), &filtered("in-use"), |_| true).pairs.len(), 1);
    }

    #[test]
    fn the_order_of_members_asks_nothing_else() {
        let parsed = |text: &str| calls(&serde_json::from_str(text).expect("JSON"));
        let one = parsed(
            r#"[{"service": "ec2", "function": "describe_volumes",
                "parameters": {"MaxResults": 5, "Filters": [{"Name": "status", "Values": ["in-use"]}]}}]"#,
        );
        let other = parsed(
            r#"[{"function": "describe_volumes", "service": "ec2",
                "parameters": {"Filters": [{"Values": ["in-use"], "Name": "status"}], "MaxResults": 5}}]"#,
        );
        assert_eq!(CallPairs::pair(&one, &other, |_| true).pairs.len(), 1);
    }

    #[test]
    fn a_child_call_is_paired_only_below_the_same_parent() {
        let spec = |key: &str, parameters: Value| {
            calls(&json!([{"service": "dynamodb", "function": "list_tables", "result_key": key, "each": [
                {"over": ".TableNames[]", "function": "describe_table", "parameters": parameters},
            ]}]))
        };
        let same = || spec("TableNames", json!({"TableName": "{.}"}));
        assert_eq!(CallPairs::pair(&same(), &same(), |_| true).pairs.len(), 2);
        let other = spec("TableNames", json!({"TableName": "{. + \"-x\"}"}));
        assert_eq!(CallPairs::pair(&same(), &other, |_| true).pairs.len(), 1);
    }

    #[test]
    fn the_same_question_twice_makes_two_pairs() {
        let twice = || {
            calls(
                &json!([{"service": "s3", "function": "list_buckets"}, {"service": "s3", "function": "list_buckets"}]),
            )
        };
        assert_eq!(CallPairs::pair(&twice(), &twice(), |_| true).pairs, [(0, 0), (1, 1)]);
    }
}

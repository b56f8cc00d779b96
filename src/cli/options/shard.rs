//! The options of shards: the part of the accounts to scan.

use clap::Args;

use crate::error::Failure;
use crate::plan::{Shard, ShardError};
use crate::util::plural::plural;

/// The index of a child of an array job, from 0, and the number of children ("AWS Batch job environment
/// variables", AWS Batch user guide).
const BATCH_INDEX: &str = "AWS_BATCH_JOB_ARRAY_INDEX";
const BATCH_SIZE: &str = "AWS_BATCH_JOB_ARRAY_SIZE";

/// The index of a pod of an indexed job, from 0 ("Indexed Job for Parallel Processing with Static
/// Work Assignment", Kubernetes documentation). There is no variable for the number of pods.
const KUBERNETES_INDEX: &str = "JOB_COMPLETION_INDEX";

/// The options of shards.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Sharding")]
pub(in crate::cli) struct ShardArguments {
    /// Scan one part of the accounts, such as 1/4
    ///
    /// 1/4 is the first of four parts, 4/4 the last. In an array job of AWS Batch or an indexed job of Kubernetes,
    /// the default is the part with the job's index.
    #[arg(long, value_name = "NUMBER/COUNT", env = "SCAN_SHARD", hide_short_help = true)]
    shard: Option<String>,

    /// Number of shards, where only the index is known (indexed jobs of Kubernetes)
    #[arg(long, value_name = "COUNT", env = "SCAN_SHARD_COUNT", hide_short_help = true)]
    shard_count: Option<String>,
}

impl ShardArguments {
    /// Returns the shard to scan; `None` means all accounts. `environment` looks up the variables of schedulers.
    pub(in crate::cli) fn shard(
        &self,
        lists_accounts: bool,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Shard>, Failure> {
        let environment = |name: &str| environment(name).filter(|value| !value.is_empty());
        let count = match typed(self.shard_count.as_ref()) {
            Some(text) => Some(number("--shard-count", text)?),
            None => None,
        };
        if let Some(text) = typed(self.shard.as_ref()) {
            let shard: Shard = text.parse().map_err(|error| wrong("--shard", &error))?;
            return match count {
                Some(count) if count != shard.count => Err(Failure::usage(format!(
                    "--shard: {} in all, but --shard-count is {count}",
                    plural(shard.count, "shard")
                ))),
                _ => Ok(Some(shard)),
            };
        }
        // A scan of one account is never divided.
        if !lists_accounts {
            return Ok(None);
        }
        if let Some(index) = environment(BATCH_INDEX) {
            let size = environment(BATCH_SIZE).map(|size| number(BATCH_SIZE, &size)).transpose()?;
            return match (size, count) {
                (Some(size), Some(count)) if size != count => {
                    Err(Failure::usage(format!("{BATCH_SIZE} is {size}, but --shard-count is {count}")))
                }
                _ => indexed(BATCH_INDEX, &index, size.or(count)),
            };
        }
        if let Some(index) = environment(KUBERNETES_INDEX) {
            return indexed(KUBERNETES_INDEX, &index, count);
        }
        match count {
            None => Ok(None),
            Some(count) => Err(Failure::usage(format!(
                "--shard-count is {count}, but the number of this shard is missing"
            ))
            .hint(format!("choose a shard from --shard 1/{count} to --shard {count}/{count}"))
            .hint(format!("set {BATCH_INDEX} or {KUBERNETES_INDEX}, as a job does"))),
        }
    }
}

/// Returns the value; an empty variable counts as unset.
fn typed(value: Option<&String>) -> Option<&str> {
    value.map(String::as_str).filter(|value| !value.is_empty())
}

/// Returns the shard with an index, which counts from 0.
fn indexed(name: &str, index: &str, count: Option<u32>) -> Result<Option<Shard>, Failure> {
    let index = number(name, index)?;
    let Some(count) = count else {
        return Err(Failure::usage(format!("{name} is {index}, but the number of shards is missing"))
            .hint("set it with --shard-count, or SCAN_SHARD_COUNT in the environment")
            .hint("use --shard 1/1 to scan all accounts, independent of the index"));
    };
    Shard::from_index(index, count).map(Some).map_err(|error| wrong(name, &error))
}

fn number(name: &str, text: &str) -> Result<u32, Failure> {
    text.parse().map_err(|_| Failure::usage(format!("{name}: `{text}` is not a number")))
}

fn wrong(name: &str, error: &ShardError) -> Failure {
    Failure::usage(format!("{name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::ShardArguments;
    use crate::plan::Shard;

    /// Returns the shard of arguments and an environment, or the error, as text.
    fn shard(shard: &str, count: &str, environment: &[(&str, &str)]) -> String {
        let arguments = ShardArguments { shard: Some(shard.to_owned()), shard_count: Some(count.to_owned()) };
        let value = |name: &str| {
            let found = environment.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        match arguments.shard(true, value) {
            Ok(found) => found.map_or_else(|| "all".to_owned(), |shard: Shard| shard.to_string()),
            Err(failure) => failure.to_string(),
        }
    }

    #[test]
    fn schedulers_count_from_zero_and_options_from_one() {
        assert_eq!(shard("1/4", "", &[]), "shard 1 of 4");
        let batch = [("AWS_BATCH_JOB_ARRAY_INDEX", "0"), ("AWS_BATCH_JOB_ARRAY_SIZE", "4")];
        assert_eq!(shard("", "", &batch), "shard 1 of 4");
        assert_eq!(shard("", "4", &[("JOB_COMPLETION_INDEX", "3")]), "shard 4 of 4");
        assert_eq!(shard("", "", &[]), "all");
    }

    #[test]
    fn typed_shard_overrides_scheduler() {
        let batch = [("AWS_BATCH_JOB_ARRAY_INDEX", "0"), ("AWS_BATCH_JOB_ARRAY_SIZE", "4")];
        assert_eq!(shard("1/1", "", &batch), "shard 1 of 1");
    }

    #[test]
    fn one_account_alone_is_not_divided() {
        let batch = |name: &str| name.starts_with("AWS_BATCH_JOB_ARRAY").then(|| "2".to_owned());
        assert_eq!(ShardArguments::default().shard(false, batch).expect("no error"), None);
    }

    #[test]
    fn inconsistent_shard_options_are_explained() {
        for (typed, count, environment, expected) in [
            ("2/4", "5", vec![], "--shard: 4 shards in all, but --shard-count is 5"),
            ("0/4", "", vec![], "--shard: there is no shard 0 of 4: shards count from 1"),
            ("", "x", vec![], "--shard-count: `x` is not a number"),
            ("", "4", vec![], "but the number of this shard is missing"),
            ("", "", vec![("JOB_COMPLETION_INDEX", "1")], "but the number of shards is missing"),
            (
                "",
                "2",
                vec![("JOB_COMPLETION_INDEX", "2")],
                "JOB_COMPLETION_INDEX: there is no shard with the index 2",
            ),
            (
                "",
                "3",
                vec![("AWS_BATCH_JOB_ARRAY_INDEX", "1"), ("AWS_BATCH_JOB_ARRAY_SIZE", "4")],
                "AWS_BATCH_JOB_ARRAY_SIZE is 4, but --shard-count is 3",
            ),
        ] {
            let error = shard(typed, count, &environment);
            assert!(error.contains(expected), "{error}");
        }
    }
}

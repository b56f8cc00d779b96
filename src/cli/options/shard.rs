//! Which part of the organization this process scans.

use clap::Args;

use crate::error::Failure;
use crate::plan::{Shard, ShardError};
use crate::util::plural::plural;

/// The index of a child of an array job, from 0, and how many children there are ("AWS Batch job
/// environment variables", AWS Batch user guide).
const BATCH_INDEX: &str = "AWS_BATCH_JOB_ARRAY_INDEX";
const BATCH_SIZE: &str = "AWS_BATCH_JOB_ARRAY_SIZE";

/// The index of a pod of an indexed job, from 0 ("Indexed Job for Parallel Processing with Static
/// Work Assignment", Kubernetes documentation). How many there are, no variable says.
const KUBERNETES_INDEX: &str = "JOB_COMPLETION_INDEX";

/// What can be typed about shards.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Sharding")]
pub(in crate::cli) struct ShardArguments {
    /// Scan one part of the accounts: 1/4 is the first of four
    ///
    /// In an array job of AWS Batch or an indexed job of Kubernetes, the default is the part with the job's index.
    #[arg(long, value_name = "NUMBER/COUNT", env = "SCAN_SHARD")]
    shard: Option<String>,

    /// Number of shards, where only the index is known (indexed jobs of Kubernetes)
    #[arg(long, value_name = "COUNT", env = "SCAN_SHARD_COUNT", hide_short_help = true)]
    shard_count: Option<String>,
}

impl ShardArguments {
    /// The shard to scan; `None` means everything. `environment` looks up what schedulers set.
    pub(in crate::cli) fn shard(
        &self,
        organization_scan: bool,
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
                    "--shard says that {}, and --shard-count {count}",
                    there_are(shard.count)
                ))),
                _ => Ok(Some(shard)),
            };
        }
        // One account alone is no work to divide, wherever it is scanned.
        if !organization_scan {
            return Ok(None);
        }
        if let Some(index) = environment(BATCH_INDEX) {
            let size = environment(BATCH_SIZE).map(|size| number(BATCH_SIZE, &size)).transpose()?;
            return match (size, count) {
                (Some(size), Some(count)) if size != count => Err(Failure::usage(format!(
                    "{BATCH_SIZE} says that {}, and --shard-count {count}",
                    there_are(size)
                ))),
                _ => indexed(BATCH_INDEX, &index, size.or(count)),
            };
        }
        if let Some(index) = environment(KUBERNETES_INDEX) {
            return indexed(KUBERNETES_INDEX, &index, count);
        }
        match count {
            None => Ok(None),
            Some(count) => Err(Failure::usage(format!(
                "--shard-count says that {}, but not which of them this is",
                there_are(count)
            ))
            .hint(format!("--shard 1/{count} is the first, --shard {count}/{count} the last"))
            .hint(format!("in a job, {BATCH_INDEX} or {KUBERNETES_INDEX} would say it"))),
        }
    }
}

/// An empty variable counts as unset.
fn typed(value: Option<&String>) -> Option<&str> {
    value.map(String::as_str).filter(|value| !value.is_empty())
}

/// The shard with an index that counts from 0.
fn indexed(name: &str, index: &str, count: Option<u32>) -> Result<Option<Shard>, Failure> {
    let index = number(name, index)?;
    let Some(count) = count else {
        return Err(Failure::usage(format!("{name} is {index}, but how many shards there are is not said"))
            .hint("say it with --shard-count, or SCAN_SHARD_COUNT in the environment")
            .hint("--shard 1/1 scans everything, whatever the index is"));
    };
    Shard::from_index(index, count).map(Some).map_err(|error| wrong(name, &error))
}

fn number(name: &str, text: &str) -> Result<u32, Failure> {
    text.parse().map_err(|_| Failure::usage(format!("{name}: `{text}` is not a number")))
}

fn wrong(name: &str, error: &ShardError) -> Failure {
    Failure::usage(format!("{name}: {error}"))
}

/// `there are 7 shards`
fn there_are(count: u32) -> String {
    let are = if count == 1 { "is" } else { "are" };
    format!("there {are} {}", plural(count, "shard"))
}

#[cfg(test)]
mod tests {
    use super::ShardArguments;
    use crate::plan::Shard;

    /// What is made of arguments and an environment, as text.
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
    fn schedulers_count_from_zero_and_people_from_one() {
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
            ("2/4", "5", vec![], "--shard says that there are 4 shards, and --shard-count 5"),
            ("0/4", "", vec![], "--shard: there is no shard 0 of 4: shards count from 1"),
            ("", "x", vec![], "--shard-count: `x` is not a number"),
            ("", "4", vec![], "but not which of them this is"),
            ("", "", vec![("JOB_COMPLETION_INDEX", "1")], "how many shards there are is not said"),
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
                "AWS_BATCH_JOB_ARRAY_SIZE says that there are 4 shards",
            ),
        ] {
            let told = shard(typed, count, &environment);
            assert!(told.contains(expected), "{told}");
        }
    }
}

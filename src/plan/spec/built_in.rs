//! The built-in specs: every file below `scan/`. The built-in spec `all` is generated from the catalog (see
//! `everything`).

/// A spec that is compiled into the program.
#[derive(Debug, PartialEq, Eq)]
pub struct BuiltIn {
    /// The path below `scan/`, without `.json`: `sample/services/s3`.
    pub name: &'static str,
    /// The JSON text of the spec.
    pub text: &'static str,
}

/// Declares the table from the files' paths below `scan/`, without `.json`.
macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        &[$(BuiltIn { name: $name, text: include_str!(concat!("../../../scan/", $name, ".json")) }),*]
    };
}

/// All built-in specs, sorted by name.
pub const BUILT_IN: &[BuiltIn] = built_in![
    "inventory",
    "sample/each/cloudformation",
    "sample/each/dynamodb",
    "sample/each/ecr",
    "sample/each/ecs",
    "sample/each/eks",
    "sample/each/elbv2",
    "sample/each/iam",
    "sample/each/kms",
    "sample/each/lambda",
    "sample/each/organizations",
    "sample/each/route53",
    "sample/each/s3",
    "sample/each/sns",
    "sample/each/sqs",
    "sample/emr_waiting",
    "sample/emr_waiting_names",
    "sample/list_of_bucket_names",
    "sample/public_exposure",
    "sample/running_ec2",
    "sample/running_ec2_names",
    "sample/s3_buckets",
    "sample/services/account",
    "sample/services/acm",
    "sample/services/apigateway",
    "sample/services/apigatewayv2",
    "sample/services/athena",
    "sample/services/autoscaling",
    "sample/services/backup",
    "sample/services/cloudformation",
    "sample/services/cloudfront",
    "sample/services/cloudtrail",
    "sample/services/cloudwatch",
    "sample/services/codebuild",
    "sample/services/codepipeline",
    "sample/services/cognito-idp",
    "sample/services/config",
    "sample/services/directconnect",
    "sample/services/docdb",
    "sample/services/dynamodb",
    "sample/services/ec2",
    "sample/services/ecr",
    "sample/services/ecs",
    "sample/services/efs",
    "sample/services/eks",
    "sample/services/elasticache",
    "sample/services/elasticbeanstalk",
    "sample/services/elb",
    "sample/services/elbv2",
    "sample/services/emr",
    "sample/services/events",
    "sample/services/firehose",
    "sample/services/fsx",
    "sample/services/glue",
    "sample/services/guardduty",
    "sample/services/iam",
    "sample/services/kafka",
    "sample/services/kinesis",
    "sample/services/kms",
    "sample/services/lambda",
    "sample/services/logs",
    "sample/services/multiple",
    "sample/services/opensearch",
    "sample/services/organizations",
    "sample/services/rds",
    "sample/services/redshift",
    "sample/services/route53",
    "sample/services/s3",
    "sample/services/sagemaker",
    "sample/services/secretsmanager",
    "sample/services/securityhub",
    "sample/services/sns",
    "sample/services/sqs",
    "sample/services/ssm",
    "sample/services/stepfunctions",
    "sample/services/sts",
    "sample/services/wafv2",
    "sample/services/workspaces",
];

/// The folders that are searched for a bare name.
const FOLDERS: [&str; 4] = ["", "sample/services/", "sample/", "sample/each/"];

impl BuiltIn {
    /// Finds the spec called `name`: its path with or without `scan/` and `.json`, or only the last part of the
    /// path: `s3` finds `sample/services/s3`.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        let name = name.strip_prefix("./").unwrap_or(name);
        let name = name.strip_prefix("scan/").unwrap_or(name);
        let name = name.strip_suffix(".json").unwrap_or(name);
        FOLDERS
            .iter()
            .find_map(|folder| BUILT_IN.iter().find(|spec| spec.name.strip_prefix(folder) == Some(name)))
    }

    /// Returns the shortest name that finds this spec.
    #[must_use]
    pub fn short_name(&self) -> &'static str {
        FOLDERS
            .iter()
            .filter_map(|folder| self.name.strip_prefix(folder))
            .filter(|name| Self::find(name) == Some(self))
            .min_by_key(|name| name.len())
            .unwrap_or(self.name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{BUILT_IN, BuiltIn};
    use crate::model::catalog::Catalog;
    use crate::plan::spec::ScanSpec;

    fn files(folder: &Path, below: &str, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let entry = entry.expect("an entry");
            let name = format!("{below}{}", entry.file_name().display());
            if entry.path().is_dir() {
                files(&entry.path(), &format!("{name}/"), found);
            } else {
                found.insert(name.trim_end_matches(".json").to_owned());
            }
        }
    }

    #[test]
    fn the_table_is_the_folder() {
        let mut found = BTreeSet::new();
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scan"), "", &mut found);
        let table: BTreeSet<_> = BUILT_IN.iter().map(|spec| spec.name.to_owned()).collect();
        assert_eq!(table, found);
        assert!(BUILT_IN.is_sorted_by_key(|spec| spec.name));
    }

    #[test]
    fn every_built_in_spec_is_valid_and_skips_nothing() {
        let catalog = Catalog::embedded().expect("a catalog");
        for spec in BUILT_IN {
            let loaded =
                ScanSpec::parse(spec.text, spec.name, &catalog).unwrap_or_else(|error| panic!("{error}"));
            assert!(
                loaded.skipped.is_empty() && loaded.notices.is_empty(),
                "{}: {:?}",
                spec.name,
                loaded.notices
            );
        }
    }

    #[test]
    fn every_short_name_finds_its_spec() {
        for spec in BUILT_IN {
            assert_eq!(BuiltIn::find(spec.short_name()), Some(spec));
        }
    }
}

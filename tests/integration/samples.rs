//! The sample specs do what their names say, on an organization with more than a page of everything.

use std::path::Path;

use serde_json::Value;

use crate::organization_scan::scan_and_compare;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scan/sample/services");

#[track_caller]
fn sample_equals_boto3(name: &str) {
    let path = Path::new(FOLDER).join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let spec: Value = serde_json::from_str(&text).expect("JSON");
    scan_and_compare(&spec);
}

/// Declares a test for each sample, and one that no sample was forgotten.
macro_rules! samples {
    ($($name:ident),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                sample_equals_boto3(stringify!($name));
            }
        )+

        #[test]
        fn every_sample_has_its_test() {
            for entry in std::fs::read_dir(FOLDER).expect("the samples") {
                let path = entry.unwrap().path();
                let name = path.file_stem().unwrap().to_str().unwrap();
                assert!([$(stringify!($name)),+].contains(&name), "{} has no test", path.display());
            }
        }
    };
}

samples!(s3, ec2, dynamodb, elbv2, iam, lambda, multiple);

//! The options of uploads to a bucket.

use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::app::settings::output::OutputTarget;
use crate::error::Failure;
use crate::run::{BucketAddress, UploadSettings};

/// The options of uploads to a bucket.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output")]
#[expect(clippy::struct_field_names, reason = "they are the names of the options")]
pub(in crate::cli) struct BucketArguments {
    /// KMS key for S3 to encrypt the results with: ID, ARN or alias
    /// [default: the bucket's default encryption]
    #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new(), hide_short_help = true)]
    s3_sse_kms_key_id: Option<String>,

    /// Expected bucket owner (account ID); requests fail if it differs
    #[arg(long, value_name = "ACCOUNT", value_parser = NonEmptyStringValueParser::new(), hide_short_help = true)]
    s3_expected_bucket_owner: Option<String>,

    /// Use a bucket whose server ignores If-None-Match
    ///
    /// Such a server lets two writers overwrite each other. No other process may write to a run with this name.
    #[arg(long, hide_short_help = true)]
    s3_single_writer: bool,
}

impl BucketArguments {
    /// Returns where results are written, from the value of an option and these options.
    pub(in crate::cli) fn destination(
        self,
        given_by: &str,
        output: PathBuf,
    ) -> Result<OutputTarget, Failure> {
        self.target(given_by, output, format!("choose a bucket: {given_by} s3://bucket/prefix"))
    }

    /// Returns the run that is resumed, from its folder or address and these options.
    pub(in crate::cli) fn run(self, folder: PathBuf) -> Result<OutputTarget, Failure> {
        self.target("FOLDER", folder, "name a run in a bucket: s3://bucket/prefix/run".to_owned())
    }

    fn target(self, given_by: &str, output: PathBuf, hint: String) -> Result<OutputTarget, Failure> {
        let text = output.to_str().filter(|text| BucketAddress::is_meant_by(text));
        let Some(text) = text else {
            return match self.first_given() {
                None => Ok(OutputTarget::Folder(output)),
                Some(option) => Err(Failure::usage(format!(
                    "{option}: only for a bucket, but {} is a folder",
                    output.display()
                ))
                .hint(hint)),
            };
        };
        let address = text
            .parse::<BucketAddress>()
            .map_err(|error| Failure::usage(format!("{given_by}: `{text}`: {error}")))?;
        if let Some(owner) = &self.s3_expected_bucket_owner {
            check_account(owner)?;
        }
        let settings = UploadSettings {
            kms_key: self.s3_sse_kms_key_id,
            owner: self.s3_expected_bucket_owner,
            single_writer: self.s3_single_writer,
        };
        Ok(OutputTarget::Bucket(address, settings))
    }

    /// Returns whether an option is given.
    #[cfg(feature = "parquet")]
    pub(in crate::cli) fn is_given(&self) -> bool {
        self.first_given().is_some()
    }

    fn first_given(&self) -> Option<&'static str> {
        let key = self.s3_sse_kms_key_id.as_ref().map(|_| "--s3-sse-kms-key-id");
        key.or_else(|| self.s3_expected_bucket_owner.as_ref().map(|_| "--s3-expected-bucket-owner"))
            .or_else(|| self.s3_single_writer.then_some("--s3-single-writer"))
    }
}

fn check_account(id: &str) -> Result<(), Failure> {
    if id.len() == 12 && id.bytes().all(|letter| letter.is_ascii_digit()) {
        return Ok(());
    }
    Err(Failure::usage(format!("--s3-expected-bucket-owner: `{id}` is not an account ID of twelve digits")))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{BucketArguments, OutputTarget};

    fn destination(output: &str, key: Option<&str>, owner: Option<&str>) -> Result<OutputTarget, String> {
        let arguments = BucketArguments {
            s3_sse_kms_key_id: key.map(str::to_owned),
            s3_expected_bucket_owner: owner.map(str::to_owned),
            s3_single_writer: false,
        };
        arguments.destination("--output-dir", PathBuf::from(output)).map_err(|failure| failure.to_string())
    }

    #[test]
    fn an_address_in_s3_is_a_bucket_and_everything_else_a_folder() {
        assert_eq!(destination("output", None, None), Ok(OutputTarget::Folder("output".into())));
        let Ok(OutputTarget::Bucket(address, settings)) =
            destination("s3://inventory/aws", Some("alias/inventory"), Some("123456789012"))
        else {
            panic!("no bucket")
        };
        assert_eq!(address.to_string(), "s3://inventory/aws");
        assert_eq!(settings.kms_key.as_deref(), Some("alias/inventory"));
        assert_eq!(settings.owner.as_deref(), Some("123456789012"));
    }

    #[test]
    fn invalid_options_are_reported_before_any_request() {
        for (output, key, owner, expected) in [
            ("s3:/inventory", None, None, "use s3://bucket/prefix"),
            ("s3://Inventory", None, None, "`Inventory` is not a valid bucket name"),
            ("s3://inventory", None, Some("1234"), "`1234` is not an account ID"),
            ("output", Some("key"), None, "--s3-sse-kms-key-id: only for a bucket"),
            ("output", None, Some("123456789012"), "choose a bucket: --output-dir s3://bucket/prefix"),
        ] {
            let error = destination(output, key, owner).expect_err("an error");
            assert!(error.contains(expected), "{error}");
        }
    }
}

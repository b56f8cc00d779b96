//! The errors of writing results: to a folder, or to a bucket.

use std::io::{Error, ErrorKind};
use std::path::Path;

use crate::aws_error::ServiceError;
use crate::error::{Failure, FailureKind};
use crate::run::{BucketError, BucketRequest, RunFolder};

/// Returns the failure of a write to the output folder, before the first call.
pub(crate) fn cannot_write_output(folder: &Path, cause: Error) -> Failure {
    let failure = cannot_write(folder, &cause);
    match cause.kind() {
        kind if is_full(kind) => failure.hint("free some space, or choose another folder with --output-dir"),
        _ => failure.hint("choose a writable folder with --output-dir"),
    }
    .with_source(cause)
}

/// Returns the failure of a write to a run's folder. Earlier results are kept, and the run can be resumed unless its
/// results are in a bucket.
pub(crate) fn cannot_write_run(folder: &RunFolder, what: &Path, cause: Error) -> Failure {
    if let Some(error) = BucketError::within(&cause) {
        return cannot_upload(error, UploadPhase::During);
    }
    let failure = cannot_write(what, &cause);
    let fix = match cause.kind() {
        kind if is_full(kind) => "free some space",
        ErrorKind::FileTooLarge => "allow larger files (ulimit -f)",
        _ => "allow this program to write there",
    };
    if folder.is_on_the_way() {
        return failure.with_source(cause).hint(fix);
    }
    failure
        .with_source(cause)
        .hint(format!("{fix}; then run `scan resume {}`", folder.path().display()))
        .hint("keep the folder: the calls in its ledger are complete, and are not sent again")
}

fn cannot_write(path: &Path, cause: &Error) -> Failure {
    let why = match cause.kind() {
        ErrorKind::StorageFull => ": the disk is full",
        ErrorKind::QuotaExceeded => ": the quota of the disk is used up",
        ErrorKind::ReadOnlyFilesystem => ": the file system is read-only",
        _ => "",
    };
    Failure::internal(format!("cannot write to {}{why}", path.display()))
}

fn is_full(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

/// The phase of the run in which an upload failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UploadPhase {
    /// Before the scan.
    Before,
    /// During the scan, or at its end.
    During,
}

/// Returns the failure of an upload, with the error of S3 and hints.
pub(crate) fn cannot_upload(error: &BucketError, moment: UploadPhase) -> Failure {
    let kind = match moment {
        UploadPhase::During => FailureKind::Internal,
        UploadPhase::Before if error.is_without_bucket() => FailureKind::Usage,
        UploadPhase::Before => FailureKind::Credentials,
    };
    let failure = if error.is_without_bucket() {
        Failure::new(kind, format!("bucket `{}` does not exist", error.below.bucket))
            .hint(format!("create the bucket, or correct its name in {}", error.below))
    } else {
        Failure::new(kind, error.to_string())
    };
    let Some(response) = error.service() else { return failure };
    advice(error, response).into_iter().fold(failure, Failure::hint)
}

fn advice(error: &BucketError, response: &ServiceError) -> Vec<String> {
    let mut advice = Vec::new();
    let code = response.code().unwrap_or_default();
    if response.is_denied() {
        advice.push(format!(
            "allow {} on {} to the base credentials, and check that the bucket's policy does not deny it",
            error.request.action(),
            error.resource()
        ));
        if error.request == BucketRequest::Read {
            advice.push(format!(
                "allow s3:ListBucket on arn:aws:s3:::{}: without it, S3 denies reading an object that does not exist",
                error.below.bucket
            ));
        }
        if let Some(key) = &error.settings.kms_key {
            advice.push(format!("allow kms:GenerateDataKey and kms:Decrypt on the key {key}"));
        }
        if let Some(owner) = &error.settings.owner {
            advice.push(format!(
                "check that the bucket belongs to account {owner}: otherwise S3 denies requests"
            ));
        }
    } else if code.starts_with("KMS.") || code.contains("Kms") {
        advice.push(
            "check that the key of --s3-sse-kms-key-id exists in the bucket's region and is enabled"
                .to_owned(),
        );
    } else if matches!(code, "PermanentRedirect" | "AuthorizationHeaderMalformed") {
        advice.push("set AWS_REGION to the bucket's region".to_owned());
    } else if response.is_expired() {
        advice.push("refresh the base credentials, or use auto-refreshing ones".to_owned());
    } else if code == "QuotaExceeded" || code == "SlowDown" {
        advice.push("scan with a lower --concurrency, or under several prefixes".to_owned());
    }
    advice
}

#[cfg(test)]
mod tests {
    use std::io::Error;
    use std::path::Path;

    use super::{cannot_write_output, cannot_write_run};
    use crate::run::RunFolder;

    /// Linux's numbers for "no space left on device" and "permission denied".
    const ENOSPC: i32 = 28;
    const EACCES: i32 = 13;

    #[test]
    fn full_disk_has_a_hint_to_resume() {
        let folder = RunFolder::for_run(Path::new("output/run"));
        assert_eq!(
            cannot_write_run(&folder, folder.path(), Error::from_raw_os_error(ENOSPC)).to_string(),
            "cannot write to output/run: the disk is full: No space left on device (os error 28)\n  \
             hint: free some space; then run `scan resume output/run`\n  \
             hint: keep the folder: the calls in its ledger are complete, and are not sent again"
        );
    }

    #[test]
    fn unwritable_folder_has_a_hint_to_choose_another() {
        assert_eq!(
            cannot_write_output(Path::new("/output"), Error::from_raw_os_error(EACCES)).to_string(),
            "cannot write to /output: Permission denied (os error 13)\n  \
             hint: choose a writable folder with --output-dir"
        );
    }
}

//! Errors of the place that results go to: a folder that cannot be written in, a bucket that refuses.

use std::io::{Error, ErrorKind};
use std::path::Path;

use crate::aws_error::ServiceError;
use crate::error::{Failure, FailureKind};
use crate::run::{RunFolder, UploadError};

/// The folder for results cannot be written in, before anything was asked.
pub(crate) fn cannot_begin(folder: &Path, cause: Error) -> Failure {
    let failure = cannot_write(folder, &cause);
    match cause.kind() {
        kind if is_full(kind) => failure.hint("free some space, or choose another folder with --output-dir"),
        _ => failure.hint("choose a folder with --output-dir that you may write in"),
    }
    .with_source(cause)
}

/// Something in a run's folder cannot be written. What was written before stays, and the run can go on
/// unless its results are in a bucket.
pub(crate) fn cannot_go_on(folder: &RunFolder, what: &Path, cause: Error) -> Failure {
    if let Some(error) = UploadError::within(&cause) {
        return cannot_upload(error, UploadPhase::During);
    }
    let failure = cannot_write(what, &cause);
    let remedy = match cause.kind() {
        kind if is_full(kind) => "free some space",
        ErrorKind::FileTooLarge => "allow larger files (ulimit -f)",
        _ => "allow this program to write there",
    };
    if folder.is_on_the_way() {
        return failure.with_source(cause).hint(remedy);
    }
    failure
        .with_source(cause)
        .hint(format!("{remedy}; then `scan resume {}` finishes the run", folder.path().display()))
        .hint("what has its line in the ledger is complete, and is not asked again")
}

fn cannot_write(path: &Path, cause: &Error) -> Failure {
    let why = match cause.kind() {
        ErrorKind::StorageFull => ": the disk is full",
        ErrorKind::QuotaExceeded => ": the quota of the disk is used up",
        ErrorKind::ReadOnlyFilesystem => ": the file system is read-only",
        _ => "",
    };
    Failure::internal(format!("cannot write in {}{why}", path.display()))
}

fn is_full(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

/// When an upload failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UploadPhase {
    /// Before the scan began.
    Before,
    /// After that.
    During,
}

/// Says what was wanted of S3, what it answered, and what would help.
pub(crate) fn cannot_upload(error: &UploadError, moment: UploadPhase) -> Failure {
    let kind = match moment {
        UploadPhase::During => FailureKind::Internal,
        UploadPhase::Before if error.is_without_bucket() => FailureKind::Usage,
        UploadPhase::Before => FailureKind::Credentials,
    };
    let failure = if error.is_without_bucket() {
        Failure::new(kind, format!("there is no bucket `{}`", error.below.bucket))
            .hint("make the bucket, or correct its name in --output-dir")
    } else {
        Failure::new(kind, error.to_string())
    };
    let Some(answer) = error.service() else { return failure };
    advice(error, answer).into_iter().fold(failure, Failure::hint)
}

fn advice(error: &UploadError, answer: &ServiceError) -> Vec<String> {
    let mut advice = Vec::new();
    let code = answer.code().unwrap_or_default();
    if answer.is_denied() {
        advice.push(format!(
            "allow {} on {} to the base credentials, and see that the bucket's policy does not deny it",
            error.action,
            error.resource()
        ));
        if let Some(key) = &error.settings.kms_key {
            advice.push(format!(
                "allow kms:GenerateDataKey (and kms:Decrypt, for files of more than 16 MiB) on the key {key}"
            ));
        }
        if let Some(owner) = &error.settings.owner {
            advice.push(format!("S3 refuses it as well when the bucket does not belong to account {owner}"));
        }
    } else if code.starts_with("KMS.") || code.contains("Kms") {
        advice.push(
            "see that the key of --s3-sse-kms-key-id exists in the bucket's region and is enabled".to_owned(),
        );
    } else if matches!(code, "PermanentRedirect" | "AuthorizationHeaderMalformed") {
        advice.push("set AWS_REGION to the bucket's region".to_owned());
    } else if answer.is_expired() {
        advice.push("renew the base credentials, or use some that are renewed by themselves".to_owned());
    } else if code == "QuotaExceeded" || code == "SlowDown" {
        advice.push("scan with a lower --concurrency, or under several prefixes".to_owned());
    }
    advice
}

#[cfg(test)]
mod tests {
    use std::io::Error;
    use std::path::Path;

    use super::{cannot_begin, cannot_go_on};
    use crate::run::RunFolder;

    /// Linux's numbers for "no space left on device" and "permission denied".
    const ENOSPC: i32 = 28;
    const EACCES: i32 = 13;

    #[test]
    fn a_full_disk_says_how_to_go_on() {
        let folder = RunFolder::for_run(Path::new("output/run"));
        assert_eq!(
            cannot_go_on(&folder, folder.path(), Error::from_raw_os_error(ENOSPC)).to_string(),
            "cannot write in output/run: the disk is full: No space left on device (os error 28)\n  \
             hint: free some space; then `scan resume output/run` finishes the run\n  \
             hint: what has its line in the ledger is complete, and is not asked again"
        );
    }

    #[test]
    fn a_folder_that_is_not_ones_own_says_how_to_name_another() {
        assert_eq!(
            cannot_begin(Path::new("/output"), Error::from_raw_os_error(EACCES)).to_string(),
            "cannot write in /output: Permission denied (os error 13)\n  \
             hint: choose a folder with --output-dir that you may write in"
        );
    }
}

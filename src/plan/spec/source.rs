//! The sources that the text of a spec is read from.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use http::Uri;
use tokio::io::AsyncReadExt as _;

use super::built_in::{BUILT_IN, BuiltIn};
use super::deep::{self, DeepScan};
use super::error::SpecError;
use super::full_spec;
use crate::aws::http::address::{ShownAddress, is_address, parse_url};
use crate::aws::http::download::Download;
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::util::suggest::did_you_mean;

/// A source of a spec's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpecSource {
    /// Standard input.
    StandardInput,
    /// A file.
    File(PathBuf),
    /// A URL.
    Url(Uri),
    /// A built-in spec.
    BuiltIn(&'static BuiltIn),
    /// The spec `all`, which is generated from the catalog.
    Everything,
    /// The spec `deep`, which is generated from the catalog.
    Deep,
}

impl SpecSource {
    /// Finds the source that `argument` names: `-`, an http(s) URL, a file (`.json` may be omitted), or a
    /// built-in spec. A file takes precedence over a built-in spec of the same name.
    pub fn find(argument: &str) -> Result<Self, SpecError> {
        if argument == "-" {
            return Ok(Self::StandardInput);
        }
        if is_address(argument) {
            return parse_url(argument).map(Self::Url).map_err(SpecError::Unreadable);
        }
        let path = Path::new(argument);
        if path.is_file() {
            return Ok(Self::File(path.to_owned()));
        }
        let with_extension = PathBuf::from(format!("{argument}.json"));
        if path.extension().is_none() && with_extension.is_file() {
            return Ok(Self::File(with_extension));
        }
        if argument == full_spec::NAME {
            return Ok(Self::Everything);
        }
        if argument == deep::NAME {
            return Ok(Self::Deep);
        }
        match BuiltIn::find(argument) {
            Some(spec) => Ok(Self::BuiltIn(spec)),
            None => Err(SpecError::Unreadable(not_found(argument, path))),
        }
    }

    /// Reads the text, or generates it from the catalog: the spec `deep` as far as `deep` goes. `http` makes the
    /// client, if one is needed.
    pub async fn read(
        &self,
        catalog: &Catalog,
        deep: Option<DeepScan>,
        http: impl FnOnce() -> Result<SharedHttpClient, Failure>,
    ) -> Result<String, Failure> {
        let bytes = match self {
            Self::BuiltIn(spec) => return Ok(spec.text.to_owned()),
            Self::Everything => return Ok(full_spec::everything(catalog).map_err(SpecError::from)?),
            Self::Deep => {
                let scan = deep.unwrap_or(DeepScan::CONFIGURATION);
                return Ok(deep::everything(catalog, scan).map_err(SpecError::from)?);
            }
            Self::Url(url) => specs().fetch(url, &http()?).await.map_err(SpecError::Unreadable)?,
            Self::File(path) => std::fs::read(path).map_err(|cause| self.unreadable(&cause))?,
            Self::StandardInput => {
                let mut bytes = Vec::new();
                let read = tokio::io::stdin().read_to_end(&mut bytes).await;
                read.map_err(|cause| self.unreadable(&cause))?;
                bytes
            }
        };
        String::from_utf8(bytes)
            .map_err(|_| Failure::usage(format!("{self} is not UTF-8 text, as JSON must be")))
    }

    fn unreadable(&self, cause: &std::io::Error) -> SpecError {
        SpecError::Unreadable(format!("{self} cannot be read: {cause}"))
    }
}

/// Returns the bounds of specs that are fetched.
fn specs() -> Download {
    Download {
        what: "scan specs",
        accept: "application/json, text/plain, */*;q=0.1",
        authorization: None,
        largest: 4 * 1024 * 1024,
        wait: Duration::from_secs(10),
    }
}

impl fmt::Display for SpecSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StandardInput => formatter.write_str("standard input"),
            Self::File(path) => write!(formatter, "{}", path.display()),
            Self::Url(url) => write!(formatter, "{}", ShownAddress(url)),
            Self::BuiltIn(spec) => write!(formatter, "built-in spec {}", spec.name),
            Self::Everything => write!(formatter, "built-in spec {}", full_spec::NAME),
            Self::Deep => write!(formatter, "built-in spec {}", deep::NAME),
        }
    }
}

fn not_found(argument: &str, path: &Path) -> String {
    if path.is_dir() {
        return format!("`{argument}` is a folder, and no built-in spec has that name; give a file");
    }
    let looked_for = if path.extension().is_none() {
        format!("no file `{argument}` or `{argument}.json`")
    } else {
        format!("no file `{argument}`")
    };
    let wanted = argument.trim_end_matches(".json");
    let names = BUILT_IN.iter().map(BuiltIn::short_name).chain([full_spec::NAME]);
    let near = did_you_mean(wanted.rsplit('/').next().unwrap_or(wanted), names);
    format!("there is {looked_for}, and no built-in spec has that name{near}")
}

#[cfg(test)]
mod tests {
    use super::SpecSource;
    use crate::error::Failure;
    use crate::model::catalog::Catalog;

    fn find(argument: &str) -> SpecSource {
        SpecSource::find(argument).expect("a source")
    }

    fn complaint(argument: &str) -> String {
        SpecSource::find(argument).expect_err("no source").to_string()
    }

    #[test]
    fn built_in_specs_are_found_by_short_and_long_names() {
        for name in [
            "s3",
            "services/s3",
            "sample/services/s3",
            "scan/sample/services/s3.json",
            "./scan/sample/services/s3.json",
        ] {
            // Run outside the project's own folder, where the long names are files.
            let SpecSource::BuiltIn(spec) = find_elsewhere(name) else { panic!("{name}") };
            assert_eq!(spec.name, "sample/services/s3", "{name}");
        }
        let SpecSource::BuiltIn(spec) = find("each/s3") else { panic!("each/s3") };
        assert_eq!(spec.name, "sample/each/s3");
        assert_eq!(find("inventory").to_string(), "built-in spec inventory");
        assert_eq!(find("all").to_string(), "built-in spec all");
    }

    /// Works as [`find`], but ignores the project's own files.
    fn find_elsewhere(name: &str) -> SpecSource {
        super::BuiltIn::find(name).map(SpecSource::BuiltIn).expect("a built-in spec")
    }

    #[test]
    fn a_file_wins_and_may_lack_its_extension() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("s3.json");
        std::fs::write(&file, "[]").expect("writes");
        let without = folder.path().join("s3");
        assert_eq!(find(&file.display().to_string()), SpecSource::File(file.clone()));
        assert_eq!(find(&without.display().to_string()), SpecSource::File(file));
        assert_eq!(find("-"), SpecSource::StandardInput);
    }

    #[test]
    fn missing_source_error_lists_places_searched() {
        assert_eq!(
            complaint("dynamobd"),
            "there is no file `dynamobd` or `dynamobd.json`, and no built-in spec has that name; \
             did you mean `dynamodb`?"
        );
        assert_eq!(
            complaint("scan/sample/services/s33.json"),
            "there is no file `scan/sample/services/s33.json`, and no built-in spec has that name; \
             did you mean `s3`?"
        );
        assert!(complaint("src").contains("is a folder"));
    }

    #[tokio::test]
    async fn a_file_that_is_no_text_is_told_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("spec.json");
        std::fs::write(&file, [0xff, 0xfe, b'[', 0]).expect("writes");
        let no_client = || Err(Failure::internal("no client is needed"));
        let catalog = Catalog::embedded().expect("a catalog");
        let failure = SpecSource::File(file).read(&catalog, None, no_client).await.expect_err("no text");
        assert!(failure.to_string().ends_with("is not UTF-8 text, as JSON must be"));
    }
}

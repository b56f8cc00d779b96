//! Builds a catalog from another botocore, checks it, and installs it for the user.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::aws_cli::data_of_aws_cli;
use super::build::build_catalog;
use super::comparison::CatalogComparison;
use super::data_folder::DataFolder;
use super::installed::InstalledCatalogs;
use super::opening::open_catalog;
use super::package_index::PackageIndex;
use super::pip_settings::PipSettings;
use crate::aws::http::{HttpSettings, http_client};
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::model::catalog::build::Built;
use crate::model::endpoint::{Partitions, foreign_host, foreign_suffix};
use crate::util::hexadecimal::hexadecimal;

/// The source of a catalog.
#[derive(Clone, Debug)]
pub(crate) enum UpdateSource {
    /// A package index: that of a URL, or the one that pip uses; a version, or the newest.
    Index {
        /// The URL of the index.
        url: Option<String>,
        /// The version of botocore.
        version: Option<String>,
    },
    /// The installed AWS CLI.
    AwsCli,
    /// A folder, or a wheel of botocore.
    Path(PathBuf),
}

/// The result of an update.
pub(crate) struct CatalogUpdate {
    /// The name of the catalog, by which it can be chosen.
    pub(crate) name: String,
    /// The file of the catalog.
    pub(crate) file: PathBuf,
    /// The new catalog; `None` if this version was installed already.
    pub(crate) built: Option<(Built, CatalogComparison)>,
}

impl CatalogUpdate {
    /// Fetches the data if necessary, builds the catalog and installs it.
    ///
    /// # Errors
    ///
    /// A failure if the data cannot be fetched or read, if the catalog would send requests to hosts that are not
    /// AWS's, or if it cannot be written.
    pub(crate) async fn run(source: &UpdateSource) -> Result<Self, Failure> {
        let installed = InstalledCatalogs::of_user();
        match source {
            UpdateSource::Path(path) => Self::install(&installed, &DataFolder::open(path)?),
            UpdateSource::AwsCli => Self::install(&installed, &DataFolder::open(&data_of_aws_cli()?)?),
            UpdateSource::Index { url, version } => {
                let pip = PipSettings::read()?;
                let url = url.as_deref().unwrap_or_else(|| pip.index_url());
                let unreachable = |cause: String| {
                    Failure::usage("cannot fetch botocore").with_source(cause).hint(
                        "name an index with --index-url, or a folder or wheel with --from, or use --from-aws-cli",
                    )
                };
                let index = PackageIndex::parse(url).map_err(unreachable)?;
                let mut settings = HttpSettings::from_environment().for_foreign_addresses();
                settings.ca_bundle = pip.cert().map(Path::to_owned).or(settings.ca_bundle);
                let http = http_client(&settings)?;
                let link = index.find(version.as_deref(), &http).await.map_err(unreachable)?;
                if let Ok(file) = installed.file(&link.version) {
                    return Ok(Self { name: link.version, file, built: None });
                }
                let wheel = temporary(&index.fetch(&link, &http).await.map_err(unreachable)?)?;
                Self::install(&installed, &DataFolder::open(wheel.path())?)
            }
        }
    }

    fn install(installed: &InstalledCatalogs, data: &DataFolder) -> Result<Self, Failure> {
        let built = build_catalog(data.path())?;
        let file = temporary(&built.bytes)?;
        let catalog = open_catalog(Some(file.path()))?;
        check_hosts(&catalog)?;
        let comparison = CatalogComparison::new(&open_catalog(None)?, &catalog)?;
        let name = name_of(&built);
        let file = installed.install(&name, &built.bytes)?;
        Ok(Self { name, file, built: Some((built, comparison)) })
    }
}

/// Returns the version of botocore; for data without one, a name that is derived from the catalog.
fn name_of(built: &Built) -> String {
    if built.botocore_version.starts_with(|first: char| first.is_ascii_digit()) {
        return built.botocore_version.clone();
    }
    let hash = Sha256::digest(&built.bytes);
    format!("unknown-{}", &hexadecimal(&hash)[..8])
}

/// Returns an error if the endpoint rules or partitions of a catalog lead to hosts that are not AWS's: they decide
/// where signed requests are sent.
fn check_hosts(catalog: &Catalog) -> Result<(), Failure> {
    let refuse = |place: &str, host: String| {
        Failure::usage(format!(
            "the catalog is not installed: {place} leads to `{host}`, which is no host of AWS"
        ))
        .hint("use the data of AWS's own botocore")
    };
    let unreadable = |cause| Failure::usage("cannot read the new catalog").with_source(cause);
    let partitions = Partitions::parse(catalog.partitions()).map_err(|cause| {
        Failure::usage("cannot read the partitions of the new catalog").with_source(cause)
    })?;
    if let Some(suffix) = foreign_suffix(&partitions) {
        return Err(refuse("a partition", suffix));
    }
    for entry in catalog.entries() {
        let service = catalog.read(entry).map_err(unreadable)?;
        if let Some(host) = foreign_host(&service.endpoint_rules) {
            return Err(refuse(&format!("the endpoint of {}", entry.name), host));
        }
    }
    Ok(())
}

fn temporary(bytes: &[u8]) -> Result<NamedTempFile, Failure> {
    let write = || {
        let mut file = NamedTempFile::new()?;
        file.write_all(bytes)?;
        Ok::<_, std::io::Error>(file)
    };
    write().map_err(|cause| Failure::internal("cannot write a temporary file").with_source(cause))
}

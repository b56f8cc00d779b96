//! Reads the services and their files from botocore's data folder.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::model::{Model, Paginators};

/// A botocore data folder: `<service>/<api version>/<file>.json[.gz]`.
pub(super) struct BotocoreSource {
    folder: PathBuf,
}

/// The files of the newest API version of one service.
pub(super) struct ServiceFiles {
    /// The folder's name, which is boto3's client name.
    pub(super) name: String,
    /// The content of `service-2.json`.
    pub(super) model: Model,
    /// The content of `paginators-1.json`.
    pub(super) paginators: Paginators,
    /// The content of `endpoint-rule-set-1.json`, as compact JSON text.
    pub(super) endpoint_rules: String,
}

/// The error of a file of the data folder that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {cause}")]
pub struct SourceError {
    path: PathBuf,
    cause: Box<dyn std::error::Error + Send + Sync>,
}

impl SourceError {
    /// Creates an error for `path`.
    pub(super) fn new(path: &Path, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { path: path.to_owned(), cause: cause.into() }
    }
}

impl BotocoreSource {
    /// Opens a data folder, which has to exist.
    pub(super) fn open(folder: &Path) -> Result<Self, SourceError> {
        let source = Self { folder: folder.to_owned() };
        if source.find("partitions.json").is_none() {
            return Err(SourceError::new(
                folder,
                "not a botocore data folder: it contains no partitions.json",
            ));
        }
        Ok(source)
    }

    /// Returns the version of botocore, from the package of the data folder.
    pub(super) fn version(&self) -> Option<String> {
        let package = fs::read_to_string(self.folder.parent()?.join("__init__.py")).ok()?;
        let line = package.lines().find(|line| line.starts_with("__version__"))?;
        Some(line.split_once('=')?.1.trim().trim_matches(['\'', '"']).to_owned())
    }

    /// Returns `partitions.json` as compact JSON text.
    pub(super) fn partitions(&self) -> Result<String, SourceError> {
        let partitions: Value = self.read("partitions.json")?;
        Ok(partitions.to_string())
    }

    /// Returns the names of all services, sorted.
    pub(super) fn service_names(&self) -> Result<Vec<String>, SourceError> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(|cause| SourceError::new(&self.folder, cause))? {
            let entry = entry.map_err(|cause| SourceError::new(&self.folder, cause))?;
            if entry.path().is_dir() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    /// Reads the files of a service's newest API version.
    pub(super) fn service(&self, name: &str) -> Result<ServiceFiles, SourceError> {
        let folder = self.folder.join(name);
        let mut versions: Vec<_> = fs::read_dir(&folder)
            .map_err(|cause| SourceError::new(&folder, cause))?
            .filter_map(Result::ok)
            .filter(|entry| entry.path().is_dir())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        versions.sort();
        let version =
            versions.pop().ok_or_else(|| SourceError::new(&folder, "no API version in the folder"))?;
        let file = |file: &str| format!("{name}/{version}/{file}");

        let mut model: Value = self.read(&file("service-2.json"))?;
        self.merge_extras(&mut model, &file("service-2.sdk-extras.json"))?;
        let model = serde_json::from_value(model)
            .map_err(|cause| SourceError::new(&self.folder.join(file("service-2.json")), cause))?;

        let paginators_file = file("paginators-1.json");
        let mut paginators = match self.find(&paginators_file) {
            Some(_) => self.read(&paginators_file)?,
            None => Value::Object(Map::new()),
        };
        self.merge_extras(&mut paginators, &file("paginators-1.sdk-extras.json"))?;
        let paginators = serde_json::from_value(paginators)
            .map_err(|cause| SourceError::new(&self.folder.join(paginators_file), cause))?;

        let rules: Value = self.read(&file("endpoint-rule-set-1.json"))?;
        Ok(ServiceFiles { name: name.to_owned(), model, paginators, endpoint_rules: rules.to_string() })
    }

    /// Applies the corrections that botocore ships beside a file (`botocore/loaders.py`,
    /// `ExtrasProcessor`): everything under `merge` is merged deeply.
    fn merge_extras(&self, target: &mut Value, extras: &str) -> Result<(), SourceError> {
        if self.find(extras).is_some() {
            let mut extras: Value = self.read(extras)?;
            merge_deeply(target, extras["merge"].take());
        }
        Ok(())
    }

    /// Returns the path of a file, plain or compressed.
    fn find(&self, file: &str) -> Option<PathBuf> {
        [file.to_owned(), format!("{file}.gz")]
            .into_iter()
            .map(|file| self.folder.join(file))
            .find(|path| path.is_file())
    }

    fn read<T: DeserializeOwned>(&self, file: &str) -> Result<T, SourceError> {
        let path =
            self.find(file).ok_or_else(|| SourceError::new(&self.folder.join(file), "no such file"))?;
        let bytes = fs::read(&path).map_err(|cause| SourceError::new(&path, cause))?;
        let bytes = if path.extension().is_some_and(|extension| extension == "gz") {
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(&bytes[..])
                .read_to_end(&mut plain)
                .map_err(|cause| SourceError::new(&path, cause))?;
            plain
        } else {
            bytes
        };
        serde_json::from_slice(&bytes).map_err(|cause| SourceError::new(&path, cause))
    }
}

fn merge_deeply(target: &mut Value, addition: Value) {
    match (target, addition) {
        (Value::Object(target), Value::Object(addition)) => {
            for (key, value) in addition {
                merge_deeply(target.entry(key).or_insert(Value::Null), value);
            }
        }
        (_, Value::Null) => {}
        (target, addition) => *target = addition,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::merge_deeply;

    #[test]
    fn extras_are_merged_into_what_is_there() {
        let mut target = json!({"pagination": {"ListA": {"input_token": "T"}}});
        merge_deeply(
            &mut target,
            json!({"pagination": {"ListA": {"non_aggregate_keys": ["K"]}, "ListB": {}}}),
        );
        assert_eq!(
            target,
            json!({"pagination": {
                "ListA": {"input_token": "T", "non_aggregate_keys": ["K"]}, "ListB": {}
            }})
        );
    }
}

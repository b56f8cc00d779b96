//! The package index that pip's configuration names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::aws::credentials::{IniValue, parse_ini};
use crate::error::Failure;

/// The index of pip without a configuration (pip's documentation, "pip install", `--index-url`).
const PYPI: &str = "https://pypi.org/simple";

/// The settings of pip that matter for a download.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PipSettings {
    index_url: Option<String>,
    cert: Option<PathBuf>,
}

impl PipSettings {
    /// Reads pip's environment variables and configuration files.
    ///
    /// # Errors
    ///
    /// A failure that names the file that cannot be read.
    pub(crate) fn read() -> Result<Self, Failure> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self::from(variable, &["/etc/xdg/pip/pip.conf", "/etc/pip.conf"].map(PathBuf::from))
    }

    /// Returns the URL of the index.
    pub(crate) fn index_url(&self) -> &str {
        self.index_url.as_deref().unwrap_or(PYPI)
    }

    /// Returns the file of certificates to trust instead of the platform's.
    pub(crate) fn cert(&self) -> Option<&Path> {
        self.cert.as_deref()
    }

    /// Reads the settings. Variables precede files, and the user's files those of the machine (pip's documentation,
    /// "Configuration", `PIP_CONFIG_FILE` and precedence).
    fn from(variable: impl Fn(&str) -> Option<String>, global: &[PathBuf]) -> Result<Self, Failure> {
        let mut settings = Self::default();
        for file in files(&variable, global) {
            settings.add(&file)?;
        }
        settings.index_url = variable("PIP_INDEX_URL").or(settings.index_url);
        settings.cert = variable("PIP_CERT").map(PathBuf::from).or(settings.cert);
        Ok(settings)
    }

    /// Adds the settings of a file, which precede those that were read before.
    fn add(&mut self, file: &Path) -> Result<(), Failure> {
        let unusable = || Failure::usage(format!("cannot read pip's configuration {}", file.display()));
        let text = match fs::read(file) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(());
            }
            Err(error) => return Err(unusable().with_source(error)),
        };
        let sections = parse_ini(&text).map_err(|cause| unusable().with_source(cause))?;
        // The section of the command precedes `global`, wherever it is.
        for wanted in ["global", "install"] {
            for (_, section) in sections.iter().filter(|(name, _)| name == wanted) {
                for (name, value) in section {
                    let IniValue::Text(value) = value else { continue };
                    match name.replace('_', "-").as_str() {
                        "index-url" => self.index_url = Some(value.clone()),
                        "cert" => self.cert = Some(PathBuf::from(value)),
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }
}

/// Returns pip's configuration files, the one with the highest precedence last.
fn files(variable: impl Fn(&str) -> Option<String>, global: &[PathBuf]) -> Vec<PathBuf> {
    let chosen = variable("PIP_CONFIG_FILE").map(PathBuf::from);
    if chosen.as_deref() == Some(Path::new("/dev/null")) {
        return Vec::new();
    }
    let home = variable("HOME").map(PathBuf::from);
    let config = variable("XDG_CONFIG_HOME").map(PathBuf::from);
    let config = config.or_else(|| Some(home.as_ref()?.join(".config")));
    let mut files = global.to_vec();
    files.extend(home.map(|home| home.join(".pip/pip.conf")));
    files.extend(config.map(|config| config.join("pip/pip.conf")));
    files.extend(variable("VIRTUAL_ENV").map(|environment| Path::new(&environment).join("pip.conf")));
    files.extend(chosen);
    files
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::PipSettings;

    fn settings(home: &Path, variables: &[(&str, &str)]) -> Result<PipSettings, String> {
        let variable = |name: &str| match name {
            "HOME" => home.to_str().map(str::to_owned),
            _ => variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
        };
        PipSettings::from(variable, &[]).map_err(|failure| failure.to_string())
    }

    #[test]
    fn variables_precede_the_files_of_the_user() {
        let home = tempfile::tempdir().expect("a folder");
        let read = |variables: &[(&str, &str)]| settings(home.path(), variables).expect("settings");
        assert_eq!(read(&[]).index_url(), "https://pypi.org/simple");
        fs::create_dir_all(home.path().join(".config/pip")).expect("a folder");
        fs::create_dir_all(home.path().join(".pip")).expect("a folder");
        fs::write(
            home.path().join(".pip/pip.conf"),
            "[global]\nindex-url = https://old/simple\ncert = /c.pem\n",
        )
        .expect("a file");
        assert_eq!(read(&[]).index_url(), "https://old/simple");
        let text = "[install]\nindex_url = https://mine/simple\n[global]\nindex-url = https://other/simple\n";
        fs::write(home.path().join(".config/pip/pip.conf"), text).expect("a file");
        assert_eq!(read(&[]).index_url(), "https://mine/simple");
        assert_eq!(read(&[]).cert(), Some(Path::new("/c.pem")));
        assert_eq!(read(&[("PIP_INDEX_URL", "https://now/simple")]).index_url(), "https://now/simple");
        assert_eq!(read(&[("PIP_CONFIG_FILE", "/dev/null")]).index_url(), "https://pypi.org/simple");
    }

    #[test]
    fn unreadable_configuration_is_named_without_its_values() {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("pip.conf");
        fs::write(&file, "index-url = https://me:secret@host/simple\n").expect("a file");
        let name = file.to_str().expect("a name");
        let message = settings(home.path(), &[("PIP_CONFIG_FILE", name)]).expect_err("no section");
        assert!(message.contains("pip.conf") && !message.contains("secret"), "{message}");
    }
}

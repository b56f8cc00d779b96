//! The settings of a profile in a form that the SDK's own parser reads.

use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};

use super::{IniSection, IniValue, SDK_PROFILE, SharedConfig};

/// The name of the section of service endpoints in the settings for the SDK.
const SDK_SERVICES: &str = "scan";

/// The options that lead to credentials, which the SDK does not get: this program decides which apply.
const CREDENTIALS: [&str; 7] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_security_token",
    "aws_session_token",
    "credential_process",
    "credential_source",
    "source_profile",
];

impl SharedConfig {
    /// Returns the settings of a profile, such as endpoints and FIPS, as a config file in memory with the profile
    /// [`SDK_PROFILE`].
    pub(in crate::aws::credentials) fn sdk_settings(&self, profile: &str) -> EnvConfigFiles {
        let mut text = format!("[{SDK_PROFILE}]\n");
        if let Some(profile) = self.profile(profile) {
            for (option, value) in profile.options().filter(|(option, _)| !CREDENTIALS.contains(option)) {
                match (option, value) {
                    ("services", IniValue::Text(_)) => write(&mut text, option, SDK_SERVICES),
                    (_, value) => write_value(&mut text, option, value),
                }
            }
            if let Some(services) = profile.get("services").and_then(|name| self.services.get(name)) {
                write_section(&mut text, services);
            }
        }
        EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, text).build()
    }
}

fn write_section(text: &mut String, services: &IniSection) {
    text.extend(["[services ", SDK_SERVICES, "]\n"]);
    for (option, value) in services {
        write_value(text, option, value);
    }
}

fn write_value(text: &mut String, option: &str, value: &IniValue) {
    match value {
        // No setting has several lines.
        IniValue::Text(value) if !value.contains('\n') => write(text, option, value),
        IniValue::Text(_) => {}
        IniValue::Nested(nested) => {
            write(text, option, "");
            for (key, value) in nested {
                text.push_str("  ");
                write(text, key, value);
            }
        }
    }
}

/// Writes a setting, unless the SDK rejects its name (`validate_identifier` of aws-runtime 1.10).
fn write(text: &mut String, option: &str, value: &str) {
    let is_valid = |character: char| character.is_ascii_alphanumeric() || "_-/.%@:+".contains(character);
    if !option.is_empty() && option.chars().all(is_valid) {
        text.extend([option, " = ", value, "\n"]);
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use aws_config::profile;
    use aws_types::os_shim_internal::{Env, Fs};

    use crate::aws::credentials::shared_config::{SDK_PROFILE, SharedConfig};

    #[tokio::test]
    async fn sdk_reads_settings_of_profile_with_any_name() {
        let config = "[profile 'My Mac']\n region: eu-west-1\nuse_fips_endpoint = true\nservices = my own\n\
                      credential_process = secret\nodd name = x\ns3 =\n  addressing_style = path\n\
                      [services 'my own']\nsts =\n  endpoint_url = http://127.0.0.1:1\n";
        let shared = SharedConfig::parse((config.as_bytes(), PathBuf::new()), (b"", PathBuf::new()));
        let settings = shared.expect("files").sdk_settings("My Mac");
        let (fs, env) = (Fs::from_slice(&[]), Env::from_slice(&[]));
        let set = profile::load(&fs, &env, &settings, Some(SDK_PROFILE.into())).await.expect("settings");
        assert_eq!(set.get("region"), Some("eu-west-1"));
        assert_eq!(set.get("use_fips_endpoint"), Some("true"));
        assert_eq!(set.get("credential_process"), None);
        let sections = format!("{:?}", set.other_sections());
        assert!(sections.contains("http://127.0.0.1:1"), "{sections}");
    }
}

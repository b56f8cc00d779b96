//! Reports the settings of a manifest that extend what a resumed run does: the folder may come from an untrusted
//! source.

use super::settings::session_policy::PLAN;
use crate::aws::credentials::{DEFAULT_ROLE_NAME, DEFAULT_SESSION_NAME};
use crate::run::{Manifest, ManifestRole};

/// Returns the notice of these settings as options of a scan; `None` if the manifest has none.
pub(crate) fn taken_over(manifest: &Manifest) -> Option<String> {
    let its = &manifest.settings;
    let mut options = Vec::new();
    if !its.redact {
        options.push("--no-redact".to_owned());
    }
    options.extend(its.allow.iter().map(|function| format!("--allow {function}")));
    let unreviewed = its.allow_unreviewed.iter();
    options.extend(unreviewed.map(|function| format!("--allow-unreviewed {function}")));
    options.extend(its.profiles.iter().map(|name| format!("--profile {name}")));
    if let Some(name) = its.role_name.as_deref().filter(|name| *name != DEFAULT_ROLE_NAME) {
        options.push(format!("--role-name {name}"));
    }
    if let Some(sets) = &its.permission_sets {
        options.extend(sets.names.iter().map(|name| format!("--sso-permission-set {name}")));
        options.extend(sets.sso_session.iter().map(|name| format!("--sso-session {name}")));
    }
    options.extend(of_role(&its.role));
    if options.is_empty() {
        return None;
    }
    let options: Vec<String> = options.iter().map(|option| format!("\n  {}", shortened(option))).collect();
    Some(format!("Options taken from the manifest:{}", options.concat()))
}

fn of_role(role: &ManifestRole) -> Vec<String> {
    let mut options = Vec::new();
    let mut add = |option: &str, value: Option<&str>| {
        options.extend(value.map(|value| format!("{option} {value}")));
    };
    add("--session-policy", Some(&*role.session_policy).filter(|policy| *policy != PLAN));
    add("--via-role", role.via_role.as_deref());
    add("--role-arn-template", role.arn_template.as_deref());
    add("--role-path", Some(&*role.path).filter(|path| *path != "/"));
    add("--external-id", role.external_id.as_deref());
    add("--role-session-name", Some(&*role.session_name).filter(|name| *name != DEFAULT_SESSION_NAME));
    add("--source-identity", role.source_identity.as_deref());
    for (key, value) in &role.session_tags {
        add("--session-tag", Some(&format!("{key}={value}")));
    }
    options
}

/// Returns the option, truncated to the width of a terminal: a policy may be long.
fn shortened(option: &str) -> String {
    const LONGEST: usize = 120;
    let mut shortened: String =
        option.chars().take(LONGEST).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if shortened.len() < option.len() {
        shortened.push('…');
    }
    shortened
}

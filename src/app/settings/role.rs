//! The role to assume in member accounts.

use std::time::Duration;

use super::session_policy::SessionPolicyChoice;
use crate::aws::credentials::{RoleSettings, check_role_arn};
use crate::error::Failure;
use crate::run::ManifestRole;

/// The member role, and how its sessions are opened.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoleChoice {
    /// The role in the member accounts, still without the session policy, which depends on the plan.
    pub(crate) role: RoleSettings,
    pub(crate) session_policy: SessionPolicyChoice,
    pub(crate) via_role: Option<String>,
    /// The source identity of the first session. It stays set in all sessions that are opened from it.
    pub(crate) source_identity: Option<String>,
}

impl RoleChoice {
    pub(crate) fn new(
        mut role: RoleSettings,
        session_policy: SessionPolicyChoice,
        via_role: Option<String>,
    ) -> Result<Self, Failure> {
        // An empty variable in `.env` counts as unset, like AWS's own variables.
        if role.role_name.is_empty() {
            role.role_name = RoleSettings::default().role_name;
        }
        if let Some(name) = role.arn_template.as_deref().and_then(|template| template.rsplit('/').next()) {
            name.clone_into(&mut role.role_name);
        }
        role.check()?;
        let source_identity = role.source_identity.clone();
        if let Some(via_role) = &via_role {
            check_role_arn(via_role)?;
            // It is set once and stays set in all sessions that are opened from the first
            // (docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html).
            role.source_identity = None;
        }
        Ok(Self { role, session_policy, via_role, source_identity })
    }

    /// Returns the part of the manifest that a resumed run needs to assume the role in the same way.
    pub(crate) fn kept(&self) -> ManifestRole {
        let RoleSettings { role_path, arn_template, external_id, session_name, duration, tags, .. } =
            &self.role;
        ManifestRole {
            fallback_names: self.role.fallback_role_names.clone(),
            path: role_path.clone(),
            arn_template: arn_template.clone(),
            via_role: self.via_role.clone(),
            external_id: external_id.clone(),
            session_name: session_name.clone(),
            source_identity: self.source_identity.clone(),
            session_tags: tags.iter().cloned().collect(),
            duration_seconds: duration.map(|duration| duration.as_secs()),
            session_policy: self.session_policy.kept(),
        }
    }

    /// What a manifest has kept.
    pub(crate) fn from_manifest(role_name: Option<&str>, kept: &ManifestRole) -> Result<Self, Failure> {
        let role_name = role_name.unwrap_or_default().to_owned();
        let role = RoleSettings {
            role_name,
            fallback_role_names: kept.fallback_names.clone(),
            role_path: kept.path.clone(),
            arn_template: kept.arn_template.clone(),
            external_id: kept.external_id.clone(),
            session_name: kept.session_name.clone(),
            duration: kept.duration_seconds.map(Duration::from_secs),
            session_policies: Vec::new(),
            source_identity: kept.source_identity.clone(),
            tags: kept.session_tags.clone().into_iter().collect(),
            ..RoleSettings::default()
        };
        Self::new(role, SessionPolicyChoice::from_manifest(&kept.session_policy)?, kept.via_role.clone())
    }
}

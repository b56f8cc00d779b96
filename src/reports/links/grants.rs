//! Who gets access: principals of policies.

use super::forms::TextForm;
use super::graph::{LinkEnd, LinkKind, OutsideNode};
use super::references::{Grant, ResourceReference};
use super::resolve::{LinkResolver, Referring, own_account};
use super::shares::{EVERYONE, everyone_node};
use super::writer::{FoundLink, LinkWriter};
use crate::arn::Arn;

/// The provider that IAM Identity Center makes in each account: its sign-ins are those of the organization.
const IDENTITY_CENTER: &str = "saml-provider/AWSSSO_";

impl LinkResolver<'_> {
    /// Adds the links to a principal that a policy allows something.
    pub(super) fn resolve_grant(
        &mut self,
        from: &Referring<'_>,
        reference: &ResourceReference<'_>,
        writer: &mut LinkWriter,
    ) {
        let Some(Grant { statement, principal_type }) = reference.grant else { return };
        let own = from.resource.account.as_str();
        let (path, text) = (reference.path, reference.text);
        let add = |to: LinkEnd, writer: &mut LinkWriter| {
            writer.add(
                from.node,
                &FoundLink { to, kind: LinkKind::Principal, path, statement: Some(statement) },
            );
        };
        match (principal_type, TextForm::of(text)) {
            ("Service", _) => {}
            ("CanonicalUser", _) => {
                add(writer.outside(OutsideNode::foreign(text, "canonical user")), writer);
            }
            (_, _) if text == EVERYONE && !self.accounts.are_only_meant(statement) => {
                add(writer.outside(everyone_node()), writer);
            }
            (_, TextForm::Account) if text == own => {}
            (_, TextForm::Account) => add(self.account_end(text, text, writer), writer),
            (_, TextForm::Arn(arn)) if arn.resource == "root" && arn.account != own => {
                add(self.account_end(arn.account, text, writer), writer);
            }
            (_, TextForm::Arn(arn)) => {
                let role = role_of_session(&arn);
                let role = role.as_deref().unwrap_or(text);
                let of_role = ResourceReference { text: role, member: "", ..*reference };
                if let Some(to) = Arn::parse(role).and_then(|arn| self.arn(from, &of_role, arn, writer)) {
                    add(to, writer);
                }
                if let Some(provider) = outside_provider(&arn) {
                    add(writer.outside(OutsideNode::foreign(provider, "identity provider")), writer);
                }
            }
            // AWS shows the ID of a principal that was deleted in place of its ARN ("Principal" in the reference of
            // IAM's JSON policies).
            ("AWS", TextForm::Id) => {
                let node =
                    OutsideNode { label: Some("deleted principal"), ..OutsideNode::missing(true, text) };
                add(writer.outside(node), writer);
            }
            ("Federated", TextForm::Host) if !is_of_aws(text) => {
                add(writer.outside(OutsideNode::foreign(text, "identity provider")), writer);
            }
            _ => {}
        }
    }

    /// Returns the node of an account.
    fn account_end(&self, account: &str, text: &str, writer: &mut LinkWriter) -> LinkEnd {
        match self.outside_account(account, text, writer) {
            Some(end) => end,
            None => writer.outside(own_account(account)),
        }
    }
}

/// Returns the ARN of the role of a role session.
fn role_of_session(arn: &Arn<'_>) -> Option<String> {
    let name = arn.assumed_role_name().filter(|_| arn.service == "sts")?;
    let resource = format!("role/{name}");
    Some(Arn { service: "iam", region: "", resource: &resource, ..*arn }.to_string())
}

/// Returns the address of a provider of identities outside of AWS.
fn outside_provider<'text>(arn: &Arn<'text>) -> Option<&'text str> {
    if let Some(address) = arn.resource.strip_prefix("oidc-provider/") {
        return (!is_of_aws(address.split('/').next().unwrap_or_default())).then_some(address);
    }
    let is_outside = arn.resource.starts_with("saml-provider/") && !arn.resource.starts_with(IDENTITY_CENTER);
    is_outside.then_some(arn.resource)
}

fn is_of_aws(host: &str) -> bool {
    host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn")
}

//! A link as a row of a table.

use serde::Serialize;

use super::graph::{LinkEnd, LinkGraph, NodeDescription, ResourceLink};
use crate::run::ResultsError;

/// A link with the identifiers of both ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct LinkRow {
    /// The ARN of the resource that refers, or its ID or name.
    pub(crate) from: String,
    /// The ARN of what it refers to, or its ID, name, account or address; `*` is everyone.
    pub(crate) to: String,
    /// The path of the member.
    pub(crate) path: String,
    /// How the text names what it refers to: `arn`, `id`, `name`, `dns_name`, `ip_address`, `principal`, `share`,
    /// `account`.
    pub(crate) kind: &'static str,
    /// Whether the ends are in different accounts.
    pub(crate) cross_account: bool,
    /// What it leads to: `resource`, `account`, `foreign`, `dangling` or `unknown`.
    pub(crate) state: &'static str,
    /// The position of the resource that refers among those of the run, from 1.
    #[serde(skip)]
    pub(crate) from_resource: u32,
    /// The position of the resource that it refers to.
    #[serde(skip)]
    pub(crate) to_resource: Option<u32>,
    pub(crate) from_account: Option<String>,
    pub(crate) from_region: Option<String>,
    pub(crate) from_service: String,
    pub(crate) from_kind: String,
    pub(crate) from_name: Option<String>,
    pub(crate) to_account: Option<String>,
    pub(crate) to_region: Option<String>,
    pub(crate) to_service: Option<String>,
    /// The kind of what it refers to: of a resource, or what is known of a foreign end.
    pub(crate) to_kind: String,
    pub(crate) to_name: Option<String>,
    /// The statement of the policy that gives access, as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) statement: Option<String>,
}

impl LinkGraph {
    /// Returns a link as a row.
    ///
    /// # Errors
    ///
    /// Fails if the temporary file with the identifiers cannot be read.
    pub(crate) fn row(&self, link: &ResourceLink) -> Result<LinkRow, ResultsError> {
        let from = self.describe(LinkEnd::Resource(link.from))?;
        let to = self.describe(link.to)?;
        let identifier = |node: &NodeDescription| node.identifier().to_owned();
        Ok(LinkRow {
            from: identifier(&from),
            to: identifier(&to),
            path: self.path(link).to_owned(),
            kind: link.kind.as_str(),
            cross_account: self.is_cross_account(link),
            state: self.outside_node(link.to).map_or("resource", |node| node.state.as_str()),
            from_resource: link.from + 1,
            to_resource: match link.to {
                LinkEnd::Resource(node) => Some(node + 1),
                LinkEnd::Outside(_) => None,
            },
            from_account: from.account,
            from_region: from.region,
            from_service: from.service,
            from_kind: from.kind,
            from_name: from.name,
            to_account: to.account,
            to_region: to.region,
            to_service: Some(to.service).filter(|service| !service.is_empty()),
            to_kind: to.kind,
            to_name: to.name,
            statement: self.statement(link).map(str::to_owned),
        })
    }
}

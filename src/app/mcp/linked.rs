//! The tool `links`: what a resource uses and what uses it, who outside gets access, and what does not exist.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::rows::objects;
use super::run_tools::RunTools;
use super::tool_error::ToolError;

/// The members of a link.
const LINK: &str = "\"from\", from_kind, from_account, from_region, path, \"to\", to_kind, to_account, to_region, kind, \
    state, cross_account, statement";

impl RunTools {
    /// Returns what a resource uses, what that uses and so on, as far as `depth` steps, and the same for what uses it.
    pub(super) fn links_around(&self, text: &str, depth: usize, limit: usize) -> Result<Value, ToolError> {
        let found = self.candidates(text)?;
        let start = numbers(&found, "resource");
        if start.is_empty() {
            return self.links_to_outside(text, limit);
        }
        let (mut links, mut is_truncated) = (Vec::new(), false);
        for (direction, near, far) in
            [("uses", "from_resource", "to_resource"), ("used_by", "to_resource", "from_resource")]
        {
            let (mut last, mut seen) = (start.clone(), start.clone());
            for step in 1..=depth {
                let near_list = last.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
                let sql = format!("SELECT {LINK}, {far} AS far FROM links WHERE {near} IN ({near_list})");
                let room = limit.saturating_sub(links.len());
                let (rows, has_more) = objects(self.database(), &sql, &[], room)?;
                is_truncated |= has_more;
                last = numbers(&rows, "far").into_iter().filter(|number| seen.insert(*number)).collect();
                links.extend(rows.into_iter().map(|mut row| {
                    row.remove("far");
                    row.insert("direction".to_owned(), direction.into());
                    row.insert("step".to_owned(), step.into());
                    row
                }));
                if last.is_empty() {
                    break;
                }
            }
        }
        Ok(json!({"resources": found, "links": links, "is_truncated": is_truncated}))
    }

    /// Returns the links to an account, a host or another name that is no resource of the run.
    fn links_to_outside(&self, text: &str, limit: usize) -> Result<Value, ToolError> {
        let sql = format!("SELECT {LINK} FROM links WHERE \"to\" = ?1 OR to_account = ?1");
        let (links, is_truncated) = objects(self.database(), &sql, &[text], limit)?;
        let mut response = json!({"resources": [], "links": links, "is_truncated": is_truncated});
        if links.is_empty() {
            response["note"] = json!("the run has no such resource, and nothing that refers to it");
        }
        Ok(response)
    }

    /// Returns the links that give access to who is outside of the organization.
    pub(super) fn foreign_links(&self, limit: usize) -> Result<Value, ToolError> {
        self.links_where("SELECT * FROM foreign_access", limit)
    }

    /// Returns the links that lead to what does not exist.
    pub(super) fn dangling_links(&self, limit: usize) -> Result<Value, ToolError> {
        self.links_where(&format!("SELECT {LINK} FROM links WHERE state = 'dangling'"), limit)
    }

    fn links_where(&self, sql: &str, limit: usize) -> Result<Value, ToolError> {
        let (links, is_truncated) = objects(self.database(), sql, &[], limit)?;
        Ok(json!({"links": links, "is_truncated": is_truncated}))
    }
}

/// Returns the numbers of resources in a member of rows.
fn numbers(rows: &[Map<String, Value>], member: &str) -> BTreeSet<i64> {
    rows.iter().filter_map(|row| row.get(member)?.as_i64()).collect()
}

//! The tool `resource`: all about one resource.

use serde_json::{Map, Value, json};

use super::gaps;
use super::rows::objects;
use super::run_tools::RunTools;
use super::tool_error::ToolError;

/// The most resources that are listed if several have the name.
const CANDIDATES: usize = 50;

/// Where a resource is found.
const FOUND: &str = "FROM resources WHERE id = ?1 OR arn = ?1 OR name = ?1 ORDER BY resource";

impl RunTools {
    /// Returns the resource with an ID, ARN or name; if there are several, their identities.
    pub(super) fn resource(&self, text: &str) -> Result<Value, ToolError> {
        let mut found = self.candidates(text)?;
        if found.len() > 1 {
            return Ok(json!({
                "candidates": found,
                "note": format!("several resources are called `{text}`: use the ARN or ID of one"),
            }));
        }
        let Some(candidate) = found.pop() else {
            let mut none = json!({"resource": null, "note": "the run has no such resource"});
            if let Some(gaps) = gaps::of_account(self.database(), None)? {
                none["gaps"] = gaps;
            }
            return Ok(none);
        };
        let number = candidate.get("resource").map(Value::to_string).unwrap_or_default();
        let sql = format!("SELECT * FROM resources WHERE resource = {number}");
        let (mut rows, _) = objects(self.database(), &sql, &[], 1)?;
        let row = rows.pop().unwrap_or_default();
        let account = row.get("account").and_then(Value::as_str);
        let gaps = gaps::of_account(self.database(), account)?;
        let mut response = json!({"resource": row});
        if let Some(gaps) = gaps {
            response["gaps_of_account"] = gaps;
        }
        Ok(response)
    }

    /// Returns the identities of the resources with an ID, ARN or name.
    pub(super) fn candidates(&self, text: &str) -> Result<Vec<Map<String, Value>>, ToolError> {
        let columns = "SELECT resource, account, account_name, region, service, kind, id, arn, name";
        Ok(objects(self.database(), &format!("{columns} {FOUND}"), &[text], CANDIDATES)?.0)
    }
}

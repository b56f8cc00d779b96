//! The tool `diff`: the changes since an earlier run in the same folder.

use std::path::{Component, Path, PathBuf};

use serde_json::{Value, json};

use super::run_tools::RunTools;
use super::tool_error::ToolError;
use crate::app::read_run::read_run;
use crate::reports::diff::{self, Choice, Ignore};
use crate::run::RunPair;

impl RunTools {
    /// Compares the run with an earlier one, or with the last one of the same kind before it.
    pub(super) fn changes(&self, before: Option<&str>, limit: usize) -> Result<Value, ToolError> {
        let old = if let Some(name) = before {
            self.sibling(name)?
        } else {
            let pair = RunPair::ending_with(self.run()).map_err(|error| {
                ToolError::new(error.to_string(), "name another run of the folder in `before`")
            })?;
            pair.old
        };
        let catalog = self.catalog();
        let (before, after) = (read_run(&old, catalog)?.0, read_run(self.run(), catalog)?.0);
        let names = [old.as_path(), self.run()].map(|run| run.display().to_string());
        let ignore = Ignore::new([], true).unwrap_or_default();
        let mut difference = diff::compare(&before, &after, names, &ignore, &Choice::default())?;
        let changes = difference.first_changes(limit + 1)?;
        let is_truncated = changes.len() > limit;
        let changes: Vec<_> = changes.into_iter().take(limit).collect();
        Ok(json!({"summary": difference.summary, "changes": changes, "is_truncated": is_truncated}))
    }

    /// Returns the folder of another run beside this one. No other folder can be named.
    fn sibling(&self, name: &str) -> Result<PathBuf, ToolError> {
        let mut parts = Path::new(name).components();
        let is_name =
            matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name);
        let folder = self.run().parent().filter(|_| is_name).map(|folder| folder.join(name));
        folder.filter(|folder| folder.join("manifest.json").is_file()).ok_or_else(|| {
            ToolError::new(
                format!("no run beside this one is called `{name}`"),
                "use the name of a folder, as `scan runs` lists it, or omit `before`",
            )
        })
    }
}

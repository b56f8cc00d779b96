//! The tools of a run: their names, descriptions and arguments.

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::tool_error::ToolError;

/// The rows of a response, unless the client wants another number.
const ROWS: usize = 100;
/// The most rows of a response.
const MOST_ROWS: usize = 1_000;
/// The most steps from a resource.
const MOST_STEPS: usize = 5;

/// A tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunTool {
    /// Describes the run or a table.
    Describe,
    /// Runs SQL.
    Query,
    /// Lists what the run could not see.
    Gaps,
    /// Shows a resource.
    Resource,
    /// Shows links.
    Links,
    /// Compares with an earlier run.
    Diff,
}

/// A tool with its arguments.
#[derive(Debug)]
pub(super) enum ToolRequest {
    Describe(DescribeRequest),
    Query(QueryRequest),
    Gaps(GapsRequest),
    Resource(ResourceRequest),
    Links(LinksRequest),
    Diff(DiffRequest),
}

/// The arguments of `describe`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DescribeRequest {
    /// The table or view whose columns are wanted; without it, the run and its tables are described.
    pub(super) table: Option<String>,
}

/// The arguments of `query`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QueryRequest {
    /// One read-only statement in the SQL of SQLite.
    pub(super) sql: String,
    /// The most rows to return: 100 by default, 1,000 at most.
    pub(super) limit: Option<usize>,
}

/// The arguments of `gaps`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GapsRequest {
    /// The ID of an account.
    pub(super) account: Option<String>,
    /// The name of a region, or `global`.
    pub(super) region: Option<String>,
    /// The name of a service, as in boto3.
    pub(super) service: Option<String>,
    /// The most causes to return: 100 by default, 1,000 at most.
    pub(super) limit: Option<usize>,
}

/// The arguments of `resource`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResourceRequest {
    /// The ID, ARN or name of the resource.
    pub(super) resource: String,
}

/// The arguments of `links`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LinksRequest {
    /// The ID, ARN or name of a resource, or the ID of an account. Without it, the links that give access to who is
    /// outside of the organization are returned.
    pub(super) resource: Option<String>,
    /// Without a resource: whether to return the links that lead to what does not exist.
    #[serde(default)]
    pub(super) dangling: bool,
    /// The steps from the resource: 1 by default, 5 at most.
    depth: Option<usize>,
    /// The most links to return: 100 by default, 1,000 at most.
    pub(super) limit: Option<usize>,
}

/// The arguments of `diff`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DiffRequest {
    /// The name of an earlier run in the same folder; without it, the last one of the same kind.
    pub(super) before: Option<String>,
    /// The most changes to return: 100 by default, 1,000 at most.
    pub(super) limit: Option<usize>,
}

impl LinksRequest {
    pub(super) fn depth(&self) -> usize {
        self.depth.unwrap_or(1).clamp(1, MOST_STEPS)
    }
}

/// Returns the most rows of a response.
pub(super) fn most_rows(limit: Option<usize>) -> usize {
    limit.unwrap_or(ROWS).min(MOST_ROWS)
}

impl RunTool {
    /// All tools.
    pub(super) const ALL: [Self; 6] =
        [Self::Describe, Self::Query, Self::Gaps, Self::Resource, Self::Links, Self::Diff];

    /// Returns the name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Describe => "describe",
            Self::Query => "query",
            Self::Gaps => "gaps",
            Self::Resource => "resource",
            Self::Links => "links",
            Self::Diff => "diff",
        }
    }

    /// Returns the title.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Describe => "Describe the inventory or a table",
            Self::Query => "Query the inventory with SQL",
            Self::Gaps => "List what the inventory does not have",
            Self::Resource => "Show a resource",
            Self::Links => "Show links between resources",
            Self::Diff => "Compare with an earlier inventory",
        }
    }

    /// Returns the description.
    pub(super) fn description(self) -> &'static str {
        match self {
            Self::Describe => {
                "Without arguments: when the inventory was made, its accounts, the kinds of resources with their \
                 numbers, all tables and views, and what could not be seen. With a table: its columns and first row. \
                 Start with this."
            }
            Self::Query => {
                "Runs one SELECT statement in the SQL of SQLite. `resources` has all resources, with account, region, \
                 service, kind, id, arn, name, tags (JSON) and raw (the API's response as JSON); each kind has a table \
                 such as ec2_instance with a column for each field; `accounts`, `tags`, `links`, `ledger` and `missing` \
                 have the rest. The response has `gaps` if resources of these tables may be missing: then an empty \
                 result is no proof that there are none."
            }
            Self::Gaps => {
                "Lists the causes of what could not be seen: denied and failed calls, with accounts, regions, services, \
                 the message and how to fix it."
            }
            Self::Resource => {
                "Returns everything that is known about one resource, by ID, ARN or name: identity, tags, the \
                 API's response, and what could not be seen in its account."
            }
            Self::Links => {
                "Returns what a resource uses and what uses it. Without a resource: who outside of the organization \
                 gets access and by which statement, or the references to what does not exist."
            }
            Self::Diff => {
                "Compares the inventory with an earlier one: added, removed and changed resources, and those that one \
                 of the two could not see."
            }
        }
    }

    /// Returns the JSON schema of the arguments.
    pub(super) fn schema(self) -> Map<String, Value> {
        match self {
            Self::Describe => schema_of::<DescribeRequest>(),
            Self::Query => schema_of::<QueryRequest>(),
            Self::Gaps => schema_of::<GapsRequest>(),
            Self::Resource => schema_of::<ResourceRequest>(),
            Self::Links => schema_of::<LinksRequest>(),
            Self::Diff => schema_of::<DiffRequest>(),
        }
    }
}

fn schema_of<Arguments: JsonSchema>() -> Map<String, Value> {
    let generator: SchemaGenerator = SchemaSettings::draft2020_12().into();
    let schema = generator.into_root_schema_for::<Arguments>();
    schema.as_object().cloned().unwrap_or_default()
}

/// Reads the arguments of a tool.
///
/// # Errors
///
/// Returns an error that names the argument that is wrong.
pub(super) fn request(tool: RunTool, arguments: Map<String, Value>) -> Result<ToolRequest, ToolError> {
    Ok(match tool {
        RunTool::Describe => ToolRequest::Describe(read(arguments)?),
        RunTool::Query => ToolRequest::Query(read(arguments)?),
        RunTool::Gaps => ToolRequest::Gaps(read(arguments)?),
        RunTool::Resource => ToolRequest::Resource(read(arguments)?),
        RunTool::Links => ToolRequest::Links(read(arguments)?),
        RunTool::Diff => ToolRequest::Diff(read(arguments)?),
    })
}

fn read<Arguments: DeserializeOwned>(arguments: Map<String, Value>) -> Result<Arguments, ToolError> {
    serde_json::from_value(Value::Object(arguments)).map_err(|error| {
        ToolError::new(
            format!("invalid arguments: {error}"),
            "list the tools for the schemas of their arguments",
        )
    })
}

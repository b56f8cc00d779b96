//! Commands and formats that this build of the program does not have.

use clap::error::{ContextKind, ContextValue};

use crate::error::Failure;
use crate::util::features::how_to_build_with;

/// Something that needs a Cargo feature.
struct OptionalPart {
    /// The name on the command line.
    name: &'static str,
    /// The place of the name in clap's errors.
    place: ContextKind,
    feature: &'static str,
    is_built_in: bool,
}

const COMMAND: ContextKind = ContextKind::InvalidSubcommand;
const FORMAT: ContextKind = ContextKind::InvalidValue;

const PARTS: [OptionalPart; 7] = [
    OptionalPart { name: "demo", place: COMMAND, feature: "demo", is_built_in: cfg!(feature = "demo") },
    OptionalPart { name: "mcp", place: COMMAND, feature: "mcp", is_built_in: cfg!(feature = "mcp") },
    OptionalPart {
        name: "history",
        place: COMMAND,
        feature: "sqlite",
        is_built_in: cfg!(feature = "sqlite"),
    },
    OptionalPart { name: "query", place: COMMAND, feature: "sqlite", is_built_in: cfg!(feature = "sqlite") },
    OptionalPart {
        name: "parquet",
        place: FORMAT,
        feature: "parquet",
        is_built_in: cfg!(feature = "parquet"),
    },
    OptionalPart { name: "sqlite", place: FORMAT, feature: "sqlite", is_built_in: cfg!(feature = "sqlite") },
    OptionalPart { name: "xlsx", place: FORMAT, feature: "xlsx", is_built_in: cfg!(feature = "xlsx") },
];

/// Returns the error of a command or format that exists, but not in this build. `None` for other errors.
pub(super) fn explain(error: &clap::Error) -> Option<Failure> {
    let is_invalid = |part: &&OptionalPart| matches!(error.get(part.place), Some(ContextValue::String(name)) if name == part.name);
    PARTS.iter().filter(|part| !part.is_built_in).find(is_invalid).map(failure)
}

fn failure(part: &OptionalPart) -> Failure {
    let kind = if part.place == COMMAND { "command" } else { "format" };
    let OptionalPart { name, feature, .. } = part;
    Failure::usage(format!("{kind} `{name}`: this program was built without the feature `{feature}`"))
        .hint(how_to_build_with(feature))
}

#[cfg(test)]
mod tests {
    use super::{COMMAND, OptionalPart, failure};

    #[test]
    fn missing_part_names_the_feature() {
        let part = OptionalPart { name: "query", place: COMMAND, feature: "sqlite", is_built_in: false };
        assert_eq!(
            failure(&part).to_string(),
            "command `query`: this program was built without the feature `sqlite`\n  \
             hint: build it with `cargo install --path . --features sqlite`"
        );
    }
}

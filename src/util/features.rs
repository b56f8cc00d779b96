//! The Cargo features of this program.

/// Returns the hint on how to get the program with a feature that this build lacks.
pub(crate) fn how_to_build_with(feature: &str) -> String {
    format!("build it with `cargo install --path . --features {feature}`")
}

//! Scan specs: which calls to make, read from JSON or YAML and checked against the catalog.
//!
//! ```text
//! source ─► text ─► document ─► validate ─► ScanSpec
//! file, stdin,      JSON as      names,      entries to call,
//! URL, built-in     written      shapes,     skipped entries with
//!                                filters     their reasons
//! ```
//!
//! Every error in a spec is found here, all in one pass, before any request is sent.

mod accepted_gaps;
mod account_scope;
mod batch;
mod built_in;
mod curated_calls;
mod deep;
mod document;
mod entry;
mod error;
mod event_lookups;
mod fields;
mod filter;
mod full_spec;
mod inventories;
mod keys;
mod omitted_calls;
mod parameters;
mod placeholder;
mod region;
mod resolve;
mod result_selector;
mod retired;
mod schema;
mod schema_names;
mod several;
mod source;
mod syntax;
mod template;
mod validate;
mod witnesses;
mod yaml;

#[cfg(test)]
mod tests;

use sha2::{Digest, Sha256};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use serde_json::Value;

use syntax::JsonKind;

use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::names::RegionPattern;
use crate::util::hexadecimal::hexadecimal;

pub use accepted_gaps::{AcceptedGap, GapPlace};
pub use account_scope::AccountScope;
pub use batch::ItemBatch;
pub use built_in::{BUILT_IN, BuiltIn};
pub use deep::{DeepScan, deep_calls_for};
pub use entry::{Child, SkipReason, SkippedEntry, SpecEntry};
pub use error::SpecError;
pub use event_lookups::{EVENT_DAYS, EVENT_LOOKUP, EventLookup, MOST_EVENTS, event_lookup_spec};
pub use filter::{
    FilterError, JqFilter, OutputOrigin, WORKER_ARGUMENT, serve as serve_filters, stop_workers, use_workers,
    workers_are_stopped,
};
pub(crate) use full_spec::NAME as FULL_SPEC;
#[cfg(test)]
pub(crate) use full_spec::is_billed;
pub use full_spec::{calls_for, newer_functions};
pub use placeholder::PlaceholderValues;
pub use region::parse_region;
pub use resolve::unknown_service;
pub use result_selector::{ResultSelector, SelectedMember};
pub use schema::schema;
pub use source::SpecSource;
pub use witnesses::{COST_BY_REGION, COST_BY_SERVICE, Witness, witness_spec};

/// A validated scan spec: every name in it exists and every value has the right type.
#[derive(Clone, Debug)]
pub struct ScanSpec {
    /// Where the spec comes from: a path, a URL, or the name of a built-in spec.
    pub origin: String,
    /// SHA-256 of the spec's text, in hexadecimal.
    pub hash: String,
    /// The JSON document as it was written.
    pub document: Value,
    /// The description that the spec's author gave.
    pub description: Option<String>,
    /// The calls to make, in the order of the spec.
    pub entries: Vec<SpecEntry>,
    /// The calls that are not made, each with its reason.
    pub skipped: Vec<SkippedEntry>,
    /// The regions to scan, unless the command line sets others.
    pub regions: Option<Vec<RegionPattern>>,
    /// Regions to exclude.
    pub exclude_regions: Vec<RegionPattern>,
    /// The gaps that are counted apart from others.
    pub accepted_gaps: Vec<AcceptedGap>,
    /// Notices for the user, one sentence each.
    pub notices: Vec<String>,
}

impl ScanSpec {
    /// Finds, reads and checks the specs that `arguments` name (see [`SpecSource::find`]), and merges them into one.
    /// `http` makes the client that fetches specs, and is only called when one has to be fetched. `deep` adds child
    /// calls for the details of everything that is listed.
    ///
    /// # Errors
    ///
    /// Returns an error if a spec cannot be read or is invalid, or if the specs do not fit together.
    pub async fn load(
        arguments: &[String],
        catalog: &Catalog,
        deep: Option<DeepScan>,
        http: impl Fn() -> Result<SharedHttpClient, Failure>,
    ) -> Result<Self, Failure> {
        let sources = arguments.iter().map(|argument| SpecSource::find(argument));
        let sources = sources.collect::<Result<Vec<_>, _>>()?;
        if sources.iter().filter(|source| **source == SpecSource::StandardInput).count() > 1 {
            return Err(Failure::usage("--scan: standard input can be read only once"));
        }
        let is_generated = |source: &SpecSource| matches!(source, SpecSource::Everything | SpecSource::Deep);
        let is_generated = deep.is_some() || sources.iter().any(is_generated);
        let mut specs = Vec::new();
        for source in &sources {
            specs.push(Self::load_one(source, catalog, deep, &http).await?);
        }
        let mut spec = match <[Self; 1]>::try_from(specs) {
            Ok([spec]) => spec,
            Err(specs) => Self::merge(specs, catalog)?,
        };
        if is_generated {
            spec.notices.extend(newer_functions(catalog).map_err(SpecError::from)?);
        }
        Ok(spec)
    }

    /// Reads and checks one spec.
    async fn load_one(
        source: &SpecSource,
        catalog: &Catalog,
        deep: Option<DeepScan>,
        http: impl Fn() -> Result<SharedHttpClient, Failure>,
    ) -> Result<Self, Failure> {
        let text = source.read(catalog, deep, http).await?;
        let origin = source.to_string();
        Ok(match deep {
            Some(deep) if *source != SpecSource::Deep => {
                let document = deep::expand(syntax::parse(&text, &origin, JsonKind::Spec)?, catalog, deep)?;
                let hash = hash(&document.to_string());
                Self::check(document, hash, &origin, catalog)?
            }
            _ => Self::parse(&text, &origin, catalog)?,
        })
    }

    /// Merges specs into one, whose hash is that of the merged document.
    fn merge(specs: Vec<Self>, catalog: &Catalog) -> Result<Self, SpecError> {
        let origins: Vec<String> = specs.iter().map(|spec| spec.origin.clone()).collect();
        let documents = specs.into_iter().map(|spec| (spec.origin, spec.document)).collect();
        let document = several::merge(documents)?;
        let hash = hash(&document.to_string());
        Self::check(document, hash, &origins.join(", "), catalog)
    }

    /// Parses and checks the text of a spec; `origin` names the spec in messages.
    pub fn parse(text: &str, origin: &str, catalog: &Catalog) -> Result<Self, SpecError> {
        Self::check(syntax::parse(text, origin, JsonKind::Spec)?, hash(text), origin, catalog)
    }

    /// Checks the document of a spec, as stored in the manifest of a run beside the `hash` of its text.
    pub fn check(json: Value, hash: String, origin: &str, catalog: &Catalog) -> Result<Self, SpecError> {
        let mut problems = error::Problems::default();
        let document = document::SpecDocument::read(json.clone(), &mut problems);
        let mut spec = validate::validate(document, problems, origin, catalog)?;
        spec.hash = hash;
        spec.document = json;
        Ok(spec)
    }
}

fn hash(text: &str) -> String {
    hexadecimal(&Sha256::digest(text.as_bytes()))
}

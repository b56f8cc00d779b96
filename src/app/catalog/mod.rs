//! The catalog that a run uses, and the catalogs that a user has installed.

mod aws_cli;
mod build;
mod comparison;
mod data_folder;
mod installed;
mod opening;
mod package_index;
mod pip_settings;
mod update;

pub(crate) use build::build_catalog;
pub(crate) use comparison::CatalogComparison;
pub(crate) use data_folder::DataFolder;
pub(crate) use installed::{BUILT_IN, InstalledCatalogs};
pub(crate) use opening::{open_catalog, open_named};
pub(crate) use update::{CatalogUpdate, UpdateSource};

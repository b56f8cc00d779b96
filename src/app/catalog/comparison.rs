//! The differences between two catalogs.

use std::collections::BTreeMap;
use std::fmt;

use crate::error::Failure;
use crate::model::catalog::{Catalog, Function};
use crate::util::plural::plural;

/// The functions that only one of two catalogs has.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CatalogComparison {
    /// The functions that only the second catalog has, with the reason why scans do not call them, if there is one.
    pub(crate) added: Vec<(String, Option<String>)>,
    /// The functions that only the first catalog has.
    pub(crate) removed: Vec<String>,
    /// The services that only the second catalog has.
    pub(crate) new_services: Vec<String>,
    /// The services that only the first catalog has.
    pub(crate) retired_services: Vec<String>,
}

impl CatalogComparison {
    /// Compares two catalogs.
    ///
    /// # Errors
    ///
    /// A failure if one of them is damaged.
    pub(crate) fn new(one: &Catalog, other: &Catalog) -> Result<Self, Failure> {
        let (old, new) = (functions(one)?, functions(other)?);
        let is_in = |catalog: &Catalog, name: &str| catalog.entries().iter().any(|entry| entry.name == name);
        let only = |one: &Catalog, other: &Catalog| {
            let names = one.entries().iter().map(|entry| entry.name.clone());
            names.filter(|name| !is_in(other, name)).collect()
        };
        let added = new.iter().filter(|(name, _)| !old.contains_key(*name));
        let removed = old.keys().filter(|name| !new.contains_key(*name));
        Ok(Self {
            added: added.map(|(name, denial)| (name.clone(), denial.clone())).collect(),
            removed: removed.cloned().collect(),
            new_services: only(other, one),
            retired_services: only(one, other),
        })
    }
}

/// Prints the numbers of functions, and the services.
impl fmt::Display for CatalogComparison {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not_called = self.added.iter().filter(|(_, denial)| denial.is_some()).count();
        write!(formatter, "{} added", plural(self.added.len(), "function"))?;
        if not_called > 0 {
            write!(formatter, " ({not_called} of them not called)")?;
        }
        write!(formatter, ", {} removed", plural(self.removed.len(), "function"))?;
        for (title, services) in
            [("new services", &self.new_services), ("retired services", &self.retired_services)]
        {
            if !services.is_empty() {
                write!(formatter, "\n{title}: {}", services.join(", "))?;
            }
        }
        Ok(())
    }
}

/// Returns the names of all functions, with the reasons why scans do not call them.
fn functions(catalog: &Catalog) -> Result<BTreeMap<String, Option<String>>, Failure> {
    let mut functions = BTreeMap::new();
    for entry in catalog.entries() {
        let service = catalog
            .service(&entry.name)
            .map_err(|cause| Failure::usage("cannot read the catalog").with_source(cause))?;
        for function in service.iter().flat_map(Function::all) {
            let denial = catalog.denial(&function).map(|denial| denial.to_string());
            functions.insert(function.to_string(), denial);
        }
    }
    Ok(functions)
}

#[cfg(test)]
mod tests {
    use super::CatalogComparison;

    #[test]
    fn comparison_names_numbers_and_services() {
        let comparison = CatalogComparison {
            added: vec![
                ("sts get_scoped_credentials".to_owned(), Some("not reviewed".to_owned())),
                ("signin list_things".to_owned(), None),
            ],
            removed: vec!["tnb get_sol".to_owned()],
            new_services: vec!["signin".to_owned()],
            retired_services: Vec::new(),
        };
        assert_eq!(
            comparison.to_string(),
            "2 functions added (1 of them not called), 1 function removed\nnew services: signin"
        );
    }
}

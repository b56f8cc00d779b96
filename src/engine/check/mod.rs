//! `scan check`: tests before a scan whether every role can be assumed, whether the regions of each account are
//! known and whether each service can be called, and lists the fixes for what fails.
//!
//! ```text
//! accounts ─► session ─► regions ─► one call per service ─► findings ─► fixes ─► text or JSON
//! ```
//!
//! Sessions, regions, classification and hints use the code of the scan, so that check and scan report the same.

mod findings;
mod fix;
mod permission_set_policies;
mod principal;
mod probe;
mod report;
mod text;

pub use findings::{AccountFindings, CheckDenial, CheckedPermissionSets, ServiceFinding};
pub use fix::{Addition, Fix, PolicyTarget};
pub use permission_set_policies::policies_of;
pub use probe::Preflight;
pub use report::{CallerKind, Findings, NotChecked};
pub use text::findings_text;

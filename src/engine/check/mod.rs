//! What a scan needs, tried out before it: is every account entered, are its regions known, does each
//! service answer, and what has to be added where it does not.
//!
//! ```text
//! accounts ─► session ─► regions ─► one call per service ─► findings ─► fixes ─► text or JSON
//! ```
//!
//! Sessions, regions, classification and hints are those of a scan, so that both say the same.

mod findings;
mod fix;
mod principal;
mod probe;
mod report;
mod text;

pub use findings::{AccountFindings, CheckDenial, ServiceFinding};
pub use fix::{Addition, Fix, PolicyTarget};
pub use probe::Preflight;
pub use report::{CallerKind, Findings, NotChecked};
pub use text::findings_text;

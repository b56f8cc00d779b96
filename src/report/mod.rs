//! What a run has to say to people, before it begins and when it is finished.

mod absences;
mod causes;
mod estimate;
mod summary;
mod tally;

pub use absences::{AbsenceWarning, Absences};
pub use causes::{Causes, Group, Subject};
pub use estimate::{
    Accounts, AtOnce, Bound, Calls, ChildCall, Circumstances, Estimate, NotScanned, Paid, Places, QuotaUse,
    RegionSource, Requests, ServiceCalls, ShortestTime, Skipped, estimate_text,
};
pub use summary::{Count, Ending, Failure, Summary, Unfinished};
pub use tally::{Begun, Coverage, Tally};

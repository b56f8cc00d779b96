//! What a run does when AWS, the network, the disk or an input fails.

mod causes;
mod chaos;
pub(crate) mod crash;
mod credentials;
mod direct_way;
mod filter_bounds;
mod foreign_runs;
mod fuzz;
mod instance_metadata;
mod kept_items;
mod missing_names;
mod odd_answers;
mod open_files;
mod scenarios;
mod surface;

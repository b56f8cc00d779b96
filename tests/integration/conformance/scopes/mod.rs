//! What a call is made for: regions, the account, the organization. Runs of the real program against the simulated
//! organization, and surveys of botocore's documentation.

mod organization;
mod region_patterns;
mod regions;
mod reviewed;
mod survey;

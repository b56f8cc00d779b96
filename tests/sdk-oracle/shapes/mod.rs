//! Every field of the compared types, with the member of the answer that it has to equal.

mod balancer;
mod bucket;
mod instance;
mod security_group;
mod table;
mod volume;

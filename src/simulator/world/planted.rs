//! The witnesses of a simulated organization, and what they report differently from its services.

use crate::names::{AccountId, Region};

/// The witnesses of a world: Resource Explorer, AWS Config and Cost Explorer.
#[derive(Clone, Debug)]
pub struct SimulatedWitnesses {
    /// The accounts without an index of Resource Explorer.
    pub without_index: Vec<AccountId>,
    /// Resources that the witnesses report, and the services do not.
    pub planted: Vec<PlantedResource>,
    /// The places whose first database the witnesses do not report.
    pub hidden: Vec<(AccountId, Region)>,
    /// Services in the bill of an account that it does not use otherwise: account, region, Cost Explorer's name.
    pub billed: Vec<(AccountId, Region, &'static str)>,
}

/// A resource that only witnesses report.
#[derive(Clone, Debug)]
pub struct PlantedResource {
    /// The account.
    pub account: AccountId,
    /// The region.
    pub region: Region,
    /// The service and the resource in its ARN: `lambda`, `function:forgotten`.
    pub arn: (&'static str, &'static str),
    /// Its type in Resource Explorer; `None` if only AWS Config reports it.
    pub explorer_type: Option<&'static str>,
    /// Its type in CloudFormation and AWS Config; `None` if AWS Config does not know it.
    pub cloudformation_type: Option<&'static str>,
    /// Whether it was created a moment ago.
    pub is_new: bool,
}

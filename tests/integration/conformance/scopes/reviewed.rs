//! What was looked at and is not in the catalog's tables.

/// Functions that were looked at.
#[derive(Clone, Copy)]
pub(super) struct Reviewed {
    pub(super) service: &'static str,
    /// `*` means all of the service.
    pub(super) operations: &'static [&'static str],
    /// Why they are not in the table.
    pub(super) reason: &'static str,
}

const fn reviewed(
    service: &'static str,
    operations: &'static [&'static str],
    reason: &'static str,
) -> Reviewed {
    Reviewed { service, operations, reason }
}

/// Functions whose documentation speaks of all regions, and that answer for one.
pub(super) const STILL_REGIONAL: &[Reviewed] = &[
    reviewed("arc-region-switch", &["ListPlansInRegion"], "the plans of one region"),
    reviewed(
        "backup",
        &["DescribeGlobalSettings"],
        "the example names a region that has no part in the answer",
    ),
    reviewed("chime-sdk-voice", &["GetGlobalSettings"], "settings of the service in a region"),
    reviewed(
        "cloudformation",
        &["DescribeStackSetOperation", "ListStackSetOperations"],
        "stack sets of one region; the regions are those of their stacks",
    ),
    reviewed("cloudtrail", &["GetTrailStatus"], "the status in one region"),
    reviewed("cloudwatch", &["GetDataset"], "each region has its own data set"),
    reviewed("ec2", &["DescribeVpcEndpointServices"], "an example with availability zones"),
    reviewed(
        "ec2",
        &["GetCapacityManagerSupportabilityScores"],
        "called in the region of the capacity manager, about zones of any region",
    ),
    reviewed("gamelift", &["SearchGameSessions"], "only the identifiers are unique"),
    reviewed("lightsail", &["GetContactMethods"], "the methods are per region"),
    reviewed("mediaconnect", &["ListTagsForGlobalResource"], "the tags of one resource"),
    reviewed(
        "quicksight",
        &["DescribeAccountCustomization", "GetIdentityContext"],
        "per region, or in a region of which only the account knows",
    ),
    reviewed("rds", &["DescribeSourceRegions"], "the source regions of this region"),
    reviewed("s3", &["HeadBucket"], "one bucket, asked in its region"),
    reviewed(
        "securityhub",
        &["ListFindingAggregators"],
        "any region in which Security Hub is enabled answers, and no other",
    ),
    reviewed("wellarchitected", &["GetGlobalSettings"], "settings of the workloads of a region"),
];

/// Functions whose documentation speaks of organizations, and that every account calls for itself.
pub(super) const NOT_FOR_THE_ORGANIZATION: &[Reviewed] = &[
    reviewed("auditmanager", &["GetDelegations"], "delegations of control sets to other users"),
    reviewed("backup", &["DescribeGlobalSettings"], "for every account of an organization"),
    reviewed(
        "backup",
        &[
            "ListBackupJobSummaries",
            "ListBackupJobs",
            "ListCopyJobSummaries",
            "ListRestoreJobSummaries",
            "ListScanJobSummaries",
            "ListScanJobs",
        ],
        "a parameter widens the answer of the management account",
    ),
    reviewed(
        "billing",
        &[
            "GetContractInformation",
            "GetCredits",
            "ListBusinessSupportAccountCharges",
            "ListContracts",
            "ListEnterpriseSupportLinkedAccountCharges",
        ],
        "every account gets its own contracts and charges",
    ),
    reviewed(
        "ce",
        &[
            "GetCostAndUsage",
            "GetCostAndUsageWithResources",
            "GetDimensionValues",
            "GetReservationCoverage",
            "GetReservationPurchaseRecommendation",
            "GetReservationUtilization",
            "GetSavingsPlansCoverage",
            "GetSavingsPlansPurchaseRecommendation",
            "GetSavingsPlansUtilization",
        ],
        "every account gets its own costs",
    ),
    reviewed(
        "chime-sdk-voice",
        &["ListPhoneNumbers", "SearchAvailablePhoneNumbers"],
        "an organization in the common sense",
    ),
    reviewed(
        "cloudtrail",
        &["DescribeTrails", "GetTrailStatus"],
        "a trail of an organization is in each account",
    ),
    reviewed(
        "cloudtrail",
        &["ListInsightsData", "ListInsightsMetricData"],
        "events of the account, or of a trail of the organization by a parameter",
    ),
    reviewed("cognito-identity", &["GetOpenIdTokenForDeveloperIdentity"], "accounts of users, not of AWS"),
    reviewed(
        "compute-optimizer",
        &["GetEnrollmentStatus", "GetRecommendationPreferences"],
        "every account has its own",
    ),
    reviewed(
        "compute-optimizer-automation",
        &[
            "ListAutomationEventSummaries",
            "ListAutomationEvents",
            "ListRecommendedActionSummaries",
            "ListRecommendedActions",
        ],
        "every account has its own; some see those of others as well",
    ),
    reviewed("datazone", &["GetAsset", "Search", "SearchListings"], "an organization in the common sense"),
    reviewed(
        "detective",
        &["GetMembers", "ListGraphs", "ListInvitations", "ListMembers"],
        "any account may be the administrator of a behavior graph, or be invited to one",
    ),
    reviewed(
        "devops-guru",
        &["DescribeAnomaly", "DescribeInsight"],
        "an account's own, or a member's by a parameter",
    ),
    reviewed("ds", &["DescribeHybridADUpdate"], "the administrator of a directory"),
    reviewed("ec2", &["GetIpamDiscoveredAccounts"], "of a resource discovery of the account's own"),
    reviewed("ec2", &["GetIpamPolicyOrganizationTargets"], "of a policy of the account's own"),
    reviewed("fms", &["ListAdminsManagingAccount"], "for every member"),
    reviewed("fsx", &["DescribeSharedVpcConfiguration"], "a setting of the account that owns the network"),
    reviewed(
        "guardduty",
        &[
            "DescribeMalwareScans",
            "GetAdministratorAccount",
            "GetCoverageStatistics",
            "GetInvestigation",
            "GetInvitationsCount",
            "GetMalwareScan",
            "GetMasterAccount",
            "GetMemberDetectors",
            "GetMembers",
            "GetRemainingFreeTrialDays",
            "ListCoverage",
            "ListIPSets",
            "ListInvestigationRecords",
            "ListInvestigations",
            "ListMalwareScans",
            "ListMembers",
            "ListThreatEntitySets",
            "ListThreatIntelSets",
            "ListTrustedEntitySets",
        ],
        "of a detector, which every account has for itself",
    ),
    reviewed(
        "iam",
        &["GetDelegationRequest", "ListDelegationRequests"],
        "delegations of permissions in an account",
    ),
    reviewed(
        "inspector2",
        &["GetConfiguration", "GetMember", "ListAccountPermissions", "ListMembers"],
        "every account gets an answer for itself",
    ),
    reviewed("internetmonitor", &["ListMonitors"], "accounts linked for monitoring"),
    reviewed("license-manager", &["ListReceivedGrants"], "the grants that an account has received"),
    reviewed(
        "macie2",
        &[
            "GetAdministratorAccount",
            "GetAutomatedDiscoveryConfiguration",
            "GetMasterAccount",
            "GetMember",
            "ListAutomatedDiscoveryAccounts",
            "ListMembers",
        ],
        "every account with Macie gets an answer for itself",
    ),
    reviewed(
        "marketplace-agreement",
        &[
            "GetAgreementApproval",
            "GetAgreementRequest",
            "GetAgreementRequestTerms",
            "ListAgreementApprovals",
        ],
        "agreements of the account as a buyer",
    ),
    reviewed(
        "network-security-manager",
        &["ListAggregateResourceSynchronizationStatuses", "ListEntityCoverages"],
        "of deployments of the account's own",
    ),
    reviewed(
        "notifications",
        &["ListMemberAccounts", "ListOrganizationalUnits"],
        "of a configuration of the account's own",
    ),
    reviewed("organizations", &["DescribeOrganization"], "any account of the organization may call it"),
    reviewed(
        "partnercentral-channel",
        &["GetRelationship", "ListProgramManagementAccounts", "ListRelationships"],
        "accounts of a partner program",
    ),
    reviewed("ram", &["ListPrincipals"], "who shares with the account"),
    reviewed(
        "route53",
        &["GetReusableDelegationSet", "GetReusableDelegationSetLimit", "ListReusableDelegationSets"],
        "delegation of DNS names",
    ),
    reviewed(
        "securityhub",
        &[
            "GetAdministratorAccount",
            "GetInvitationsCount",
            "GetMasterAccount",
            "GetMembers",
            "GetRemediationsV2",
            "ListInvitations",
            "ListMembers",
        ],
        "any account may be an administrator or a member",
    ),
    reviewed(
        "servicecatalog",
        &[
            "DescribePortfolio",
            "DescribePortfolioShares",
            "ListAcceptedPortfolioShares",
            "ListPortfolioAccess",
        ],
        "of the account's own portfolios, or shared with it",
    ),
    reviewed(
        "sso-admin",
        &["ListInstances"],
        "every account sees the instances of its own and the organization's",
    ),
    reviewed("sts", &["GetDelegatedAccessToken"], "access of a partner to one account"),
    reviewed(
        "wellarchitected",
        &[
            "GetAgentOrganizationalReport",
            "GetAgentOrganizationalReportData",
            "ListAgentOrganizationalReports",
        ],
        "reports that the account owns",
    ),
    reviewed(
        "workdocs",
        &["DescribeActivities", "DescribeGroups", "DescribeNotificationSubscriptions", "DescribeUsers"],
        "an organization of the service's own",
    ),
    reviewed("workmail", &["*"], "an organization of the service's own"),
    reviewed("xray", &["GetRetrievedTracesGraph", "ListRetrievedTraces"], "accounts linked for monitoring"),
];

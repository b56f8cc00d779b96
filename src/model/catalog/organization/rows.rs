//! The functions that return data of the whole organization, each with its source.

use super::row::{EITHER, MANAGEMENT, OrganizationRow, RowCondition, delegated, each, either, row, row_when};
use super::scope::OrganizationScope;

const ACCOUNT: &str = "account.amazonaws.com";
const STACK_SETS: &str = "member.org.stacksets.cloudformation.amazonaws.com";
const COMPUTE_OPTIMIZER: &str = "compute-optimizer.amazonaws.com";
const CONFIG: &str = "config-multiaccountsetup.amazonaws.com";
const DETECTIVE: &str = "detective.amazonaws.com";
const DEVOPS_GURU: &str = "devops-guru.amazonaws.com";
const FIREWALL_MANAGER: &str = "fms.amazonaws.com";
const GUARDDUTY: &str = "guardduty.amazonaws.com";
const HEALTH: &str = "health.amazonaws.com";
const IAM: &str = "iam.amazonaws.com";
const IDENTITY_CENTER: &str = "sso.amazonaws.com";
const INSPECTOR: &str = "inspector2.amazonaws.com";
const LICENSE_MANAGER: &str = "license-manager.amazonaws.com";
const MACIE: &str = "macie.amazonaws.com";
const OBSERVABILITY: &str = "observabilityadmin.amazonaws.com";
const PROCUREMENT: &str = "procurement-insights.marketplace.amazonaws.com";
const RESOURCE_EXPLORER: &str = "resource-explorer-2.amazonaws.com";
const SECURITY_HUB: &str = "securityhub.amazonaws.com";
const SECURITY_LAKE: &str = "securitylake.amazonaws.com";
const SERVICE_CATALOG: &str = "servicecatalog.amazonaws.com";
const TRUSTED_ADVISOR: &str = "reporting.trustedadvisor.amazonaws.com";

/// The kinds of sources: the documentation of the operation, one of its parameters or errors, or of the service in
/// botocore's model.
const OPERATION: &str = "botocore, operation documentation";
const PARAMETER: &str = "botocore, parameter documentation";
const ERROR: &str = "botocore, errors of the operation";
const ANSWER: &str = "botocore, operation documentation: the response is about the organization";

/// The table, sorted by service; the first matching row applies.
pub(super) const ROWS: &[OrganizationRow] = &[
    row_when(
        "account",
        &["GetGovCloudAccountInformation"],
        RowCondition::Given("StandardAccountId"),
        either(ACCOUNT),
        PARAMETER,
    ),
    row_when("account", &[], RowCondition::Given("AccountId"), either(ACCOUNT), PARAMETER),
    row("apiportal", &["GetOrganizationDiscoveryConfiguration"], EITHER, OPERATION),
    row("auditmanager", &["GetOrganizationAdminAccount"], either("auditmanager.amazonaws.com"), ANSWER),
    row(
        "bedrock",
        &["GetOrganizationDataRetentionStorage", "GetTrustedAccessProgramOrganizationEnrollment"],
        EITHER,
        OPERATION,
    ),
    row(
        "billingconductor",
        &[],
        MANAGEMENT,
        "Billing Conductor user guide, best-practices: only with access to the payer or management account",
    ),
    row(
        "ce",
        &[
            "DescribeCostCategoryDefinition",
            "ListCostCategoryDefinitions",
            "ListCostCategoryResourceAssociations",
        ],
        MANAGEMENT,
        "the error of a member: linked account doesn't have access to cost category (Jase-The-Ace/beatdrift-cli)",
    ),
    row_when(
        "cloudformation",
        &[],
        RowCondition::Is("CallAs", "DELEGATED_ADMIN"),
        delegated(STACK_SETS),
        PARAMETER,
    ),
    row("cloudformation", &["DescribeOrganizationsAccess"], MANAGEMENT, OPERATION),
    row(
        "cloudwatchomni",
        &[
            "GetDomainAccessGrantForOrganization",
            "GetDomainForOrganization",
            "GetSpaceCredentialsForOrganization",
            "ListDomainAccessGrantsForOrganization",
            "ListSpacesForOrganization",
        ],
        EITHER,
        ANSWER,
    ),
    row("compute-optimizer", &["GetEnrollmentStatusesForOrganization"], either(COMPUTE_OPTIMIZER), OPERATION),
    row_when(
        "compute-optimizer",
        &[],
        RowCondition::Given("accountIds"),
        either(COMPUTE_OPTIMIZER),
        PARAMETER,
    ),
    row(
        "compute-optimizer-automation",
        &["ListAccounts", "ListOrganizationEnrollmentConfigurations", "ListOrganizationalUnits"],
        either(COMPUTE_OPTIMIZER),
        OPERATION,
    ),
    row_when(
        "compute-optimizer-automation",
        &["ListAutomationRulePreview", "ListAutomationRulePreviewSummaries"],
        RowCondition::Is("ruleType", "OrganizationRule"),
        either(COMPUTE_OPTIMIZER),
        PARAMETER,
    ),
    row(
        "config",
        &[
            "DescribeOrganizationConfigRuleStatuses",
            "DescribeOrganizationConfigRules",
            "DescribeOrganizationConformancePackStatuses",
            "DescribeOrganizationConformancePacks",
            "GetOrganizationConfigRuleDetailedStatus",
            "GetOrganizationConformancePackDetailedStatus",
            "GetOrganizationCustomRulePolicy",
        ],
        each(CONFIG),
        OPERATION,
    ),
    row_when(
        "cost-optimization-hub",
        &["ListEnrollmentStatuses"],
        RowCondition::Given("accountId"),
        either("cost-optimization-hub.bcm.amazonaws.com"),
        ANSWER,
    ),
    row_when(
        "cost-optimization-hub",
        &["ListEnrollmentStatuses"],
        RowCondition::Is("includeOrganizationInfo", "true"),
        either("cost-optimization-hub.bcm.amazonaws.com"),
        ANSWER,
    ),
    row("detective", &["DescribeOrganizationConfiguration"], delegated(DETECTIVE), OPERATION),
    row("detective", &["ListOrganizationAdminAccounts"], MANAGEMENT, OPERATION),
    row(
        "devops-guru",
        &[
            "DescribeOrganizationHealth",
            "DescribeOrganizationOverview",
            "DescribeOrganizationResourceCollectionHealth",
            "ListOrganizationInsights",
            "SearchOrganizationInsights",
        ],
        either(DEVOPS_GURU),
        ANSWER,
    ),
    row(
        "ec2",
        &["DescribeDeclarativePoliciesReports", "GetDeclarativePoliciesReportSummary"],
        EITHER,
        "botocore, documentation of StartDeclarativePoliciesReport",
    ),
    row("fms", &["ListAdminAccountsForOrganization"], MANAGEMENT, OPERATION),
    row("fms", &["GetAdminAccount", "ListMemberAccounts"], either(FIREWALL_MANAGER), OPERATION),
    row(
        "fms",
        &[
            "GetAdminScope",
            "GetAppsList",
            "GetComplianceDetail",
            "GetNotificationChannel",
            "GetPolicy",
            "GetProtectionStatus",
            "GetProtocolsList",
            "GetResourceSet",
            "GetThirdPartyFirewallAssociationStatus",
            "GetViolationDetails",
            "ListAppsLists",
            "ListComplianceStatus",
            "ListDiscoveredResources",
            "ListPolicies",
            "ListProtocolsLists",
            "ListResourceSetResources",
            "ListResourceSets",
            "ListThirdPartyFirewallFirewallPolicies",
        ],
        OrganizationScope { each: true, ..delegated(FIREWALL_MANAGER) },
        "the error elsewhere: account is not currently delegated by AWS FM (hashicorp/terraform-provider-aws)",
    ),
    row("guardduty", &["ListOrganizationAdminAccounts"], MANAGEMENT, OPERATION),
    row("guardduty", &["DescribeOrganizationConfiguration"], delegated(GUARDDUTY), PARAMETER),
    row(
        "guardduty",
        &["GetCustomDetectionRuleOrgConfiguration", "ListCustomDetectionRuleOrgConfigurations"],
        delegated(GUARDDUTY),
        ANSWER,
    ),
    row("guardduty", &["GetOrganizationStatistics"], delegated(GUARDDUTY), OPERATION),
    row("health", &["DescribeHealthServiceStatusForOrganization"], MANAGEMENT, OPERATION),
    row(
        "health",
        &[
            "DescribeAffectedAccountsForOrganization",
            "DescribeAffectedEntitiesForOrganization",
            "DescribeEntityAggregatesForOrganization",
            "DescribeEventDetailsForOrganization",
            "DescribeEventsForOrganization",
            "DescribeTagKeysForOrganization",
            "DescribeTagsForOrganization",
            "DescribeTagsOnboardingStatusForOrganization",
        ],
        either(HEALTH),
        ANSWER,
    ),
    row("iam", &["GetOrganizationsAccessReport"], MANAGEMENT, OPERATION),
    row("iam", &["ListOrganizationsFeatures"], either(IAM), ERROR),
    row_when(
        "identitystore",
        &[],
        RowCondition::Literal("IdentityStoreId"),
        either(IDENTITY_CENTER),
        OPERATION,
    ),
    row("inspector2", &["GetDelegatedAdminAccount", "ListDelegatedAdminAccounts"], either(INSPECTOR), ANSWER),
    row("inspector2", &["BatchGetMemberEc2DeepInspectionStatus"], delegated(INSPECTOR), OPERATION),
    row("inspector2", &["DescribeOrganizationConfiguration"], delegated(INSPECTOR), ANSWER),
    row("invoicing", &["BatchGetInvoiceProfile"], MANAGEMENT, OPERATION),
    row(
        "license-manager",
        &[
            "ListLicenseConfigurationsForOrganization",
            "ListReceivedGrantsForOrganization",
            "ListReceivedLicensesForOrganization",
        ],
        either(LICENSE_MANAGER),
        ANSWER,
    ),
    row("macie2", &["DescribeOrganizationConfiguration"], delegated(MACIE), ANSWER),
    row("macie2", &["ListOrganizationAdminAccounts"], MANAGEMENT, ANSWER),
    row("marketplace-reporting", &[], either(PROCUREMENT), OPERATION),
    row("network-security-manager", &["GetAdminAccount", "ListAdminAccounts"], EITHER, ANSWER),
    row(
        "networkmanager",
        &["ListOrganizationServiceAccessStatus"],
        either("networkmanager.amazonaws.com"),
        ANSWER,
    ),
    row(
        "notifications",
        &["GetNotificationsAccessForOrganization"],
        either("notifications.amazonaws.com"),
        ANSWER,
    ),
    row(
        "observabilityadmin",
        &[
            "GetCentralizationRuleForOrganization",
            "GetTelemetryEvaluationStatusForOrganization",
            "GetTelemetryRuleForOrganization",
            "ListCentralizationRulesForOrganization",
            "ListResourceTelemetryForOrganization",
            "ListTelemetryRulesForOrganization",
        ],
        either(OBSERVABILITY),
        OPERATION,
    ),
    row(
        "organizations",
        &[
            "DescribeResponsibilityTransfer",
            "ListInboundResponsibilityTransfers",
            "ListOutboundResponsibilityTransfers",
        ],
        MANAGEMENT,
        "botocore, documentation of DescribeResponsibilityTransfer: between two management accounts",
    ),
    row_when(
        "organizations",
        &["DescribeEffectivePolicy"],
        RowCondition::Given("TargetId"),
        EITHER,
        PARAMETER,
    ),
    row(
        "organizations",
        &[
            "DescribeAccount",
            "DescribeCreateAccountStatus",
            "DescribeOrganizationalUnit",
            "DescribePolicy",
            "DescribeResourcePolicy",
            "ListAWSServiceAccessForOrganization",
            "ListAccounts",
            "ListAccountsForParent",
            "ListAccountsWithInvalidEffectivePolicy",
            "ListChildren",
            "ListCreateAccountStatus",
            "ListDelegatedAdministrators",
            "ListDelegatedServicesForAccount",
            "ListEffectivePolicyValidationErrors",
            "ListHandshakesForOrganization",
            "ListOrganizationalUnitsForParent",
            "ListParents",
            "ListPolicies",
            "ListPoliciesForTarget",
            "ListRoots",
            "ListTagsForResource",
            "ListTargetsForPolicy",
        ],
        EITHER,
        OPERATION,
    ),
    row("resource-explorer-2", &["GetAccountLevelServiceConfiguration"], MANAGEMENT, OPERATION),
    row("resource-explorer-2", &["ListIndexesForMembers"], either(RESOURCE_EXPLORER), OPERATION),
    row(
        "resourcegroupstaggingapi",
        &["DescribeReportCreation", "GetComplianceSummary"],
        MANAGEMENT,
        OPERATION,
    ),
    row("securityhub", &["ListOrganizationAdminAccounts"], MANAGEMENT, OPERATION),
    row(
        "securityhub",
        &[
            "BatchGetConfigurationPolicyAssociations",
            "DescribeOrganizationConfiguration",
            "GetConfigurationPolicy",
            "GetConfigurationPolicyAssociation",
            "ListConfigurationPolicies",
            "ListConfigurationPolicyAssociations",
        ],
        delegated(SECURITY_HUB),
        OPERATION,
    ),
    row_when("securityhub", &[], RowCondition::Given("Scopes"), delegated(SECURITY_HUB), PARAMETER),
    row("securitylake", &["GetDataLakeOrganizationConfiguration"], delegated(SECURITY_LAKE), ANSWER),
    row(
        "service-quotas",
        &[
            "GetAssociationForServiceQuotaTemplate",
            "GetServiceQuotaIncreaseRequestFromTemplate",
            "ListServiceQuotaIncreaseRequestsInTemplate",
        ],
        either("servicequotas.amazonaws.com"),
        "botocore, documentation of AssociateServiceQuotaTemplate: the organization's template",
    ),
    row("servicecatalog", &["ListOrganizationPortfolioAccess"], each(SERVICE_CATALOG), OPERATION),
    row(
        "servicecatalog",
        &["DescribePortfolioShareStatus", "GetAWSOrganizationsAccessStatus"],
        either(SERVICE_CATALOG),
        OPERATION,
    ),
    row("sso-admin", &["ListAccountAssignmentsForPrincipal"], either(IDENTITY_CENTER), OPERATION),
    row(
        "sso-admin",
        &[
            "DescribeAccountAssignmentCreationStatus",
            "DescribeAccountAssignmentDeletionStatus",
            "DescribePermissionSet",
            "DescribePermissionSetProvisioningStatus",
            "GetInlinePolicyForPermissionSet",
            "GetPermissionsBoundaryForPermissionSet",
            "ListAccountAssignmentCreationStatus",
            "ListAccountAssignmentDeletionStatus",
            "ListAccountAssignments",
            "ListAccountsForProvisionedPermissionSet",
            "ListCustomerManagedPolicyReferencesInPermissionSet",
            "ListManagedPoliciesInPermissionSet",
            "ListPermissionSetProvisioningStatus",
            "ListPermissionSets",
            "ListPermissionSetsProvisionedToAccount",
        ],
        either(IDENTITY_CENTER),
        "IAM Identity Center user guide, identity-center-instances: permission sets need an organization instance",
    ),
    row_when("sso-admin", &[], RowCondition::Literal("InstanceArn"), either(IDENTITY_CENTER), PARAMETER),
    row(
        "trustedadvisor",
        &[
            "GetOrganizationRecommendation",
            "ListOrganizationRecommendationAccounts",
            "ListOrganizationRecommendationResources",
            "ListOrganizationRecommendations",
        ],
        either(TRUSTED_ADVISOR),
        ANSWER,
    ),
];

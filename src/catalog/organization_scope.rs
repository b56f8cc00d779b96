//! The table of functions that answer for the whole organization, and which of its accounts may call them.
//!
//! Most operations say so themselves: "You can only call this operation from the management account or a member
//! account that is a delegated administrator." `tests/integration/scopes.rs` goes through the documentation,
//! errors and names of all operations and fails for one that nobody has reviewed.

use serde_json::{Map, Value};

use super::function::Function;

/// The accounts of an organization in which a function can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganizationScope {
    /// Whether the management account may call it.
    pub management: bool,
    /// The delegated administrators that may call it.
    pub delegated: Delegated,
    /// Whether each of these accounts returns something of its own; otherwise one of them returns everything.
    pub each: bool,
}

/// The delegated administrators that may call a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delegated {
    /// None.
    Nobody,
    /// Those of any service.
    AnyService,
    /// Those of the service with this principal.
    Of(&'static str),
}

/// When a row applies.
#[derive(Clone, Copy, Debug)]
enum When {
    Always,
    /// Where a parameter is given.
    Given(&'static str),
    /// Where a parameter is given, and not taken from an item: what an account itself has listed it may also describe.
    Literal(&'static str),
    /// Where a parameter has a value.
    Is(&'static str, &'static str),
}

/// A row of the table.
struct Row {
    service: &'static str,
    /// The operations; none means all of the service.
    operations: &'static [&'static str],
    when: When,
    scope: OrganizationScope,
    #[cfg_attr(not(test), expect(dead_code, reason = "for readers, and for the tests"))]
    source: &'static str,
}

const MANAGEMENT: OrganizationScope =
    OrganizationScope { management: true, delegated: Delegated::Nobody, each: false };

const EITHER: OrganizationScope =
    OrganizationScope { management: true, delegated: Delegated::AnyService, each: false };

/// The management account, or a delegated administrator of the service.
const fn either(principal: &'static str) -> OrganizationScope {
    OrganizationScope { management: true, delegated: Delegated::Of(principal), each: false }
}

/// The management account and the delegated administrators, each with its own.
const fn each(principal: &'static str) -> OrganizationScope {
    OrganizationScope { management: true, delegated: Delegated::Of(principal), each: true }
}

/// A delegated administrator of the service. The management account only where it is the administrator itself.
const fn delegated(principal: &'static str) -> OrganizationScope {
    OrganizationScope { management: false, delegated: Delegated::Of(principal), each: false }
}

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

/// Where the sources are: the documentation of the operation, one of its parameters or errors, or of the service in
/// botocore's model.
const OPERATION: &str = "botocore, operation documentation";
const PARAMETER: &str = "botocore, parameter documentation";
const ERROR: &str = "botocore, errors of the operation";
const ANSWER: &str = "botocore, operation documentation: the answer is about the organization";

const fn row(
    service: &'static str,
    operations: &'static [&'static str],
    scope: OrganizationScope,
    source: &'static str,
) -> Row {
    Row { service, operations, when: When::Always, scope, source }
}

const fn row_when(
    service: &'static str,
    operations: &'static [&'static str],
    when: When,
    scope: OrganizationScope,
    source: &'static str,
) -> Row {
    Row { service, operations, when, scope, source }
}

/// Sorted by service; the first row that applies holds.
const ROWS: &[Row] = &[
    row_when(
        "account",
        &["GetGovCloudAccountInformation"],
        When::Given("StandardAccountId"),
        either(ACCOUNT),
        PARAMETER,
    ),
    row_when("account", &[], When::Given("AccountId"), either(ACCOUNT), PARAMETER),
    row("auditmanager", &["GetOrganizationAdminAccount"], either("auditmanager.amazonaws.com"), ANSWER),
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
    row_when("cloudformation", &[], When::Is("CallAs", "DELEGATED_ADMIN"), delegated(STACK_SETS), PARAMETER),
    row("cloudformation", &["DescribeOrganizationsAccess"], MANAGEMENT, OPERATION),
    row("compute-optimizer", &["GetEnrollmentStatusesForOrganization"], either(COMPUTE_OPTIMIZER), OPERATION),
    row_when("compute-optimizer", &[], When::Given("accountIds"), either(COMPUTE_OPTIMIZER), PARAMETER),
    row("compute-optimizer-automation", &["ListAccounts"], either(COMPUTE_OPTIMIZER), OPERATION),
    row_when(
        "compute-optimizer-automation",
        &["ListAutomationRulePreview", "ListAutomationRulePreviewSummaries"],
        When::Is("ruleType", "OrganizationRule"),
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
        When::Given("accountId"),
        either("cost-optimization-hub.bcm.amazonaws.com"),
        ANSWER,
    ),
    row_when(
        "cost-optimization-hub",
        &["ListEnrollmentStatuses"],
        When::Is("includeOrganizationInfo", "true"),
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
        ],
        either(HEALTH),
        ANSWER,
    ),
    row("iam", &["GetOrganizationsAccessReport"], MANAGEMENT, OPERATION),
    row("iam", &["ListOrganizationsFeatures"], either(IAM), ERROR),
    row_when("identitystore", &[], When::Literal("IdentityStoreId"), either(IDENTITY_CENTER), OPERATION),
    row("inspector2", &["GetDelegatedAdminAccount", "ListDelegatedAdminAccounts"], either(INSPECTOR), ANSWER),
    row("inspector2", &["BatchGetMemberEc2DeepInspectionStatus"], delegated(INSPECTOR), OPERATION),
    row("inspector2", &["DescribeOrganizationConfiguration"], delegated(INSPECTOR), ANSWER),
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
    row_when("organizations", &["DescribeEffectivePolicy"], When::Given("TargetId"), EITHER, PARAMETER),
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
    row_when("securityhub", &[], When::Given("Scopes"), delegated(SECURITY_HUB), PARAMETER),
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
    row_when("sso-admin", &[], When::Literal("InstanceArn"), either(IDENTITY_CENTER), PARAMETER),
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

/// Which accounts of an organization may call `function` with these parameters, as the spec has them; `None` where any
/// account calls it for itself.
#[must_use]
pub fn organization_scope(function: &Function, parameters: &Map<String, Value>) -> Option<OrganizationScope> {
    let (service, operation) = (&*function.service().name, &*function.operation().name);
    ROWS.iter()
        .filter(|row| row.service == service)
        .filter(|row| row.operations.is_empty() || row.operations.contains(&operation))
        .find(|row| row.when.applies(parameters))
        .map(|row| row.scope)
}

/// Whether there are parameters with which a function answers for the organization.
#[must_use]
pub fn may_be_refused_to_members(function: &Function) -> bool {
    let (service, operation) = (&*function.service().name, &*function.operation().name);
    let takes = |name: &str| {
        function.service().input(function.operation()).is_some_and(|input| input.member(name).is_some())
    };
    ROWS.iter()
        .filter(|row| row.service == service)
        .filter(|row| row.operations.is_empty() || row.operations.contains(&operation))
        .any(|row| match row.when {
            When::Always => true,
            When::Given(name) | When::Literal(name) | When::Is(name, _) => takes(name),
        })
}

/// The service principals that the table names, for messages about others.
pub fn known_principals() -> impl Iterator<Item = &'static str> {
    ROWS.iter().filter_map(|row| match row.scope.delegated {
        Delegated::Of(principal) => Some(principal),
        Delegated::Nobody | Delegated::AnyService => None,
    })
}

impl When {
    fn applies(self, parameters: &Map<String, Value>) -> bool {
        let given = |name: &str| parameters.get(name).filter(|value| !value.is_null());
        match self {
            Self::Always => true,
            Self::Given(name) => given(name).is_some(),
            // A text in braces stands for a value of an item.
            Self::Literal(name) => {
                given(name).and_then(Value::as_str).is_some_and(|value| !value.starts_with('{'))
            }
            Self::Is(name, wanted) => match given(name) {
                Some(Value::String(value)) => value == wanted,
                Some(other) => other.to_string() == wanted,
                None => false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Delegated, OrganizationScope, ROWS, When, organization_scope};
    use crate::catalog::{Catalog, Function};

    fn scope(service: &str, function: &str, parameters: &Value) -> Option<OrganizationScope> {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let known = catalog.service(service).expect("loads").expect(service);
        let function = Function::find(&known, function).expect(function);
        organization_scope(&function, parameters.as_object().expect("an object"))
    }

    #[test]
    fn every_row_names_operations_and_parameters_that_exist() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        assert!(ROWS.is_sorted_by_key(|row| row.service));
        for row in ROWS {
            let service = catalog.service(row.service).expect("loads").expect(row.service);
            for name in row.operations {
                assert!(
                    service.operations.iter().any(|operation| &*operation.name == *name),
                    "{} {name}",
                    row.service
                );
            }
            let parameter = match row.when {
                When::Always => None,
                When::Given(name) | When::Literal(name) | When::Is(name, _) => Some(name),
            };
            let has = |name: &str| {
                let mut inputs = service.operations.iter().filter_map(|operation| service.input(operation));
                inputs.any(|input| input.member(name).is_some())
            };
            assert!(parameter.is_none_or(has), "{} {parameter:?}", row.service);
            assert!(!row.source.is_empty());
        }
    }

    #[test]
    fn what_every_account_calls_for_itself_has_no_scope() {
        let none = json!({});
        for (service, function) in [
            ("organizations", "describe_organization"),
            ("organizations", "describe_effective_policy"),
            ("organizations", "list_handshakes_for_account"),
            ("guardduty", "list_detectors"),
            ("guardduty", "list_members"),
            ("fms", "list_admins_managing_account"),
            ("sso-admin", "list_instances"),
            ("account", "get_contact_information"),
            ("cloudformation", "list_stack_sets"),
            ("ec2", "describe_vpcs"),
        ] {
            assert_eq!(scope(service, function, &none), None, "{service} {function}");
        }
    }

    #[test]
    fn what_answers_for_the_organization_says_who_may_call_it() {
        let none = json!({});
        let roots = scope("organizations", "list_roots", &none).expect("a scope");
        assert!(roots.management && roots.delegated == Delegated::AnyService);
        let administrators = scope("guardduty", "list_organization_admin_accounts", &none).expect("a scope");
        assert!(administrators.management && administrators.delegated == Delegated::Nobody);
        let statistics = scope("guardduty", "get_organization_statistics", &none).expect("a scope");
        assert!(!statistics.management && statistics.delegated == Delegated::Of("guardduty.amazonaws.com"));
        assert!(scope("config", "describe_organization_config_rules", &none).expect("a scope").each);
    }

    #[test]
    fn parameters_can_make_the_scope() {
        let given = |service: &str, function: &str, parameters: Value| scope(service, function, &parameters);
        let contact = "get_contact_information";
        assert!(given("account", contact, json!({"AccountId": "111111111111"})).is_some());
        assert!(given("account", contact, json!({"AccountId": "{.Id}"})).is_some());
        let sets = |call_as| given("cloudformation", "list_stack_sets", json!({"CallAs": call_as}));
        assert!(sets("DELEGATED_ADMIN").is_some_and(|scope| !scope.management));
        assert_eq!(sets("SELF"), None);
        let users = |store| given("identitystore", "list_users", json!({"IdentityStoreId": store}));
        assert!(users("d-1234567890").is_some());
        assert_eq!(users("{.IdentityStoreId}"), None, "its own instance's");
    }
}

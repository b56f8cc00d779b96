//! What a scan may call, held against AWS's own descriptions of it: every operation whose description has words that
//! a plain read has not is on the deny list, or has a row here with the reason why it is called.

use std::collections::{BTreeMap, BTreeSet};

use aws_auto_inventory::model::catalog::{Catalog, read_only};

use crate::sandbox::ask_python;

/// For each operation the kinds of words that were found, and an excerpt each.
type Words = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

/// Operations with such words that are called: service, operations, why.
const CALLED: &[(&str, &[&str], &str)] = &[
    ("account-access-runtime", &["ListRoles"], "lists roles, and gives no credentials"),
    (
        "agent-registry",
        &["BatchGetDiscoverableRegistryRecord", "SearchDiscoverableRegistryRecords"],
        "describes records; the address within is left to redaction",
    ),
    (
        "agent-registry-control",
        &["GetRegistryRecord"],
        "describes a record; the address within is left to redaction",
    ),
    (
        "bedrock-agentcore-control",
        &["GetDataset"],
        "describes a dataset; the address within is left to redaction",
    ),
    (
        "cloudtrail",
        &[
            "DescribeQuery",
            "GetChannel",
            "GetDashboard",
            "GetEventDataStore",
            "GetImport",
            "ListChannels",
            "ListDashboards",
            "ListEventDataStores",
            "ListImportFailures",
            "ListImports",
            "ListQueries",
            "SearchSampleQueries",
        ],
        "begins with a notice",
    ),
    ("cognito-idp", &["ListClientMetadataURLs"], "addresses of public documents"),
    ("cognito-idp", &["ListUserSessions"], "takes a user's token as a parameter, and gives none"),
    ("ec2", &["GetCapacityManagerSupportabilityScores"], "computes scores, and keeps nothing"),
    ("endusermessaging", &["ListBrandProfileAttributes"], "lists attributes, without their addresses"),
    (
        "gameliftstreams",
        &["ListStreamUrls"],
        "lists; another operation revokes, and the addresses are redacted",
    ),
    ("glue", &["GetJobUpgradeAnalysis"], "the result of an analysis, which another operation starts"),
    (
        "notifications",
        &["GetManagedNotificationEvent"],
        "describes an event; the address within is left to redaction",
    ),
    ("omics", &["GetRun"], "a place in S3"),
    (
        "partnercentral-marketing",
        &["GetCampaign", "GetCampaignAsset", "GetCampaignTemplate"],
        "describes campaigns; the addresses within are left to redaction",
    ),
    (
        "rekognition",
        &["DescribeStreamProcessor", "GetMediaAnalysisJob", "ListMediaAnalysisJobs", "ListStreamProcessors"],
        "begins with a notice",
    ),
    ("securityagent", &["BatchGetSecurityRequirements"], "reads, in other words"),
    (
        "wellarchitected",
        &[
            "GetAgentRecommendation",
            "GetAgentRecommendationGeneration",
            "ListAgentRecommendationGenerations",
            "ListAgentRecommendationItems",
            "ListAgentRecommendations",
        ],
        "begins with a notice",
    ),
    ("amplifyuibuilder", &["GetCodegenJob"], "describes a job; the address within is left to redaction"),
    ("apigateway", &["GetDomainName"], "a domain name makes URLs intuitive"),
    ("apigateway", &["GetModelTemplate"], "computes an example, and keeps nothing"),
    ("backupsearch", &["ListSearchResultExportJobs"], "lists jobs; the export is another operation"),
    ("bcm-data-exports", &["GetExecution"], "describes an export that AWS has made"),
    ("ce", &["GetRightsizingRecommendation"], "computes from bills, and keeps nothing"),
    ("chime", &["GetBot", "ListBots"], "the token of a bot is redacted"),
    ("chime-sdk-messaging", &["SearchChannels"], "searches, in other words"),
    ("cloudfront", &["GetDistribution", "GetStreamingDistribution"], "accounts that may sign URLs"),
    (
        "cloudfront",
        &["GetPublicKey", "GetPublicKeyConfig"],
        "public keys, which signed URLs are checked with",
    ),
    ("codecatalyst", &["ListAccessTokens"], "names and dates of tokens, which are shown once"),
    ("cognito-idp", &["AdminListGroupsForUser"], "groups, which stand in tokens"),
    ("cognito-idp", &["DescribeUserPoolClient"], "units of time for tokens"),
    ("cognito-idp", &["ListUserImportJobs"], "lists jobs; their presigned addresses are redacted"),
    (
        "cognito-idp",
        &["GetDevice", "GetUserAuthFactors", "ListDevices", "ListWebAuthnCredentials"],
        "takes a user's token as a parameter, and gives none; devices and public keys",
    ),
    ("connect", &["BatchGetAttachedFileMetadata"], "reads metadata, in other words"),
    ("customer-profiles", &["GetAutoMergingPreview"], "computes a preview, and merges nothing"),
    (
        "dataexchange",
        &["GetAsset", "ListRevisionAssets"],
        "describes assets; the address within is left to redaction",
    ),
    ("dataexchange", &["GetJob", "ListJobs"], "describes jobs; the addresses within are left to redaction"),
    (
        "datasync",
        &["DescribeLocationFsxOntap", "DescribeLocationFsxOpenZfs"],
        "describes locations; passwords are redacted",
    ),
    ("datazone", &["ListConnections"], "lists connections; tokens of other services within are redacted"),
    (
        "devicefarm",
        &["GetUpload", "ListArtifacts", "ListSamples", "ListUploads"],
        "lists files of tests; the addresses within are left to redaction",
    ),
    (
        "discovery",
        &["DescribeExportConfigurations", "DescribeExportTasks"],
        "describes exports; the address within is left to redaction",
    ),
    ("dms", &["DescribeEndpoints"], "describes endpoints; passwords are redacted"),
    ("dms", &["GetTargetSelectionRules"], "translates rules, and keeps nothing"),
    ("ec2", &["DescribeConversionTasks"], "describes tasks; the address within is left to redaction"),
    ("ec2", &["GetFlowLogsIntegrationTemplate"], "makes a text, and keeps nothing"),
    ("ec2", &["GetHostReservationPurchasePreview"], "a price, and no purchase"),
    ("ec2", &["GetVpnConnectionDeviceSampleConfiguration"], "an example, whose keys are redacted"),
    ("forecast", &["GetAccuracyMetrics"], "numbers of a model that is there"),
    ("gamelift", &["DescribeFleetEvents"], "events of a fleet; the addresses within are left to redaction"),
    ("glue", &["BatchGetJobs", "GetJob", "GetJobs"], "describes jobs; tokens of repositories are redacted"),
    ("glue", &["GetDataflowGraph", "GetMapping"], "translates what is given, and keeps nothing"),
    ("iam", &["GetOutboundWebIdentityFederationInfo"], "the address of an issuer, which is public"),
    ("iotsitewise", &["DescribePortal"], "describes a portal; the address of its logo is left to redaction"),
    ("ivs", &["BatchGetChannel"], "reads several at once"),
    ("ivs", &["GetPlaybackKeyPair"], "the public half of a key"),
    ("kinesisvideo", &["GetSignalingChannelEndpoint"], "an endpoint, which asks for a signature"),
    (
        "lambda",
        &["GetFunction", "GetLayerVersion", "GetLayerVersionByArn"],
        "describes functions and layers; the address of the code is left to redaction",
    ),
    (
        "lexv2-models",
        &["DescribeBotRecommendation", "DescribeTestSetDiscrepancyReport"],
        "describes results; the addresses within are left to redaction",
    ),
    ("lookoutequipment", &["ListModelVersions", "ListModels"], "lists, in other words"),
    (
        "marketplace-agreement",
        &["ListAgreementCharges", "ListAgreementInvoiceLineItems"],
        "lists, in other words",
    ),
    ("mediaconvert", &["DescribeEndpoints"], "the account's endpoint; the request has no body"),
    ("mediapackage", &["DescribeChannel", "ListChannels"], "describes channels; passwords are redacted"),
    ("personalize-runtime", &["GetPersonalizedRanking"], "computes, and keeps nothing"),
    ("qconnect", &["GetMessageTemplate"], "describes a template; the addresses within are left to redaction"),
    ("quicksight", &["DescribeAssetBundleImportJob"], "describes a job; passwords are redacted"),
    (
        "quicksight",
        &["DescribeTopicRefreshSchedule"],
        "describes; the documentation has the words of another",
    ),
    ("route53domains", &["ListOperations"], "lists; it is the command that runs in one region"),
    ("route53globalresolver", &["ListAccessTokens"], "names and dates of tokens"),
    (
        "s3",
        &[
            "GetObjectAttributes",
            "HeadBucket",
            "HeadObject",
            "ListMultipartUploads",
            "ListObjectsV2",
            "ListParts",
        ],
        "directory buckets may be asked with tokens of sessions, which are made by another operation",
    ),
    (
        "sagemaker",
        &["DescribeDomain", "DescribeUserProfile", "DescribeWorkteam", "ListWorkteams"],
        "settings about presigned URLs, and none of them",
    ),
    ("sagemaker-geospatial", &["SearchRasterDataCollection"], "searches, in other words"),
    ("securityhub", &["GetConnectorV2", "ListConnectorsV2"], "the documentation speaks of the permission"),
    (
        "sesv2",
        &["GetExportJob", "GetImportJob"],
        "describes jobs; the addresses within are left to redaction",
    ),
    ("snowball", &["DescribeJob"], "describes a job; the addresses within are left to redaction"),
    (
        "ssm",
        &["DescribeAutomationExecutions", "GetAutomationExecution"],
        "an address that the account has given",
    ),
    ("ssm", &["GetExecutionPreview"], "reads a preview that is there"),
    ("ssm", &["ListNodesSummary"], "counts, and keeps nothing"),
    ("sts", &["GetAccessKeyInfo"], "the account of a key id"),
    (
        "transcribe",
        &["GetCallAnalyticsJob", "GetTranscriptionJob"],
        "describes jobs; addresses are left to redaction",
    ),
    (
        "transcribe",
        &["GetMedicalVocabulary", "GetVocabulary", "GetVocabularyFilter"],
        "describes vocabularies; the address within is left to redaction",
    ),
    (
        "translate",
        &["GetParallelData", "GetTerminology"],
        "describes data; the address within is left to redaction",
    ),
    ("workdocs", &["DescribeRootFolders", "GetCurrentUser"], "takes a user's token, and gives none"),
    (
        "workmail",
        &["GetImpersonationRoleEffect", "GetMobileDeviceAccessEffect"],
        "computes what rules come to, and keeps nothing",
    ),
    (
        "workmail",
        &["GetPersonalAccessTokenMetadata", "ListPersonalAccessTokens"],
        "names and dates of tokens, which are shown once",
    ),
    ("workmail", &["ListAliases"], "lists, in other words"),
];

/// AWS's descriptions of the operations of the catalog that `is_meant`.
fn words(catalog: &Catalog, is_meant: impl Fn(&str, &str) -> bool) -> Words {
    let mut operations: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in catalog.entries() {
        let service = catalog.read(entry).expect("loads");
        let meant = service.operations.iter().filter(|operation| is_meant(&entry.name, &operation.name));
        let names: Vec<String> = meant.map(|operation| operation.name.to_string()).collect();
        if !names.is_empty() {
            operations.insert(entry.name.clone(), names);
        }
    }
    let asked = serde_json::to_string(&operations).expect("JSON");
    serde_json::from_str(&ask_python("words.py", &asked)).expect("words")
}

fn is_called(service: &str, operation: &str) -> bool {
    read_only::denial(service, operation).is_none()
}

/// An operation whose description has words of a write is denied, or has a reason.
#[test]
fn operation_described_as_write_is_denied_or_reviewed() {
    let catalog = Catalog::embedded().expect("a catalog");
    let words = words(&catalog, is_called);
    let found: BTreeSet<(String, String)> = words
        .iter()
        .flat_map(|(service, operations)| {
            operations.keys().map(|operation| (service.clone(), operation.clone()))
        })
        .collect();
    let rows = CALLED.iter().flat_map(|(service, operations, why)| {
        assert!(why.len() > 10, "{service}: why?");
        operations.iter().map(|operation| ((*service).to_owned(), (*operation).to_owned()))
    });
    let rows: BTreeSet<(String, String)> = rows.collect();
    let unreviewed: Vec<String> = found
        .difference(&rows)
        .map(|(service, operation)| format!("{service} {operation}: {:?}", words[service][operation]))
        .collect();
    assert!(
        unreviewed.is_empty(),
        "nobody has looked at these: put them on the deny list (src/model/catalog/read_only/deny_list.rs), or say here why \
         they are called:\n{}",
        unreviewed.join("\n")
    );
    let stale: Vec<_> = rows.difference(&found).collect();
    assert!(stale.is_empty(), "these rows are not needed any more: {stale:?}");
}

#[test]
fn the_words_find_what_has_been_found_by_hand() {
    let catalog = Catalog::embedded().expect("a catalog");
    let found = words(&catalog, |service, operation| !is_called(service, operation));
    for (service, operation) in [
        ("artifact", "GetReport"),
        ("athena", "GetSessionEndpoint"),
        ("codepipeline", "GetJobDetails"),
        ("cognito-idp", "DescribeUserImportJob"),
        ("connect", "GetAttachedFile"),
        ("controltower", "ListLandingZones"),
        ("elbv2", "GetTrustStoreRevocationContent"),
        ("emr-serverless", "GetResourceDashboard"),
        ("frauddetector", "GetEventPrediction"),
        ("imagebuilder", "GetMarketplaceResource"),
        ("kms", "GetParametersForImport"),
        ("lakeformation", "GetTemporaryGlueTableCredentials"),
        ("marketplace-reporting", "GetBuyerDashboard"),
        ("payment-cryptography", "GetCertificateSigningRequest"),
        ("quicksight", "GetIdentityContext"),
        ("sagemaker", "GetScalingConfigurationRecommendation"),
        ("sts", "GetSessionToken"),
        ("taxsettings", "GetTaxRegistrationDocument"),
        ("wickr", "GetOidcInfo"),
    ] {
        let is_found = found.get(service).is_some_and(|operations| operations.contains_key(operation));
        assert!(is_found, "no word finds {service} {operation}");
    }
}

/// Operations that neither word nor level finds, that were suspected anyway, and that are called: why.
const EXAMINED: &[(&str, &[&str], &str)] = &[
    (
        "athena",
        &["GetDatabase", "GetTableMetadata", "ListDatabases", "ListTableMetadata"],
        "names of tables; for a catalog of the types LAMBDA and HIVE, Athena has them from the metadata function that \
         the account has set up for that (botocore: athena, DataCatalog.Parameters), which reads as well",
    ),
    (
        "kafka",
        &["DescribeTopic", "DescribeTopicPartitions", "ListTopics"],
        "topics and their settings, and no messages (botocore: kafka, operation documentation)",
    ),
    (
        "ds-data",
        &["DescribeGroup", "DescribeUser", "ListGroups", "ListUsers"],
        "names and settings of a directory's users, no passwords (botocore: ds-data, response shapes)",
    ),
    (
        "apigatewaymanagementapi",
        &["GetConnection"],
        "when a connection was made, and from where (botocore: apigatewaymanagementapi, GetConnectionResponse)",
    ),
];

#[test]
fn examined_operations_have_reason_and_exist() {
    let catalog = Catalog::embedded().expect("a catalog");
    for (service, operations, why) in EXAMINED {
        assert!(why.contains("botocore: "), "{service}: where is that said?");
        let service = catalog.service(service).expect("loads").expect("a service");
        for operation in *operations {
            let exists = service.operations.iter().any(|other| &*other.name == *operation);
            assert!(exists && is_called(&service.name, operation), "{} {operation}", service.name);
        }
    }
}

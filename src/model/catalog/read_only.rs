//! The read-only rules: the operations that the catalog contains, and the deny list of those that a scan does not
//! call.
//!
//! Two gates, both needed. The first decides what is in the catalog at all: the verb of the name and the HTTP
//! method must both be those of a read. The second is the reviewed table below: reads whose response is a
//! credential, a secret or bulk data, which an inventory should not contain, and the few operations that change
//! something despite their name.
//!
//! The models' `"readonly": true` is not used: it is set for 1,708 of 7,821 reads and also for
//! `StopQueryWorkloadInsightsTopContributors`.

use std::fmt;

use serde::Serialize;

/// The reasons why an operation of the catalog is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DenialKind {
    /// The response is a credential, or a URL that works as one.
    Credential,
    /// The response is a secret.
    Secret,
    /// The response is data, not inventory.
    BulkData,
    /// The operation does more than read: it creates, starts or sends something, or is billed.
    Effect,
}

/// An entry of the deny list, with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadRefusal {
    /// The kind of the response or of the effect.
    pub kind: DenialKind,
    /// The reason, for messages.
    pub reason: &'static str,
}

impl fmt::Display for ReadRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            DenialKind::Credential => "credential",
            DenialKind::Secret => "secret",
            DenialKind::BulkData => "bulk data",
            DenialKind::Effect => "more than a read",
        };
        write!(formatter, "{kind}: {}", self.reason)
    }
}

/// The verbs of read operations.
pub const READ_VERBS: [&str; 12] = [
    "AdminGet",
    "AdminList",
    "BatchDescribe",
    "BatchGet",
    "Describe",
    "Get",
    "Head",
    "List",
    "Lookup",
    "Query",
    "Scan",
    "Search",
];

/// Operations that are named like reads but are not, or that this program cannot call.
const NOT_ADMITTED: &[(&str, &str, &str)] = &[
    ("cognito-identity", "GetId", "creates an identity if there is none"),
    ("cognito-idp", "GetUserAttributeVerificationCode", "sends a message to a user"),
    ("cognito-idp", "GetTokensFromRefreshToken", "signs a user in"),
    ("iot", "DescribeEndpoint", "creates the account's endpoint if there is none"),
    ("iot", "GetRegistrationCode", "creates the account's registration code"),
    ("stepfunctions", "GetActivityTask", "takes a task from the workers that wait for it"),
    ("waf", "GetChangeToken", "creates a token for a change"),
    ("waf-regional", "GetChangeToken", "creates a token for a change"),
    ("logs", "GetLogObject", "returns an event stream"),
];

use DenialKind::{BulkData, Credential, Effect, Secret};

/// The deny list, reads that an inventory should not contain: service, operation, kind, reason.
///
/// The reasons are from the documentation of operation and members in botocore's models
/// (`service-2.json`). A test (`tests/integration/conformance/reads.rs`) compares all other operations with that
/// documentation, and what permissions they need with IAM's access levels.
const DENIED: &[(&str, &str, DenialKind, &str)] = &[
    ("amplify", "GetArtifactUrl", Credential, "a presigned download URL"),
    ("amplifybackend", "GetToken", Credential, "a challenge token"),
    ("apigateway", "GetExport", BulkData, "a generated document"),
    ("apigateway", "GetSdk", BulkData, "generated code"),
    ("appconfig", "GetConfiguration", BulkData, "a configuration as applications get it"),
    ("appconfig", "GetHostedConfigurationVersion", BulkData, "a configuration as applications get it"),
    ("appconfigdata", "GetLatestConfiguration", BulkData, "a configuration as applications get it"),
    ("artifact", "GetReport", Credential, "a presigned download URL"),
    ("artifact", "GetTermForReport", Credential, "a presigned download URL"),
    ("athena", "GetQueryResults", BulkData, "rows of a query"),
    ("athena", "GetResourceDashboard", Credential, "a URL with an authentication token"),
    ("athena", "GetSessionEndpoint", Credential, "an authentication token"),
    ("auditmanager", "GetAssessmentReportUrl", Credential, "a presigned download URL"),
    ("auditmanager", "GetEvidenceFileUploadUrl", Credential, "a presigned upload URL"),
    ("backup", "GetRecoveryPointRestoreMetadata", Secret, "may contain passwords for a restore"),
    ("backup", "GetRestoreJobMetadata", Secret, "may contain passwords for a restore"),
    ("bedrock-agentcore", "GetEvent", BulkData, "a conversation"),
    ("bedrock-agentcore", "GetMemoryRecord", BulkData, "an agent's memory about users"),
    ("bedrock-agentcore", "GetResourceApiKey", Credential, "an API key"),
    ("bedrock-agentcore", "GetResourceOauth2Token", Credential, "an OAuth token"),
    ("bedrock-agentcore", "GetResourcePaymentToken", Credential, "a payment token"),
    ("bedrock-agentcore", "GetWorkloadAccessToken", Credential, "an access token"),
    ("bedrock-agentcore", "GetWorkloadAccessTokenForJWT", Credential, "an access token"),
    ("bedrock-agentcore", "GetWorkloadAccessTokenForUserId", Credential, "an access token"),
    ("bedrock-agentcore", "ListEvents", BulkData, "a conversation"),
    ("bedrock-agentcore", "ListMemoryRecords", BulkData, "an agent's memory about users"),
    ("chime-sdk-messaging", "GetChannelMessage", BulkData, "a conversation"),
    ("chime-sdk-messaging", "ListChannelMessages", BulkData, "a conversation"),
    ("cloudsearchdomain", "Search", BulkData, "documents of an index"),
    ("cloudtrail", "GetQueryResults", BulkData, "rows of a query"),
    ("cloudtrail", "LookupEvents", BulkData, "records of user activity"),
    ("codeartifact", "GetAuthorizationToken", Credential, "an authorization token"),
    ("codeartifact", "GetPackageVersionAsset", BulkData, "the content of a package"),
    ("codecatalyst", "GetSourceRepositoryCloneUrls", Credential, "URLs to clone a repository"),
    ("codecommit", "GetBlob", BulkData, "the content of a file"),
    ("codecommit", "GetFile", BulkData, "the content of a file"),
    ("codepipeline", "GetJobDetails", Credential, "AWS credentials"),
    ("codepipeline", "GetThirdPartyJobDetails", Credential, "AWS credentials"),
    ("cognito-identity", "GetCredentialsForIdentity", Credential, "AWS credentials"),
    ("cognito-identity", "GetOpenIdToken", Credential, "an OpenID token"),
    ("cognito-identity", "GetOpenIdTokenForDeveloperIdentity", Credential, "an OpenID token"),
    ("cognito-idp", "DescribeUserImportJob", Credential, "a presigned upload URL"),
    ("cognito-idp", "GetUser", Credential, "needs a user's access token"),
    ("cognito-idp", "ListUserPoolClientSecrets", Secret, "client secrets"),
    ("cognito-sync", "ListRecords", BulkData, "records of a user"),
    ("connect", "GetAttachedFile", Credential, "a presigned download URL"),
    ("connect", "GetContactAttributes", BulkData, "data about a caller"),
    ("connect", "GetFederationToken", Credential, "a federation token"),
    ("connect", "GetPromptFile", Credential, "a presigned download URL"),
    ("connectparticipant", "GetAttachment", Credential, "a presigned download URL"),
    ("connectparticipant", "GetAuthenticationUrl", Credential, "a sign-in URL"),
    ("connectparticipant", "GetTranscript", BulkData, "a conversation"),
    ("controltower", "ListLandingZones", Effect, "creates an ARN for a landing zone that has none"),
    ("customer-profiles", "BatchGetProfile", BulkData, "customer profiles"),
    ("customer-profiles", "GetProfileHistoryRecord", BulkData, "customer profiles"),
    ("customer-profiles", "GetUploadJobPath", Credential, "a presigned upload URL"),
    ("customer-profiles", "ListProfileHistoryRecords", BulkData, "customer profiles"),
    ("customer-profiles", "ListProfileObjects", BulkData, "customer profiles"),
    ("customer-profiles", "SearchProfiles", BulkData, "customer profiles"),
    ("datazone", "GetConnection", Credential, "AWS credentials, if requested"),
    ("datazone", "GetEnvironmentCredentials", Credential, "AWS credentials"),
    ("datazone", "GetIamPortalLoginUrl", Credential, "a sign-in URL"),
    ("dynamodb", "BatchGetItem", BulkData, "items of a table"),
    ("dynamodb", "GetItem", BulkData, "items of a table"),
    ("dynamodb", "Query", BulkData, "items of a table"),
    ("dynamodb", "Scan", BulkData, "items of a table"),
    ("dynamodbstreams", "GetRecords", BulkData, "records of a stream"),
    ("ebs", "GetSnapshotBlock", BulkData, "blocks of a disk"),
    ("ec2", "GetConsoleOutput", BulkData, "console output of an instance"),
    ("ec2", "GetConsoleScreenshot", BulkData, "a picture of a screen"),
    ("ec2", "GetPasswordData", Secret, "an administrator's password"),
    ("ecr", "GetAuthorizationToken", Credential, "a registry password"),
    ("ecr", "GetDownloadUrlForLayer", Credential, "a presigned download URL"),
    ("ecr-public", "GetAuthorizationToken", Credential, "a registry password"),
    ("elbv2", "GetTrustStoreCaCertificatesBundle", Credential, "a presigned download URL"),
    ("elbv2", "GetTrustStoreRevocationContent", Credential, "a presigned download URL"),
    ("emr", "GetClusterSessionCredentials", Credential, "credentials of a cluster"),
    ("emr", "GetOnClusterAppUIPresignedURL", Credential, "a presigned URL"),
    ("emr", "GetPersistentAppUIPresignedURL", Credential, "a presigned URL"),
    ("emr-containers", "GetManagedEndpointSessionCredentials", Credential, "a session token"),
    ("emr-serverless", "GetDashboardForJobRun", Credential, "a presigned URL"),
    ("emr-serverless", "GetResourceDashboard", Credential, "a URL with an authentication token"),
    ("emr-serverless", "GetSessionEndpoint", Credential, "an authentication token"),
    ("finspace", "GetKxConnectionString", Credential, "a signed connection string"),
    ("finspace-data", "GetExternalDataViewAccessDetails", Credential, "AWS credentials"),
    ("finspace-data", "GetProgrammaticAccessCredentials", Credential, "AWS credentials"),
    ("frauddetector", "GetEventPrediction", Effect, "evaluates an event, and may store it"),
    ("gamelift", "GetComputeAccess", Credential, "AWS credentials"),
    ("gamelift", "GetComputeAuthToken", Credential, "an authentication token"),
    ("gamelift", "GetGameSessionLogUrl", Credential, "a presigned download URL"),
    ("gamelift", "GetInstanceAccess", Credential, "credentials of an instance"),
    ("gamelift", "GetPlayerConnectionDetails", Credential, "an access token"),
    ("glacier", "GetJobOutput", BulkData, "the content of an archive"),
    ("glue", "GetEntityRecords", BulkData, "rows of a table"),
    ("glue", "GetUnfilteredPartitionMetadata", Credential, "for query engines only"),
    ("glue", "GetUnfilteredPartitionsMetadata", Credential, "for query engines only"),
    ("glue", "GetUnfilteredTableMetadata", Credential, "for query engines only"),
    ("greengrassv2", "GetComponentVersionArtifact", Credential, "a presigned download URL"),
    ("groundstation", "GetAgentTaskResponseUrl", Credential, "a presigned URL"),
    ("imagebuilder", "GetMarketplaceResource", Credential, "a download URL"),
    ("inspector", "GetAssessmentReport", Effect, "generates a report"),
    ("inspector2", "GetCisScanReport", Credential, "a presigned download URL"),
    ("invoicing", "GetInvoicePDF", Credential, "a presigned download URL"),
    ("iot-data", "GetRetainedMessage", BulkData, "a message"),
    ("iotdeviceadvisor", "GetSuiteRunReport", Credential, "a download URL"),
    (
        "iotwireless",
        "GetPositionEstimate",
        Effect,
        "sends measurements to solvers of third parties, and is billed",
    ),
    ("iotwireless", "GetWirelessDeviceImportTask", Secret, "may contain device keys"),
    ("ivs", "BatchGetStreamKey", Secret, "stream keys"),
    ("ivs", "GetStreamKey", Secret, "a stream key"),
    ("kendra", "Query", BulkData, "passages of documents"),
    ("keyspacesstreams", "GetRecords", BulkData, "records of a stream"),
    ("kinesis", "GetRecords", BulkData, "records of a stream"),
    ("kinesis-video-archived-media", "GetClip", BulkData, "video"),
    ("kinesis-video-archived-media", "GetDASHStreamingSessionURL", Credential, "a streaming URL"),
    ("kinesis-video-archived-media", "GetHLSStreamingSessionURL", Credential, "a streaming URL"),
    ("kinesis-video-archived-media", "GetImages", BulkData, "pictures"),
    ("kinesis-video-archived-media", "GetMediaForFragmentList", BulkData, "video"),
    ("kinesis-video-media", "GetMedia", BulkData, "video"),
    ("kinesis-video-signaling", "GetIceServerConfig", Credential, "credentials of a relay"),
    ("kms", "GetParametersForImport", Credential, "a token to import a key with"),
    ("lakeformation", "GetTemporaryDataLocationCredentials", Credential, "AWS credentials"),
    ("lakeformation", "GetTemporaryGluePartitionCredentials", Credential, "AWS credentials"),
    ("lakeformation", "GetTemporaryGlueTableCredentials", Credential, "AWS credentials"),
    ("lakeformation", "GetWorkUnitResults", BulkData, "rows of a query"),
    ("lex-models", "GetExport", Credential, "a presigned download URL"),
    ("lexv2-models", "DescribeExport", Credential, "a presigned download URL"),
    ("lexv2-models", "GetTestExecutionArtifactsUrl", Credential, "a presigned download URL"),
    ("lexv2-models", "ListUtteranceAnalyticsData", BulkData, "utterances of users"),
    ("lexv2-models", "SearchAssociatedTranscripts", BulkData, "conversations"),
    ("license-manager", "GetAccessToken", Credential, "an access token"),
    ("lightsail", "GetBucketAccessKeys", Secret, "access keys"),
    ("lightsail", "GetContainerLog", BulkData, "log lines"),
    ("lightsail", "GetInstanceAccessDetails", Credential, "keys of an instance"),
    ("lightsail", "GetRelationalDatabaseLogEvents", BulkData, "log lines"),
    ("lightsail", "GetRelationalDatabaseMasterUserPassword", Secret, "a password"),
    ("logs", "GetLogEvents", BulkData, "log lines"),
    ("logs", "GetLogRecord", BulkData, "log lines"),
    ("logs", "GetQueryResults", BulkData, "log lines"),
    ("m2", "GetSignedBluinsightsUrl", Credential, "a sign-in URL"),
    ("mailmanager", "GetAddressListImportJob", Credential, "a presigned upload URL"),
    ("mailmanager", "GetArchiveMessage", Credential, "a presigned download URL"),
    ("mailmanager", "GetArchiveMessageContent", BulkData, "a mail"),
    ("mailmanager", "GetArchiveSearchResults", BulkData, "subjects and senders of mails"),
    ("mailmanager", "ListAddressListImportJobs", Credential, "presigned upload URLs"),
    ("marketplace-agreement", "GetAgreementEntitlements", Credential, "registration tokens"),
    ("marketplace-reporting", "GetBuyerDashboard", Credential, "a URL with a bearer token"),
    ("medialive", "DescribeInputDeviceThumbnail", BulkData, "a picture"),
    ("mediastore-data", "GetObject", BulkData, "the content of an object"),
    ("medical-imaging", "GetImageFrame", BulkData, "a picture of a patient"),
    ("medical-imaging", "GetImageSetMetadata", BulkData, "data of a patient"),
    ("mturk", "GetFileUploadURL", Credential, "a presigned URL"),
    ("omics", "GetReadSet", BulkData, "a genome"),
    ("omics", "GetReference", BulkData, "a genome"),
    ("payment-cryptography", "GetCertificateSigningRequest", Effect, "signs with a key of the account"),
    ("payment-cryptography", "GetParametersForExport", Effect, "makes a token and a key pair to export with"),
    ("payment-cryptography", "GetParametersForImport", Effect, "makes a token and a key pair to import with"),
    ("pca-connector-scep", "GetChallengePassword", Secret, "a password"),
    ("pricing", "GetPriceListFileUrl", Credential, "a presigned download URL"),
    ("qbusiness", "GetDocumentContent", Credential, "a presigned download URL"),
    ("qbusiness", "GetMedia", BulkData, "a picture of a conversation"),
    ("qbusiness", "ListMessages", BulkData, "a conversation"),
    ("qbusiness", "SearchRelevantContent", BulkData, "passages of documents"),
    ("qconnect", "GetContent", Credential, "a presigned download URL"),
    ("qconnect", "GetNextMessage", BulkData, "a conversation"),
    ("qconnect", "ListMessages", BulkData, "a conversation"),
    ("qconnect", "QueryAssistant", BulkData, "answers to a question"),
    ("quicksight", "DescribeAssetBundleExportJob", Credential, "a presigned download URL"),
    ("quicksight", "GetDashboardEmbedUrl", Credential, "a sign-in URL"),
    ("quicksight", "GetIdentityContext", Credential, "an identity token"),
    ("quicksight", "GetSessionEmbedUrl", Credential, "a sign-in URL"),
    ("redshift", "GetClusterCredentials", Credential, "a database password"),
    ("redshift", "GetClusterCredentialsWithIAM", Credential, "a database password"),
    ("redshift", "GetIdentityCenterAuthToken", Credential, "an authentication token"),
    ("redshift-data", "DescribeTable", Effect, "runs a statement in the database, which may wake it"),
    ("redshift-data", "GetStatementResult", BulkData, "rows of a query"),
    ("redshift-data", "GetStatementResultV2", BulkData, "rows of a query"),
    ("redshift-data", "ListDatabases", Effect, "runs a statement in the database, which may wake it"),
    ("redshift-data", "ListSchemas", Effect, "runs a statement in the database, which may wake it"),
    ("redshift-data", "ListTables", Effect, "runs a statement in the database, which may wake it"),
    ("redshift-serverless", "GetCredentials", Credential, "a database password"),
    ("redshift-serverless", "GetIdentityCenterAuthToken", Credential, "an authentication token"),
    ("rekognition", "GetFaceLivenessSessionResults", BulkData, "pictures of a face"),
    ("route53globalresolver", "GetAccessToken", Credential, "an access token"),
    ("s3", "GetObject", BulkData, "the content of an object"),
    ("s3", "GetObjectTorrent", BulkData, "the content of an object"),
    ("s3control", "GetDataAccess", Credential, "AWS credentials"),
    ("s3vectors", "GetVectors", BulkData, "vectors and their metadata"),
    ("s3vectors", "ListVectors", BulkData, "vectors and their metadata"),
    ("s3vectors", "QueryVectors", BulkData, "vectors and their metadata"),
    ("sagemaker", "GetScalingConfigurationRecommendation", Effect, "starts a recommendation job"),
    ("sagemaker-featurestore-runtime", "BatchGetRecord", BulkData, "records of a feature store"),
    ("sagemaker-featurestore-runtime", "GetRecord", BulkData, "records of a feature store"),
    ("secretsmanager", "BatchGetSecretValue", Secret, "secrets"),
    ("secretsmanager", "GetRandomPassword", Secret, "a password"),
    ("secretsmanager", "GetSecretValue", Secret, "a secret"),
    ("security-ir", "GetCaseAttachmentDownloadUrl", Credential, "a presigned download URL"),
    ("security-ir", "GetCaseAttachmentUploadUrl", Credential, "a presigned upload URL"),
    ("snowball", "DescribeReturnShippingLabel", Credential, "a presigned download URL"),
    ("snowball", "GetJobManifest", Secret, "the manifest of a device"),
    ("snowball", "GetJobUnlockCode", Secret, "the unlock code of a device"),
    ("snowball", "GetSoftwareUpdates", Credential, "a presigned download URL"),
    ("socialmessaging", "GetWhatsAppMessageMedia", BulkData, "a message"),
    ("ssm", "GetAccessToken", Credential, "AWS credentials"),
    ("ssm", "GetCommandInvocation", BulkData, "output of a command"),
    ("ssm", "GetDeployablePatchSnapshotForInstance", Credential, "a presigned download URL"),
    ("ssm", "GetParameter", Secret, "may contain a secret"),
    ("ssm", "GetParameterHistory", Secret, "may contain a secret"),
    ("ssm", "GetParameters", Secret, "may contain secrets"),
    ("ssm", "GetParametersByPath", Secret, "may contain secrets"),
    ("ssm", "ListCommandInvocations", BulkData, "output of commands"),
    ("sso", "GetRoleCredentials", Credential, "AWS credentials"),
    ("storagegateway", "DescribeChapCredentials", Secret, "CHAP secrets"),
    ("sts", "GetDelegatedAccessToken", Credential, "AWS credentials"),
    ("sts", "GetFederationToken", Credential, "AWS credentials"),
    ("sts", "GetSessionToken", Credential, "AWS credentials"),
    ("sts", "GetWebIdentityToken", Credential, "a web identity token"),
    ("support", "DescribeAttachment", BulkData, "an attachment of a support case"),
    ("support", "DescribeCommunications", BulkData, "a conversation with AWS Support"),
    (
        "taxsettings",
        "GetTaxRegistrationDocument",
        Effect,
        "writes documents into a bucket that the request names",
    ),
    ("textract", "GetDocumentAnalysis", BulkData, "the content of a document"),
    ("textract", "GetDocumentTextDetection", BulkData, "the content of a document"),
    ("textract", "GetExpenseAnalysis", BulkData, "the content of a document"),
    ("textract", "GetLendingAnalysis", BulkData, "the content of a document"),
    ("textract", "GetLendingAnalysisSummary", BulkData, "the content of a document"),
    ("timestream-query", "Query", BulkData, "rows of a query, and billed"),
    ("tnb", "GetSolFunctionPackageContent", BulkData, "the content of a package"),
    ("tnb", "GetSolNetworkPackageContent", BulkData, "the content of a package"),
    ("waf", "GetSampledRequests", BulkData, "requests of users, with cookies and tokens"),
    ("waf-regional", "GetSampledRequests", BulkData, "requests of users, with cookies and tokens"),
    ("wafv2", "GetDecryptedAPIKey", Secret, "an API key"),
    ("wafv2", "GetSampledRequests", BulkData, "requests of users, with cookies and tokens"),
    ("wickr", "GetOidcInfo", Credential, "access, identity and refresh tokens"),
    ("wisdom", "GetContent", Credential, "a presigned download URL"),
    ("wisdom", "QueryAssistant", BulkData, "answers to a question"),
    ("workdocs", "GetDocument", Credential, "a presigned download URL"),
    ("workdocs", "GetDocumentVersion", Credential, "a presigned download URL"),
    ("workmailmessageflow", "GetRawMessageContent", BulkData, "a mail"),
    ("xray", "GetSamplingTargets", Effect, "takes a share of the quota for samples"),
];

/// Returns whether the catalog contains an operation: it reads, and this program can call it.
#[must_use]
pub fn is_admitted(service: &str, operation: &str, method: &str, signature_version: &str) -> bool {
    // importexport and sdb use signature version 2, which the SDK's runtime does not support.
    let signs = signature_version != "v2";
    let reads = READ_VERBS.iter().any(|verb| begins_with_word(operation, verb));
    // Most reads of the RPC protocols are POST requests; PUT, PATCH and DELETE never are reads.
    let fetches = matches!(method, "GET" | "HEAD" | "POST");
    signs
        && reads
        && fetches
        && !NOT_ADMITTED.iter().any(|(name, denied, _)| (*name, *denied) == (service, operation))
}

/// Returns the reason why a scan does not call an operation of the catalog; `None` when it may.
#[must_use]
pub fn denial(service: &str, operation: &str) -> Option<ReadRefusal> {
    DENIED
        .iter()
        .find(|(name, denied, _, _)| (*name, *denied) == (service, operation))
        .map(|&(_, _, kind, reason)| ReadRefusal { kind, reason })
}

/// Returns the operations of a service that are named like reads but not admitted, with their effects.
pub fn not_admitted(service: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    NOT_ADMITTED
        .iter()
        .filter(move |(name, _, _)| *name == service)
        .map(|&(_, operation, effect)| (operation, effect))
}

/// The services of the tables above whose signing name differs from their name, with the signing name
/// (`signingName` or `endpointPrefix` in botocore's models). A test compares them with the catalog.
const SIGNING_NAMES: &[(&str, &str)] = &[
    ("appconfigdata", "appconfig"),
    ("chime-sdk-messaging", "chime"),
    ("cloudsearchdomain", "cloudsearch"),
    ("connectparticipant", "execute-api"),
    ("customer-profiles", "profile"),
    ("dynamodbstreams", "dynamodb"),
    ("elbv2", "elasticloadbalancing"),
    ("emr", "elasticmapreduce"),
    ("finspace-data", "finspace-api"),
    ("greengrassv2", "greengrass"),
    ("iot-data", "iotdata"),
    ("keyspacesstreams", "cassandra"),
    ("kinesis-video-archived-media", "kinesisvideo"),
    ("kinesis-video-media", "kinesisvideo"),
    ("kinesis-video-signaling", "kinesisvideo"),
    ("lex-models", "lex"),
    ("lexv2-models", "lex"),
    ("mailmanager", "ses"),
    ("marketplace-agreement", "aws-marketplace"),
    ("marketplace-reporting", "aws-marketplace"),
    ("mediastore-data", "mediastore"),
    ("mturk", "mturk-requester"),
    ("qconnect", "wisdom"),
    ("s3control", "s3"),
    ("sagemaker-featurestore-runtime", "sagemaker"),
    ("socialmessaging", "social-messaging"),
    ("sso", "awsssoportal"),
    ("stepfunctions", "states"),
    ("taxsettings", "tax"),
    ("timestream-query", "timestream"),
];

fn signing_name(service: &'static str) -> &'static str {
    SIGNING_NAMES.iter().find(|(name, _)| *name == service).map_or(service, |(_, signing_name)| signing_name)
}

/// Returns the signing name of a service of the tables.
#[cfg(test)]
pub(super) fn signing_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let services =
        DENIED.iter().map(|(service, ..)| *service).chain(NOT_ADMITTED.iter().map(|(service, ..)| *service));
    services.map(|service| (service, signing_name(service)))
}

/// Returns the services with operations that are not admitted, whose requests have this signing name.
pub(super) fn signing_for(name: &str) -> impl Iterator<Item = &'static str> {
    NOT_ADMITTED.iter().map(|&(service, ..)| service).filter(move |service| signing_name(service) == name)
}

/// Returns the reason why an operation of this name is not called in a service with the signing name of a service
/// of the table: AWS identifies the service by the signature, not by its name in a catalog.
pub(super) fn denial_by_signature(name: &str, operation: &str) -> Option<ReadRefusal> {
    DENIED
        .iter()
        .find(|(service, denied, ..)| *denied == operation && signing_name(service) == name)
        .map(|&(_, _, kind, reason)| ReadRefusal { kind, reason })
}

/// Returns the rows of the deny list: service and operation.
pub fn denied_operations() -> impl Iterator<Item = (&'static str, &'static str)> {
    DENIED.iter().map(|&(service, operation, _, _)| (service, operation))
}

/// Returns whether `operation` is `verb`, or starts with `verb` and another word.
fn begins_with_word(operation: &str, verb: &str) -> bool {
    operation
        .strip_prefix(verb)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(|next: char| next.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::{DENIED, DenialKind, denial, is_admitted};

    #[test]
    fn admits_reads_and_nothing_that_changes() {
        for operation in ["ListBuckets", "DescribeInstances", "HeadBucket", "Query", "BatchGetImage"] {
            assert!(is_admitted("any", operation, "POST", "v4"), "{operation}");
        }
        for operation in ["DeleteBucket", "PutObject", "Gettysburg", "StartQuery", "Listen", "CreateList"] {
            assert!(!is_admitted("any", operation, "POST", "v4"), "{operation}");
        }
    }

    #[test]
    fn a_name_alone_is_not_trusted() {
        assert!(!is_admitted("any", "GetThing", "DELETE", "v4"));
        assert!(!is_admitted("any", "GetThing", "PUT", "v4"));
        assert!(!is_admitted("cognito-identity", "GetId", "POST", "v4"));
    }

    #[test]
    fn credentials_are_denied() {
        let denial = denial("sts", "GetSessionToken").expect("a denied read");
        assert_eq!(denial.kind, DenialKind::Credential);
        assert_eq!(denial.to_string(), "credential: AWS credentials");
    }

    #[test]
    fn every_denied_operation_is_a_read() {
        for (service, operation, _, _) in DENIED {
            assert!(is_admitted(service, operation, "POST", "v4"), "{service}:{operation}");
        }
    }
}

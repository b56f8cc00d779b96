//! Services that return the same resources as another, which then has them.

/// A service, and the service that its resources belong to.
///
/// Sources: boto/boto3#4211 and aws/aws-cli#5859 (rds, neptune, docdb); the Elasticsearch API of OpenSearch Service is
/// its older one, as CodeStar Connections of CodeConnections, and Wisdom of Q in Connect.
pub(super) const SAME: &[(&str, &str)] = &[
    ("codestar-connections", "codeconnections"),
    ("docdb", "rds"),
    ("es", "opensearch"),
    ("neptune", "rds"),
    ("wisdom", "qconnect"),
];

//! Functions whose items are of several types, which a member determines.

/// A kind of resource whose type depends on a value of the item.
#[derive(Debug)]
pub struct TypeByValue {
    /// The service, as boto3 names it.
    pub service: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The member with the value.
    pub member: &'static str,
    /// Values or, if they end in `*`, their beginnings, with their types; the first that fits is taken. `*` fits all.
    pub types: &'static [(&'static str, &'static str)],
}

/// The engines of clusters, which the APIs of RDS, Neptune and Amazon DocumentDB all return.
const CLUSTERS: &[(&str, &str)] = &[
    ("neptune", "AWS::Neptune::DBCluster"),
    ("docdb", "AWS::DocDB::DBCluster"),
    ("*", "AWS::RDS::DBCluster"),
];
const INSTANCES: &[(&str, &str)] = &[
    ("neptune", "AWS::Neptune::DBInstance"),
    ("docdb", "AWS::DocDB::DBInstance"),
    ("*", "AWS::RDS::DBInstance"),
];

const fn by_engine(
    service: &'static str,
    kind: &'static str,
    types: &'static [(&'static str, &'static str)],
) -> TypeByValue {
    TypeByValue { service, kind, member: "Engine", types }
}

/// By service, then kind. The values are those of the member's enumeration in botocore's model, or of the page of
/// the API reference.
const ROWS: &[TypeByValue] = &[
    TypeByValue {
        service: "backup",
        kind: "backup_vault",
        member: "VaultType",
        types: &[
            ("LOGICALLY_AIR_GAPPED_BACKUP_VAULT", "AWS::Backup::LogicallyAirGappedBackupVault"),
            ("BACKUP_VAULT", "AWS::Backup::BackupVault"),
        ],
    },
    TypeByValue {
        service: "bedrock",
        kind: "inference_profile",
        member: "type",
        types: &[("APPLICATION", "AWS::Bedrock::ApplicationInferenceProfile")],
    },
    TypeByValue {
        service: "datasync",
        kind: "location",
        member: "LocationUri",
        types: &[
            ("azure-blob://*", "AWS::DataSync::LocationAzureBlob"),
            ("efs://*", "AWS::DataSync::LocationEFS"),
            ("fsxl://*", "AWS::DataSync::LocationFSxLustre"),
            ("fsxn-nfs://*", "AWS::DataSync::LocationFSxONTAP"),
            ("fsxn-smb://*", "AWS::DataSync::LocationFSxONTAP"),
            ("fsxw://*", "AWS::DataSync::LocationFSxWindows"),
            ("fsxz://*", "AWS::DataSync::LocationFSxOpenZFS"),
            ("hdfs://*", "AWS::DataSync::LocationHDFS"),
            ("nfs://*", "AWS::DataSync::LocationNFS"),
            ("object-storage://*", "AWS::DataSync::LocationObjectStorage"),
            ("s3://*", "AWS::DataSync::LocationS3"),
            ("smb://*", "AWS::DataSync::LocationSMB"),
        ],
    },
    TypeByValue {
        service: "directconnect",
        kind: "virtual_interface",
        member: "virtualInterfaceType",
        types: &[
            ("private", "AWS::DirectConnect::PrivateVirtualInterface"),
            ("public", "AWS::DirectConnect::PublicVirtualInterface"),
            ("transit", "AWS::DirectConnect::TransitVirtualInterface"),
        ],
    },
    by_engine("docdb", "db_cluster", CLUSTERS),
    by_engine("docdb", "db_instance", INSTANCES),
    TypeByValue {
        service: "kafka",
        kind: "cluster",
        member: "ClusterType",
        types: &[("SERVERLESS", "AWS::MSK::ServerlessCluster"), ("*", "AWS::MSK::Cluster")],
    },
    by_engine("neptune", "db_cluster", CLUSTERS),
    by_engine("neptune", "db_instance", INSTANCES),
    TypeByValue {
        service: "networkmanager",
        kind: "attachment",
        member: "AttachmentType",
        types: &[
            ("CONNECT", "AWS::NetworkManager::ConnectAttachment"),
            ("DIRECT_CONNECT_GATEWAY", "AWS::NetworkManager::DirectConnectGatewayAttachment"),
            ("SITE_TO_SITE_VPN", "AWS::NetworkManager::SiteToSiteVpnAttachment"),
            ("TRANSIT_GATEWAY_ROUTE_TABLE", "AWS::NetworkManager::TransitGatewayRouteTableAttachment"),
            ("VPC", "AWS::NetworkManager::VpcAttachment"),
        ],
    },
    by_engine("rds", "db_cluster", CLUSTERS),
    by_engine("rds", "db_instance", INSTANCES),
    TypeByValue {
        service: "servicecatalog",
        kind: "constraint",
        member: "Type",
        types: &[
            ("LAUNCH", "AWS::ServiceCatalog::LaunchRoleConstraint"),
            ("NOTIFICATION", "AWS::ServiceCatalog::LaunchNotificationConstraint"),
            ("RESOURCE_UPDATE", "AWS::ServiceCatalog::ResourceUpdateConstraint"),
            ("STACKSET", "AWS::ServiceCatalog::StackSetConstraint"),
            ("TEMPLATE", "AWS::ServiceCatalog::LaunchTemplateConstraint"),
        ],
    },
    TypeByValue {
        service: "servicediscovery",
        kind: "namespace",
        member: "Type",
        types: &[
            ("DNS_PRIVATE", "AWS::ServiceDiscovery::PrivateDnsNamespace"),
            ("DNS_PUBLIC", "AWS::ServiceDiscovery::PublicDnsNamespace"),
            ("HTTP", "AWS::ServiceDiscovery::HttpNamespace"),
        ],
    },
];

/// Returns the kinds whose type depends on a value.
#[must_use]
pub fn types_by_value() -> &'static [TypeByValue] {
    ROWS
}

impl TypeByValue {
    /// Returns the row of a kind.
    #[must_use]
    pub fn find(service: &str, kind: &str) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.service == service && row.kind == kind)
    }

    /// Returns the type for the member's value; `None` if the item has no such member.
    #[must_use]
    pub fn resource_type(&self, value: Option<&str>) -> Option<&'static str> {
        let fits = |pattern: &str| match pattern.strip_suffix('*') {
            Some(start) => value.unwrap_or_default().starts_with(start),
            None => value == Some(pattern),
        };
        self.types.iter().find(|(pattern, _)| fits(pattern)).map(|(_, name)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::{ROWS, TypeByValue};
    use crate::model::catalog::{Catalog, ShapeKind};

    fn resource_type(service: &str, kind: &str, value: Option<&str>) -> Option<&'static str> {
        TypeByValue::find(service, kind).and_then(|row| row.resource_type(value))
    }

    #[test]
    fn value_decides_type() {
        assert_eq!(resource_type("rds", "db_cluster", Some("docdb")), Some("AWS::DocDB::DBCluster"));
        assert_eq!(resource_type("rds", "db_cluster", Some("aurora-mysql")), Some("AWS::RDS::DBCluster"));
        assert_eq!(
            resource_type("datasync", "location", Some("smb://a/b")),
            Some("AWS::DataSync::LocationSMB")
        );
        assert_eq!(resource_type("bedrock", "inference_profile", Some("SYSTEM_DEFINED")), None);
        assert_eq!(resource_type("backup", "backup_vault", None), None);
    }

    #[test]
    fn members_are_in_models() {
        let catalog = Catalog::embedded().expect("a catalog");
        for row in ROWS {
            let service = catalog.service(row.service).expect("loads").expect("exists");
            let is_there = service.shapes.iter().any(|shape| {
                matches!(&shape.kind, ShapeKind::Structure(structure) if structure.member(row.member).is_some())
            });
            assert!(is_there, "{}: {}", row.service, row.member);
        }
    }
}

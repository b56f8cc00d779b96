"""Two of each kind of the services for files, tables, databases and their analysis."""

from tag_forms import given, upper


def make(kinds):
    files(kinds)
    tables(kinds)
    databases(kinds)
    clusters(kinds)
    analysis(kinds)
    deliveries(kinds)


def files(kinds):
    buckets, systems, vaults = kinds.client("s3"), kinds.client("efs"), kinds.client("backup")
    for name, tags in kinds.pair:
        bucket = f"{kinds.account}-{name}"
        buckets.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": kinds.region})
        if tags:
            buckets.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": upper(tags)})
        kinds.add("s3", "bucket", "AWS::S3::Bucket", bucket, f"arn:aws:s3:::{bucket}", bucket, tags)
        system = systems.create_file_system(CreationToken=name, Tags=upper(tags))
        identity, arn = system["FileSystemId"], system["FileSystemArn"]
        kinds.add("efs", "file_system", "AWS::EFS::FileSystem", identity, arn, None, tags)
        vault = vaults.create_backup_vault(BackupVaultName=name, BackupVaultTags=tags)["BackupVaultArn"]
        kinds.add("backup", "backup_vault", "AWS::Backup::BackupVault", name, vault, name, tags)


def tables(kinds):
    client = kinds.client("dynamodb")
    for name, tags in kinds.pair:
        arn = client.create_table(
            TableName=name, AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST", Tags=upper(tags),
        )["TableDescription"]["TableArn"]
        # The random ID of a table is not what its users call it by.
        kinds.add("dynamodb", "table", "AWS::DynamoDB::Table", name, arn, name, tags)


def databases(kinds):
    client = kinds.client("rds")
    zones = kinds.client("ec2").describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])
    subnets = [subnet["SubnetId"] for subnet in zones["Subnets"]]
    for name, tags in kinds.pair:
        listed = upper(tags)
        owner = {"MasterUsername": "owner", "MasterUserPassword": "not-a-secret"}
        # An identifier is also the name: what the console shows as such.
        instance = client.create_db_instance(
            DBInstanceIdentifier=name, Engine="postgres", DBInstanceClass="db.t3.micro", AllocatedStorage=20,
            Tags=listed, **owner,
        )["DBInstance"]["DBInstanceArn"]
        kinds.add("rds", "db_instance", "AWS::RDS::DBInstance", name, instance, None, tags)
        cluster = client.create_db_cluster(
            DBClusterIdentifier=name, Engine="aurora-postgresql", Tags=listed, **owner
        )["DBCluster"]["DBClusterArn"]
        kinds.add("rds", "db_cluster", "AWS::RDS::DBCluster", name, cluster, None, tags)
        group = client.create_db_subnet_group(
            DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=subnets, Tags=listed
        )["DBSubnetGroup"]["DBSubnetGroupArn"]
        kinds.add("rds", "db_subnet_group", "AWS::RDS::DBSubnetGroup", name, group, name, tags)
        group = client.create_db_parameter_group(
            DBParameterGroupName=name, DBParameterGroupFamily="postgres16", Description=name, Tags=listed
        )["DBParameterGroup"]["DBParameterGroupArn"]
        kinds.add("rds", "db_parameter_group", "AWS::RDS::DBParameterGroup", name, group, name, tags)
        snapshot = client.create_db_snapshot(
            DBSnapshotIdentifier=f"{name}-kept", DBInstanceIdentifier=name, Tags=listed
        )["DBSnapshot"]["DBSnapshotArn"]
        kinds.add("rds", "db_snapshot", "AWS::RDS::DBSnapshot", f"{name}-kept", snapshot, None, tags)


def clusters(kinds):
    redshift, caches = kinds.client("redshift"), kinds.client("elasticache")
    for name, tags in kinds.pair:
        redshift.create_cluster(
            ClusterIdentifier=name, NodeType="ra3.large", MasterUsername="owner", MasterUserPassword="Not-a-secret1",
            Tags=upper(tags),
        )
        # Service Authorization Reference, Amazon Redshift: cluster:${ClusterName}
        arn = kinds.arn("redshift", f"cluster:{name}")
        kinds.add("redshift", "cluster", "AWS::Redshift::Cluster", name, arn, None, tags)
        arn = caches.create_cache_cluster(
            CacheClusterId=name, Engine="redis", CacheNodeType="cache.t3.micro", NumCacheNodes=1, Tags=upper(tags)
        )["CacheCluster"]["ARN"]
        kinds.add("elasticache", "cache_cluster", "AWS::ElastiCache::CacheCluster", name, arn, None, tags)


def analysis(kinds):
    glue, athena = kinds.client("glue"), kinds.client("athena")
    for name, tags in kinds.pair:
        glue.create_database(DatabaseInput={"Name": name}, Tags=tags)
        kinds.add("glue", "database", "AWS::Glue::Database", name, kinds.arn("glue", f"database/{name}"), name, tags)
        glue.create_table(DatabaseName=name, TableInput={"Name": "orders"})
        # Tables have no tags.
        arn = kinds.arn("glue", f"table/{name}/orders")
        kinds.add("glue", "table", "AWS::Glue::Table", "orders", arn, "orders", None)
        glue.create_job(Name=name, Role="works", Command={"Name": "glueetl"}, Tags=tags)
        kinds.add("glue", "job", "AWS::Glue::Job", name, kinds.arn("glue", f"job/{name}"), name, tags)
        glue.create_crawler(Name=name, Role="works", Targets={"S3Targets": []}, Tags=tags)
        kinds.add("glue", "crawler", "AWS::Glue::Crawler", name, kinds.arn("glue", f"crawler/{name}"), name, tags)
        athena.create_work_group(Name=name, Tags=upper(tags))
        arn = kinds.arn("athena", f"workgroup/{name}")
        kinds.add("athena", "work_group", "AWS::Athena::WorkGroup", name, arn, name, tags)


def deliveries(kinds):
    client = kinds.client("firehose")
    for name, tags in kinds.pair:
        destination = {"RoleARN": f"arn:aws:iam::{kinds.account}:role/works", "BucketARN": "arn:aws:s3:::shop"}
        arn = client.create_delivery_stream(
            DeliveryStreamName=name, ExtendedS3DestinationConfiguration=destination, **given("Tags", upper(tags))
        )["DeliveryStreamARN"]
        kinds.add("firehose", "delivery_stream", "AWS::KinesisFirehose::DeliveryStream", name, arn, name, tags)

"""A few resources of many services: what an account of the seeded organization has in each region."""

import io
import json
import zipfile

TAGS = [{"Key": "Environment", "Value": "test"}, {"Key": "Größe", "Value": "<klein> & \"fein\""}]
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
READ = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}
)
TEMPLATE = json.dumps(
    {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "One topic",
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {}}},
        "Outputs": {"Arn": {"Value": {"Ref": "Topic"}}},
    }
)


def network(ec2):
    """A virtual network with two subnets in different zones."""
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
    return vpc, [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.1.{number}.0/24", AvailabilityZone=zones[number])["Subnet"][
            "SubnetId"
        ]
        for number in range(2)
    ]


def ec2(cloud, account, region):
    client = cloud.client(account, region, "ec2")
    vpc, subnets = network(client)
    group = client.create_security_group(GroupName="web", Description="Web <servers>", VpcId=vpc)["GroupId"]
    client.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "inside"}, {"CidrIp": "192.168.0.0/16"}],
            }
        ],
    )
    reservation = client.run_instances(
        ImageId="ami-12c6146b",
        MinCount=2,
        MaxCount=2,
        InstanceType="t3.micro",
        SubnetId=subnets[0],
        SecurityGroupIds=[group],
        UserData="#!/bin/sh\necho hello",
        TagSpecifications=[{"ResourceType": "instance", "Tags": TAGS}],
    )
    instance = reservation["Instances"][0]["InstanceId"]
    client.create_image(InstanceId=instance, Name="golden", Description="An image of our own")
    for size in (1, 8):
        volume = client.create_volume(
            AvailabilityZone=f"{region}a",
            Size=size,
            VolumeType="gp3",
            TagSpecifications=[{"ResourceType": "volume", "Tags": TAGS}],
        )
    client.create_snapshot(VolumeId=volume["VolumeId"], Description="before the change")
    client.allocate_address(Domain="vpc")
    balancers(cloud.client(account, region, "elbv2"), vpc, subnets, group)


def balancers(client, vpc, subnets, group):
    balancer = client.create_load_balancer(Name="front", Subnets=subnets, SecurityGroups=[group], Tags=TAGS)
    target = client.create_target_group(
        Name="web", Protocol="HTTP", Port=80, VpcId=vpc, HealthCheckPath="/health", Matcher={"HttpCode": "200-299"}
    )
    client.create_listener(
        LoadBalancerArn=balancer["LoadBalancers"][0]["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target["TargetGroups"][0]["TargetGroupArn"]}],
    )


def functions(cloud, account, region):
    # moto takes only roles that exist; those of an account are made beside this, so there is a separate one.
    role = cloud.client(account, region, "iam").create_role(
        RoleName=f"function-{region}", AssumeRolePolicyDocument=TRUST
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr(zipfile.ZipInfo("main.py"), "def handler(event, context): return event\n")
    cloud.client(account, region, "lambda").create_function(
        FunctionName="greet",
        Runtime="python3.13",
        Handler="main.handler",
        Role=role["Role"]["Arn"],
        Code={"ZipFile": archive.getvalue()},
        Environment={"Variables": {"GREETING": "hello"}},
        MemorySize=128,
        Timeout=3,
    )


def tables(cloud, account, region):
    client = cloud.client(account, region, "dynamodb")
    for name in ("orders", "customers"):
        client.create_table(
            TableName=name,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 1},
            Tags=TAGS,
        )


def messaging(cloud, account, region):
    queues = cloud.client(account, region, "sqs")
    topics = cloud.client(account, region, "sns")
    for name in ("mail", "bills.fifo"):
        fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
        queues.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "40", **fifo})
    topic = topics.create_topic(Name="alarms", Tags=TAGS)["TopicArn"]
    topics.subscribe(TopicArn=topic, Protocol="email", Endpoint="someone@example.com")


def databases(cloud, account, region):
    cloud.client(account, region, "rds").create_db_instance(
        DBInstanceIdentifier="ledger",
        Engine="postgres",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUsername="owner",
        MasterUserPassword="not-a-secret",
        Tags=TAGS,
    )


def containers(cloud, account, region):
    client = cloud.client(account, region, "ecs")
    client.create_cluster(clusterName="workers", tags=[{"key": "Environment", "value": "test"}])
    client.register_task_definition(
        family="work",
        containerDefinitions=[{"name": "work", "image": "work:1", "memory": 256, "essential": True}],
    )
    client.create_service(cluster="workers", serviceName="work", taskDefinition="work", desiredCount=1)
    cloud.client(account, region, "eks").create_cluster(
        name="platform",
        version="1.33",
        roleArn=f"arn:aws:iam::{account}:role/cluster",
        resourcesVpcConfig={"subnetIds": ["subnet-1", "subnet-2"]},
    )


def keys(cloud, account, region):
    client = cloud.client(account, region, "kms")
    key = client.create_key(Description="Backups", Tags=[{"TagKey": "Environment", "TagValue": "test"}])
    client.create_alias(AliasName="alias/backups", TargetKeyId=key["KeyMetadata"]["KeyId"])


def stacks(cloud, account, region):
    cloud.client(account, region, "cloudformation").create_stack(
        StackName="topic", TemplateBody=TEMPLATE, Tags=[TAGS[0]]
    )


def identities(cloud, account):
    client = cloud.client(account, "us-east-1", "iam")
    for name in ("anna", "bert"):
        client.create_user(UserName=name, Path="/people/", Tags=TAGS)
    client.create_group(GroupName="people")
    client.add_user_to_group(GroupName="people", UserName="anna")
    client.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST, Description="Works")
    client.put_role_policy(RoleName="worker", PolicyName="read", PolicyDocument=READ)
    policy = client.create_policy(PolicyName="reads", PolicyDocument=READ)["Policy"]["Arn"]
    client.attach_role_policy(RoleName="worker", PolicyArn=policy)


def zones(cloud, account):
    client = cloud.client(account, "us-east-1", "route53")
    zone = client.create_hosted_zone(Name=f"a{account}.example.", CallerReference="zone")
    record = {"Name": f"www.a{account}.example.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    client.change_resource_record_sets(
        HostedZoneId=zone["HostedZone"]["Id"],
        ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]},
    )


def buckets(cloud, account, regions):
    """One bucket in each region; bucket names are unique over all accounts."""
    for region in regions:
        client = cloud.client(account, region, "s3")
        # us-east-1 is the one region that CreateBucket must not be given.
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        client.create_bucket(Bucket=f"logs-{account}-{region}", **place)


REGIONAL = [ec2, functions, tables, messaging, databases, containers, keys, stacks]
GLOBAL = [identities, zones]

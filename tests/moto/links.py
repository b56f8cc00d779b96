"""Fills an empty moto server with two accounts whose resources refer to each other, and prints what refers to what.

    links.py <endpoint URL>

The answer is shaped as that of seed.py, with all links of the resources in `links`: pairs of identifiers, as the
program writes them (the ARN of a resource; an account, a host, an ID or `*` for what is no resource). Every
reference that a request below makes is in the list, so that a link that is not in it is wrong. Names are the same in
all services, and equal texts are in places where they are no references: they must not become links.
"""

import json
import sys

from cloud import Cloud
from seed import MANAGEMENT_ACCOUNT, make_account, make_user

REGION = "eu-central-1"
VENDOR = "777788889999"
# Load balancers in Frankfurt write their logs as this account of AWS.
LOAD_BALANCER_LOGS = "054676820928"
NAME = "orders"
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole"}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


class Estate:
    """Makes resources in one account and collects their links."""

    def __init__(self, cloud, account, links):
        self.cloud, self.account, self.links = cloud, account, links

    def client(self, service):
        return self.cloud.client(self.account, REGION, service)

    def arn(self, service, resource, region=REGION):
        return f"arn:aws:{service}:{region}:{self.account}:{resource}"

    def ec2(self, resource):
        return self.arn("ec2", resource)

    def link(self, source, *targets):
        for target in targets:
            self.links.append([source, target])


def role(estate, name, *statements, principals=()):
    """A role, and links to those that may assume it."""
    iam = estate.client("iam")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(*statements))["Role"]["Arn"]
    estate.link(made, *principals)
    return made


def network(estate):
    ec2 = estate.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    vpc_arn = estate.ec2(f"vpc/{vpc}")
    subnets = []
    for number, zone in enumerate("ab"):
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
        subnets.append(made["Subnet"]["SubnetId"])
        estate.link(estate.ec2(f"subnet/{subnets[-1]}"), vpc_arn)
    groups = []
    for name in (NAME, "front"):
        groups.append(ec2.create_security_group(GroupName=name, Description=NAME, VpcId=vpc)["GroupId"])
        estate.link(estate.ec2(f"security-group/{groups[-1]}"), vpc_arn)
    ec2.authorize_security_group_ingress(
        GroupId=groups[0],
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "UserIdGroupPairs": [{"GroupId": groups[1], "UserId": estate.account}],
            }
        ],
    )
    estate.link(estate.ec2(f"security-group/{groups[0]}"), estate.ec2(f"security-group/{groups[1]}"))
    card = ec2.create_network_interface(SubnetId=subnets[0], Groups=[groups[0]])["NetworkInterface"]
    card_arn = estate.ec2(f"network-interface/{card['NetworkInterfaceId']}")
    estate.link(card_arn, vpc_arn, estate.ec2(f"subnet/{subnets[0]}"), estate.ec2(f"security-group/{groups[0]}"))
    address = ec2.allocate_address(Domain="vpc")
    ec2.associate_address(AllocationId=address["AllocationId"], NetworkInterfaceId=card["NetworkInterfaceId"])
    address_arn = estate.ec2(f"elastic-ip/{address['AllocationId']}")
    estate.link(address_arn, card_arn)
    estate.link(card_arn, address_arn)
    return {"vpc": vpc, "vpc_arn": vpc_arn, "subnets": subnets, "groups": groups}


def access(estate, other):
    """Roles that trust each other, a vendor, a service, a deleted role, and an identity provider."""
    iam = estate.client("iam")
    works = role(estate, NAME, {**TRUST, "Principal": {"Service": "lambda.amazonaws.com"}})
    vendor = f"arn:aws:iam::{VENDOR}:role/Collector"
    role(
        estate,
        "vendor",
        {**TRUST, "Principal": {"AWS": [vendor, f"arn:aws:iam::{other}:root"]}},
        {**TRUST, "Principal": {"AWS": works}},
        principals=[vendor, other, works],
    )
    role(estate, "orphan", {**TRUST, "Principal": {"AWS": "AROA1234567890DELETED"}},
         principals=["AROA1234567890DELETED"])
    provider = iam.create_open_id_connect_provider(
        Url="https://ci.example.com", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["a" * 40]
    )["OpenIDConnectProviderArn"]
    role(
        estate,
        "pipeline",
        {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": provider}},
        principals=[provider, "ci.example.com"],
    )
    # Everyone of the organization, which is no one outside.
    inside = {"StringEquals": {"aws:PrincipalAccount": other}}
    role(estate, "inside", {**TRUST, "Principal": {"AWS": "*"}, "Condition": inside})
    profile = iam.create_instance_profile(InstanceProfileName=NAME)["InstanceProfile"]["Arn"]
    iam.add_role_to_instance_profile(InstanceProfileName=NAME, RoleName=NAME)
    estate.link(profile, works)
    return {"role": works, "profile": profile}


def keys(estate):
    kms = estate.client("kms")
    policy = document(
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{estate.account}:root"}, "Action": "kms:*",
         "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": VENDOR}, "Action": "kms:Decrypt", "Resource": "*"},
    )
    key = kms.create_key(Policy=policy)["KeyMetadata"]["Arn"]
    estate.link(key, VENDOR)
    kms.create_alias(AliasName=f"alias/{NAME}", TargetKeyId=key)
    estate.link(estate.arn("kms", f"alias/{NAME}"), key)
    return key


def storage(estate, key, works):
    s3 = estate.client("s3")
    place = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
    names = [f"{NAME}-{estate.account}", f"logs-{estate.account}", f"site-{estate.account}"]
    buckets = []
    for name in names:
        s3.create_bucket(Bucket=name, **place)
        buckets.append(f"arn:aws:s3:::{name}")
    orders, logs, site = buckets
    allow = {"Effect": "Allow", "Action": "s3:PutObject"}
    s3.put_bucket_policy(
        Bucket=names[1],
        Policy=document(
            {**allow, "Principal": {"AWS": f"arn:aws:iam::{LOAD_BALANCER_LOGS}:root"}, "Resource": f"{logs}/*"},
            {**allow, "Principal": {"AWS": works}, "Resource": f"{logs}/app/*"},
            {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": logs},
        ),
    )
    estate.link(logs, f"arn:aws:iam::{LOAD_BALANCER_LOGS}:root", works)
    s3.put_bucket_policy(
        Bucket=names[2], Policy=document({**allow, "Action": "s3:GetObject", "Principal": "*", "Resource": f"{site}/*"})
    )
    estate.link(site, "*")
    dynamodb = estate.client("dynamodb")
    table = dynamodb.create_table(
        TableName=NAME,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
    )["TableDescription"]["TableArn"]
    estate.link(table, key)
    # An object and a table that a policy names, beside a pattern and what does not exist.
    gone = estate.arn("sqs", "gone")
    policy = estate.client("iam").create_policy(
        PolicyName=NAME,
        PolicyDocument=document(
            {"Effect": "Allow", "Action": "*", "Resource": [f"{orders}/in/*", f"{table}/index/*", gone, "arn:aws:s3:::o*"]}
        ),
    )["Policy"]["Arn"]
    estate.link(policy, orders, table, gone)
    return {"orders": orders, "logs": logs, "site_name": names[2], "site": site, "table": table}


def messages(estate, key):
    sqs, sns = estate.client("sqs"), estate.client("sns")
    dead = sqs.create_queue(QueueName=f"{NAME}-dead")["QueueUrl"]
    dead_arn = estate.arn("sqs", f"{NAME}-dead")
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": "3"})
    sqs.create_queue(QueueName=NAME, Attributes={"RedrivePolicy": redrive, "KmsMasterKeyId": key})
    queue = estate.arn("sqs", NAME)
    estate.link(queue, dead_arn, key)
    topic = sns.create_topic(Name=NAME)["TopicArn"]
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, ReturnSubscriptionArn=True)
    estate.link(subscription["SubscriptionArn"], topic, queue)
    estate.client("cloudwatch").put_metric_alarm(
        AlarmName=NAME,
        Namespace="AWS/SQS",
        MetricName="NumberOfMessagesSent",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[topic],
        Dimensions=[{"Name": "QueueName", "Value": NAME}],
    )
    estate.link(estate.arn("cloudwatch", f"alarm:{NAME}"), topic)
    return {"queue": queue, "dead": dead, "topic": topic}


def machines(estate, net, rights):
    ec2 = estate.client("ec2")
    image = "ami-0123456789abcdef0"
    made = ec2.run_instances(
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        SubnetId=net["subnets"][1],
        SecurityGroupIds=[net["groups"][0]],
        IamInstanceProfile={"Arn": rights["profile"]},
    )["Instances"][0]
    instance = estate.ec2(f"instance/{made['InstanceId']}")
    made = ec2.describe_instances(InstanceIds=[made["InstanceId"]])["Reservations"][0]["Instances"][0]
    volume = estate.ec2(f"volume/{made['BlockDeviceMappings'][0]['Ebs']['VolumeId']}")
    group, subnet = estate.ec2(f"security-group/{net['groups'][0]}"), estate.ec2(f"subnet/{net['subnets'][1]}")
    card = estate.ec2(f"network-interface/{made['NetworkInterfaces'][0]['NetworkInterfaceId']}")
    estate.link(instance, net["vpc_arn"], subnet, group, volume, rights["profile"], image, card)
    estate.link(volume, instance)
    estate.link(card, instance, net["vpc_arn"], subnet, group)
    snapshot = ec2.create_snapshot(VolumeId=volume.rsplit("/", 1)[1])["SnapshotId"]
    ec2.modify_snapshot_attribute(
        SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", UserIds=[VENDOR]
    )
    estate.link(f"arn:aws:ec2:{REGION}::snapshot/{snapshot}", volume, VENDOR)
    return instance


def functions(estate, net, rights, queue):
    made = estate.client("lambda").create_function(
        FunctionName=NAME,
        Runtime="python3.13",
        Role=rights["role"],
        Handler="a.b",
        Code={"ZipFile": b"x"},
        VpcConfig={"SubnetIds": net["subnets"][:1], "SecurityGroupIds": net["groups"][:1]},
        Environment={"Variables": {"NOTHING": NAME}},
    )["FunctionArn"]
    # moto names a VPC that does not exist.
    estate.link(
        made,
        rights["role"],
        estate.ec2(f"subnet/{net['subnets'][0]}"),
        estate.ec2(f"security-group/{net['groups'][0]}"),
    )
    mapping = estate.client("lambda").create_event_source_mapping(EventSourceArn=queue, FunctionName=NAME)
    mapping = estate.arn("lambda", f"event-source-mapping:{mapping['UUID']}")
    estate.link(mapping, queue, made)
    return made


def balancer(estate, net, instance):
    elb = estate.client("elbv2")
    made = elb.create_load_balancer(Name=NAME, Subnets=net["subnets"], SecurityGroups=net["groups"][1:])
    made = made["LoadBalancers"][0]
    subnets = [estate.ec2(f"subnet/{subnet}") for subnet in net["subnets"]]
    group = estate.ec2(f"security-group/{net['groups'][1]}")
    estate.link(made["LoadBalancerArn"], net["vpc_arn"], group, *subnets)
    target = elb.create_target_group(Name=NAME, Protocol="HTTP", Port=80, VpcId=net["vpc"])["TargetGroups"][0]
    target = target["TargetGroupArn"]
    elb.register_targets(TargetGroupArn=target, Targets=[{"Id": instance.rsplit("/", 1)[1]}])
    listener = elb.create_listener(
        LoadBalancerArn=made["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target}],
    )["Listeners"][0]["ListenerArn"]
    estate.link(listener, made["LoadBalancerArn"], target)
    estate.link(target, net["vpc_arn"], made["LoadBalancerArn"], instance)
    return made


def names(estate, net, balancer, store):
    """Records that point to resources, and to what no longer exists."""
    route53 = estate.client("route53")
    zone = route53.create_hosted_zone(Name="orders.example.com", CallerReference="1")["HostedZone"]["Id"]
    zone = zone.removeprefix("/hostedzone/")
    gone = f"gone-1.{REGION}.elb.amazonaws.com"
    site = f"{store['site_name']}.s3-website.{REGION}.amazonaws.com"

    def record(name, kind, **value):
        return {"Action": "CREATE", "ResourceRecordSet": {"Name": f"{name}.orders.example.com", "Type": kind, **value}}

    def alias(host):
        return {"AliasTarget": {"HostedZoneId": "Z215JYRZR1TBD5", "DNSName": host, "EvaluateTargetHealth": False}}

    def plain(value):
        return {"TTL": 60, "ResourceRecords": [{"Value": value}]}

    rows = [
        ("shop", "A", alias(f"dualstack.{balancer['DNSName']}."), balancer["LoadBalancerArn"]),
        ("old", "A", alias(gone), gone),
        ("lost", "A", plain("198.51.100.77"), "198.51.100.77"),
        ("site", "CNAME", plain(site), store["site"]),
        ("mail", "CNAME", plain("mail.example.org"), None),
    ]
    route53.change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [record(name, kind, **value) for name, kind, value, _ in rows]}
    )
    own = ["orders.example.com."] * 2 + [f"{name}.orders.example.com." for name, *_ in rows]
    for name in own:
        estate.link(name, f"arn:aws:route53:::hostedzone/{zone}")
    for name, _, _, target in rows:
        if target:
            estate.link(f"{name}.orders.example.com.", target)
    distribution = estate.client("cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": "1",
            "Comment": NAME,
            "Enabled": True,
            "Origins": {
                "Quantity": 1,
                "Items": [
                    {"Id": NAME, "DomainName": f"{store['site_name']}.s3.amazonaws.com",
                     "S3OriginConfig": {"OriginAccessIdentity": ""}}
                ],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": NAME,
                "ViewerProtocolPolicy": "allow-all",
                "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
                "MinTTL": 0,
            },
        }
    )["Distribution"]["ARN"]
    estate.link(distribution, store["site"])


def containers(estate, net, rights, balancer):
    ecr, ecs = estate.client("ecr"), estate.client("ecs")
    repository = ecr.create_repository(repositoryName=NAME)["repository"]
    task = ecs.register_task_definition(
        family=NAME,
        taskRoleArn=rights["role"],
        containerDefinitions=[{"name": NAME, "image": f"{repository['repositoryUri']}:1.2", "memory": 64}],
    )["taskDefinition"]["taskDefinitionArn"]
    estate.link(task, rights["role"], repository["repositoryArn"])
    cluster = ecs.create_cluster(clusterName=NAME)["cluster"]["clusterArn"]
    service = ecs.create_service(
        cluster=NAME,
        serviceName=NAME,
        taskDefinition=NAME,
        desiredCount=0,
        networkConfiguration={
            "awsvpcConfiguration": {"subnets": net["subnets"][:1], "securityGroups": net["groups"][:1]}
        },
    )["service"]["serviceArn"]
    subnet, group = estate.ec2(f"subnet/{net['subnets'][0]}"), estate.ec2(f"security-group/{net['groups'][0]}")
    estate.link(service, cluster, task, subnet, group)


def databases(estate, net, key):
    rds = estate.client("rds")
    group = rds.create_db_subnet_group(
        DBSubnetGroupName=NAME, DBSubnetGroupDescription=NAME, SubnetIds=net["subnets"]
    )["DBSubnetGroup"]["DBSubnetGroupArn"]
    subnets = [estate.ec2(f"subnet/{subnet}") for subnet in net["subnets"]]
    estate.link(group, net["vpc_arn"], *subnets)
    made = rds.create_db_instance(
        DBInstanceIdentifier=NAME,
        DBInstanceClass="db.m5.large",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="admin1",
        MasterUserPassword="not-a-secret-1",
        DBSubnetGroupName=NAME,
        VpcSecurityGroupIds=net["groups"][:1],
        StorageEncrypted=True,
        KmsKeyId=key,
    )["DBInstance"]["DBInstanceArn"]
    security = estate.ec2(f"security-group/{net['groups'][0]}")
    estate.link(made, group, security, key, net["vpc_arn"], *subnets)


def peering(estate, other, mine, theirs):
    """A peering between the two accounts, one with a vendor."""
    ec2 = estate.client("ec2")
    made = ec2.create_vpc_peering_connection(VpcId=mine["vpc"], PeerVpcId=theirs["vpc"], PeerOwnerId=other)
    made = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    estate.link(estate.ec2(f"vpc-peering-connection/{made}"), mine["vpc_arn"], theirs["vpc_arn"], other)


def make(cloud, account, other, links):
    estate = Estate(cloud, account, links)
    net = network(estate)
    rights = access(estate, other)
    key = keys(estate)
    store = storage(estate, key, rights["role"])
    mail = messages(estate, key)
    instance = machines(estate, net, rights)
    functions(estate, net, rights, mail["queue"])
    front = balancer(estate, net, instance)
    names(estate, net, front, store)
    containers(estate, net, rights, front)
    databases(estate, net, key)
    return estate, net


def main():
    cloud = Cloud(sys.argv[1])
    user = make_user(cloud, "inventory")
    organizations = cloud.client(MANAGEMENT_ACCOUNT, "us-east-1", "organizations")
    organizations.create_organization(FeatureSet="ALL")
    member = make_account(organizations, "member")
    cloud.assume(member, caller=MANAGEMENT_ACCOUNT)
    links = []
    mine, my_net = make(cloud, MANAGEMENT_ACCOUNT, member, links)
    _, their_net = make(cloud, member, MANAGEMENT_ACCOUNT, links)
    peering(mine, member, my_net, their_net)
    accounts = [(MANAGEMENT_ACCOUNT, "master"), (member, "member")]
    answer = {
        "management_account": MANAGEMENT_ACCOUNT,
        "access_key_id": user["AccessKeyId"],
        "secret_access_key": user["SecretAccessKey"],
        "regions": [REGION],
        "accounts": [
            {"id": account, "name": name, "state": "ACTIVE", "resources": "some"} for account, name in accounts
        ],
        "links": links,
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()

"""More of everything that moto answers in pages than fits on one."""

from resources import TEMPLATE, TRUST, network

# moto's pages hold 100 roles, reservations, tables, topics and hosted zones, and 50 load balancers and stacks.
MORE_THAN_100 = 103
MORE_THAN_50 = 52


def reservations(cloud, account, region):
    client = cloud.client(account, region, "ec2")
    for _ in range(MORE_THAN_100):
        client.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)


def balancers(cloud, account, region):
    client = cloud.client(account, region, "elbv2")
    _, subnets = network(cloud.client(account, region, "ec2"))
    for number in range(MORE_THAN_50):
        client.create_load_balancer(Name=f"balancer-{number}", Subnets=subnets)


def tables(cloud, account, region):
    client = cloud.client(account, region, "dynamodb")
    for number in range(MORE_THAN_100):
        client.create_table(
            TableName=f"table-{number}",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )


def roles(cloud, account, region):
    client = cloud.client(account, region, "iam")
    for number in range(MORE_THAN_100):
        client.create_role(RoleName=f"role-{number}", AssumeRolePolicyDocument=TRUST)


def topics(cloud, account, region):
    client = cloud.client(account, region, "sns")
    for number in range(MORE_THAN_100):
        client.create_topic(Name=f"topic-{number}")


def zones(cloud, account, region):
    client = cloud.client(account, region, "route53")
    for number in range(MORE_THAN_100):
        client.create_hosted_zone(Name=f"zone{number}.example.", CallerReference=f"zone-{number}")


def stacks(cloud, account, region):
    client = cloud.client(account, region, "cloudformation")
    for number in range(MORE_THAN_50):
        client.create_stack(StackName=f"stack-{number}", TemplateBody=TEMPLATE)


ALL = [reservations, balancers, tables, roles, topics, zones, stacks]

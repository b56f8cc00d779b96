"""Two of each kind of the services for functions, containers, applications and messages."""

import io
import json
import zipfile

from resources import TEMPLATE, TRUST
from tag_forms import lower, upper

STATES = json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}})


def make(kinds):
    role = kinds.client("iam").create_role(RoleName="works", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    functions(kinds, role)
    containers(kinds, role)
    messages(kinds)
    workflows(kinds, role)
    interfaces(kinds)
    scaling(kinds)
    builds(kinds, role)


def functions(kinds, role):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr(zipfile.ZipInfo("main.py"), "def handler(event, context): return event\n")
    client = kinds.client("lambda")
    for name, tags in kinds.pair:
        arn = client.create_function(
            FunctionName=name, Runtime="python3.13", Handler="main.handler", Role=role,
            Code={"ZipFile": archive.getvalue()}, Tags=tags,
        )["FunctionArn"]
        kinds.add("lambda", "function", "AWS::Lambda::Function", name, arn, name, tags)


def containers(kinds, role):
    ecs, eks, ecr = kinds.client("ecs"), kinds.client("eks"), kinds.client("ecr")
    for name, tags in kinds.pair:
        cluster = ecs.create_cluster(clusterName=name, tags=lower(tags))["cluster"]["clusterArn"]
        kinds.add("ecs", "cluster", "AWS::ECS::Cluster", name, cluster, name, tags)
        definition = ecs.register_task_definition(
            family=name, containerDefinitions=[{"name": "work", "image": "work:1", "memory": 256}],
            tags=lower(tags),
        )["taskDefinition"]["taskDefinitionArn"]
        kinds.add("ecs", "task_definition", "AWS::ECS::TaskDefinition", definition, definition, None, tags)
        service = ecs.create_service(
            cluster=name, serviceName=name, taskDefinition=name, desiredCount=0, tags=lower(tags)
        )["service"]["serviceArn"]
        kinds.add("ecs", "service", "AWS::ECS::Service", name, service, name, tags)
        arn = eks.create_cluster(
            name=name, version="1.33", roleArn=role, tags=tags,
            resourcesVpcConfig={"subnetIds": ["subnet-1", "subnet-2"]},
        )["cluster"]["arn"]
        kinds.add("eks", "cluster", "AWS::EKS::Cluster", name, arn, name, tags)
        group = eks.create_nodegroup(
            clusterName=name, nodegroupName="nodes", subnets=["subnet-1"], nodeRole=role, tags=tags
        )["nodegroup"]["nodegroupArn"]
        # Both have the same name: they differ in their parent.
        kinds.add("eks", "nodegroup", "AWS::EKS::Nodegroup", "nodes", group, "nodes", tags)
        arn = ecr.create_repository(repositoryName=name, tags=upper(tags))["repository"]["repositoryArn"]
        kinds.add("ecr", "repository", "AWS::ECR::Repository", name, arn, name, tags)


def messages(kinds):
    topics, queues, streams = kinds.client("sns"), kinds.client("sqs"), kinds.client("kinesis")
    for name, tags in kinds.pair:
        topic = topics.create_topic(Name=name, Tags=upper(tags))["TopicArn"]
        kinds.add("sns", "topic", "AWS::SNS::Topic", topic, topic, name, tags)
        subscription = topics.subscribe(
            TopicArn=topic, Protocol="sqs", Endpoint=kinds.arn("sqs", name), ReturnSubscriptionArn=True
        )["SubscriptionArn"]
        # Subscriptions have no tags and no names.
        kinds.add("sns", "subscription", "AWS::SNS::Subscription", subscription, subscription, None, None)
        queue = queues.create_queue(QueueName=name, tags=tags)["QueueUrl"]
        kinds.add("sqs", "queue", "AWS::SQS::Queue", queue, kinds.arn("sqs", name), name, tags)
        streams.create_stream(StreamName=name, ShardCount=1)
        # moto ignores the tags of CreateStream.
        if tags:
            streams.add_tags_to_stream(StreamName=name, Tags=tags)
        kinds.add("kinesis", "stream", "AWS::Kinesis::Stream", name, kinds.arn("kinesis", f"stream/{name}"), name, tags)


def workflows(kinds, role):
    states, events = kinds.client("stepfunctions"), kinds.client("events")
    for name, tags in kinds.pair:
        machine = states.create_state_machine(
            name=name, definition=STATES, roleArn=role, tags=lower(tags)
        )["stateMachineArn"]
        kinds.add("stepfunctions", "state_machine", "AWS::StepFunctions::StateMachine", name, machine, name, tags)
        activity = states.create_activity(name=name, tags=lower(tags))["activityArn"]
        kinds.add("stepfunctions", "activity", "AWS::StepFunctions::Activity", name, activity, name, tags)
        rule = events.put_rule(Name=name, ScheduleExpression="rate(1 day)", Tags=upper(tags))["RuleArn"]
        kinds.add("events", "rule", "AWS::Events::Rule", name, rule, name, tags)
        bus = events.create_event_bus(Name=name, Tags=upper(tags))["EventBusArn"]
        kinds.add("events", "event_bus", "AWS::Events::EventBus", name, bus, name, tags)


def interfaces(kinds):
    rest, other = kinds.client("apigateway"), kinds.client("apigatewayv2")
    for name, tags in kinds.pair:
        api = rest.create_rest_api(name=name, tags=tags)["id"]
        arn = f"arn:aws:apigateway:{kinds.region}::/restapis/{api}"
        kinds.add("apigateway", "rest_api", "AWS::ApiGateway::RestApi", api, arn, name, tags)
        api = other.create_api(Name=name, ProtocolType="HTTP", Tags=tags)["ApiId"]
        arn = f"arn:aws:apigateway:{kinds.region}::/apis/{api}"
        kinds.add("apigatewayv2", "api", "AWS::ApiGatewayV2::Api", api, arn, name, tags)


def scaling(kinds):
    client = kinds.client("autoscaling")
    for name, tags in kinds.pair:
        client.create_launch_configuration(
            LaunchConfigurationName=name, ImageId="ami-12c6146b", InstanceType="t3.micro"
        )
        described = client.describe_launch_configurations(LaunchConfigurationNames=[name])
        arn = described["LaunchConfigurations"][0]["LaunchConfigurationARN"]
        prefix = "AWS::AutoScaling::"
        # Launch configurations have no tags.
        kinds.add("autoscaling", "launch_configuration", f"{prefix}LaunchConfiguration", name, arn, name, None)
        listed = [{**tag, "PropagateAtLaunch": False} for tag in upper(tags)]
        client.create_auto_scaling_group(
            AutoScalingGroupName=name, LaunchConfigurationName=name, MinSize=0, MaxSize=0, DesiredCapacity=0,
            AvailabilityZones=[f"{kinds.region}a"], Tags=listed,
        )
        described = client.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        arn = described["AutoScalingGroups"][0]["AutoScalingGroupARN"]
        kinds.add("autoscaling", "auto_scaling_group", f"{prefix}AutoScalingGroup", name, arn, name, tags)


def builds(kinds, role):
    stacks, projects = kinds.client("cloudformation"), kinds.client("codebuild")
    for name, tags in kinds.pair:
        stack = stacks.create_stack(StackName=name, TemplateBody=TEMPLATE, Tags=upper(tags))["StackId"]
        kinds.add("cloudformation", "stack", "AWS::CloudFormation::Stack", stack, stack, name, tags)
        environment = {"type": "LINUX_CONTAINER", "image": "x", "computeType": "BUILD_GENERAL1_SMALL"}
        arn = projects.create_project(
            name=name, source={"type": "S3", "location": "bucket/path"}, artifacts={"type": "NO_ARTIFACTS"},
            environment=environment, serviceRole=role, tags=lower(tags),
        )["project"]["arn"]
        kinds.add("codebuild", "project", "AWS::CodeBuild::Project", name, arn, name, tags)

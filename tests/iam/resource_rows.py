"""Reviewed rows of `resource_types.py`: what the public data does not determine, or where AWS differs from it."""

# Namespaces of types that are not resources of AWS, or stand for others.
OTHER_VENDORS = {"ASK", "AWSExternalAnthropic", "CDK", "SDC", "Serverless"}

# Namespaces whose services have another name in botocore, by the permissions in the schemas, and reviewed.
NAMESPACES = {
    "APS": ["amp"],
    "AccountAccess": ["sso-admin"],
    "AgentRegistry": ["bedrock-agentcore-control"],
    "AmazonMQ": ["mq"],
    "BCM": ["bcm-dashboards", "bcm-data-exports"],
    "Bedrock": ["bedrock", "bedrock-agent", "bedrock-data-automation"],
    "BedrockAgentCore": ["bedrock-agentcore-control"],
    "Cases": ["connectcases"],
    "Cassandra": ["keyspaces"],
    "CertificateManager": ["acm"],
    "Chime": ["chime-sdk-identity", "chime-sdk-media-pipelines", "chime-sdk-messaging", "chime-sdk-voice"],
    "CloudFront": ["cloudfront", "cloudfront-keyvaluestore"],
    "CloudHSM": ["cloudhsmv2"],
    "CodeConnections": ["codeconnections", "codestar-connections"],
    "Cognito": ["cognito-identity", "cognito-idp"],
    "DirectoryService": ["ds"],
    "ECR": ["ecr", "ecr-public"],
    "ElasticLoadBalancing": ["elb"],
    "ElasticLoadBalancingV2": ["elbv2"],
    "Elasticsearch": ["es"],
    "EventSchemas": ["schemas"],
    "EventsV2": ["events"],
    "HealthAgent": ["connecthealth"],
    "HealthImaging": ["medical-imaging"],
    "IVS": ["ivs", "ivs-realtime"],
    "InspectorV2": ["inspector2"],
    "IoTCoreDeviceAdvisor": ["iotdeviceadvisor"],
    "KinesisFirehose": ["firehose"],
    "Lex": ["lexv2-models"],
    "MSK": ["kafka"],
    "Macie": ["macie2"],
    "MediaPackage": ["mediapackage", "mediapackage-vod"],
    "OpenSearchService": ["opensearch"],
    "RefactorSpaces": ["migration-hub-refactor-spaces"],
    "Route53RecoveryControl": ["route53-recovery-control-config"],
    "S3": ["s3", "s3control"],
    "S3Express": ["s3", "s3control"],
    "S3ObjectLambda": ["s3control"],
    "S3Outposts": ["s3control", "s3outposts"],
    "SCN": ["supplychain"],
    "SES": ["mailmanager", "ses", "sesv2"],
    "SMSVOICE": ["pinpoint-sms-voice-v2"],
    "SSO": ["sso-admin"],
    "SystemsManagerSAP": ["ssm-sap"],
    "Timestream": ["timestream-influxdb", "timestream-query", "timestream-write"],
    "Wisdom": ["qconnect", "wisdom"],
}

# Types of kinds that are named otherwise: by service and kind.
TYPES = {
    ("cloud9", "environment"): "AWS::Cloud9::EnvironmentEC2",
    ("cloudwatch", "metric_alarm"): "AWS::CloudWatch::Alarm",
    ("ec2", "address"): "AWS::EC2::EIP",
    ("ec2", "dhcp_option"): "AWS::EC2::DHCPOptions",
    ("ec2", "managed_prefix_list"): "AWS::EC2::PrefixList",
    ("elasticache", "cache_parameter_group"): "AWS::ElastiCache::ParameterGroup",
    ("elasticache", "cache_subnet_group"): "AWS::ElastiCache::SubnetGroup",
    ("elasticache", "cache_security_group"): "AWS::ElastiCache::SecurityGroup",
    ("elbv2", "rule"): "AWS::ElasticLoadBalancingV2::ListenerRule",
    ("iam", "open_id_connect_provider"): "AWS::IAM::OIDCProvider",
    ("iam", "policy"): "AWS::IAM::ManagedPolicy",
    ("lambda", "function_url_config"): "AWS::Lambda::Url",
    ("lambda", "layer"): "AWS::Lambda::LayerVersion",
    ("lightsail", "container_service"): "AWS::Lightsail::Container",
    ("lightsail", "relational_database"): "AWS::Lightsail::Database",
    ("location", "key"): "AWS::Location::APIKey",
    ("route53", "resource_record_set"): "AWS::Route53::RecordSet",
    ("route53resolver", "resolver_query_log_config"): "AWS::Route53Resolver::ResolverQueryLoggingConfig",
    ("sso-admin", "account_assignment"): "AWS::SSO::Assignment",
}

# Types with tags that CloudFormation cannot set: "Tags for AWS Identity and Access Management resources", IAM User
# Guide.
TAGGABLE = {"AWS::IAM::InstanceProfile", "AWS::IAM::ManagedPolicy"}

# Kinds that are named like a type and are no resources of it.
NO_TYPE = set()

# Formats of ARNs of kinds that the reference names otherwise, or whose placeholders are members of the item.
ARNS = {
    ("apigateway", "deployment"): "arn:{partition}:apigateway:{region}::/restapis/{parent}/deployments/{id}",
    ("apigateway", "resource"): "arn:{partition}:apigateway:{region}::/restapis/{parent}/resources/{id}",
    ("apigateway", "stage"): "arn:{partition}:apigateway:{region}::/restapis/{parent}/stages/{id}",
    ("apigatewayv2", "integration"): "arn:{partition}:apigateway:{region}::/apis/{parent}/integrations/{id}",
    ("apigatewayv2", "route"): "arn:{partition}:apigateway:{region}::/apis/{parent}/routes/{id}",
    ("apigatewayv2", "stage"): "arn:{partition}:apigateway:{region}::/apis/{parent}/stages/{id}",
    ("cloudfront", "cloud_front_origin_access_identity"):
        "arn:{partition}:cloudfront::{owner}:origin-access-identity/{id}",
    ("codedeploy", "on_premises_instance"): "arn:{partition}:codedeploy:{region}:{owner}:instance:{id}",
    ("directconnect", "connection"): "arn:{partition}:directconnect:{region}:{owner}:dxcon/{id}",
    ("directconnect", "direct_connect_gateway"): "arn:{partition}:directconnect::{owner}:dx-gateway/{id}",
    ("directconnect", "lag"): "arn:{partition}:directconnect:{region}:{owner}:dxlag/{id}",
    ("directconnect", "virtual_interface"): "arn:{partition}:directconnect:{region}:{owner}:dxvif/{id}",
    ("dlm", "lifecycle_policy"): "arn:{partition}:dlm:{region}:{owner}:policy/{id}",
    ("ec2", "address"): "arn:{partition}:ec2:{region}:{owner}:elastic-ip/{AllocationId}",
    ("ec2", "dhcp_option"): "arn:{partition}:ec2:{region}:{owner}:dhcp-options/{id}",
    ("ec2", "flow_log"): "arn:{partition}:ec2:{region}:{owner}:vpc-flow-log/{id}",
    ("ec2", "host"): "arn:{partition}:ec2:{region}:{owner}:dedicated-host/{id}",
    # The reference fills the name in; where the tagging API answers with the ID, both are compared.
    ("ec2", "key_pair"): "arn:{partition}:ec2:{region}:{owner}:key-pair/{KeyName}",
    ("ec2", "reserved_instance"): "arn:{partition}:ec2:{region}:{owner}:reserved-instances/{id}",
    ("ec2", "spot_instance_request"): "arn:{partition}:ec2:{region}:{owner}:spot-instances-request/{id}",
    ("ec2", "transit_gateway_connect"): "arn:{partition}:ec2:{region}:{owner}:transit-gateway-attachment/{id}",
    ("ec2", "transit_gateway_peering_attachment"):
        "arn:{partition}:ec2:{region}:{owner}:transit-gateway-attachment/{id}",
    ("ec2", "transit_gateway_vpc_attachment"):
        "arn:{partition}:ec2:{region}:{owner}:transit-gateway-attachment/{id}",
    # Responses have contained these ARNs since botocore 1.44. Earlier runs do not have them.
    ("ec2", "volume"): "arn:{partition}:ec2:{region}:{owner}:volume/{id}",
    ("identitystore", "group"): "arn:{partition}:identitystore:::group/{id}",
    ("identitystore", "group_membership"): "arn:{partition}:identitystore:::membership/{id}",
    ("identitystore", "user"): "arn:{partition}:identitystore:::user/{id}",
    ("glue", "table"): "arn:{partition}:glue:{region}:{owner}:table/{DatabaseName}/{id}",
    ("kinesis", "stream"): "arn:{partition}:kinesis:{region}:{owner}:stream/{id}",
    ("location", "key"): "arn:{partition}:geo:{region}:{owner}:api-key/{id}",
    ("rds", "blue_green_deployment"): "arn:{partition}:rds:{region}:{owner}:deployment:{id}",
    ("redshift", "cluster_parameter_group"): "arn:{partition}:redshift:{region}:{owner}:parametergroup:{id}",
    ("redshift", "cluster_security_group"): "arn:{partition}:redshift:{region}:{owner}:securitygroup:{id}",
    ("redshift", "cluster_subnet_group"): "arn:{partition}:redshift:{region}:{owner}:subnetgroup:{id}",
    ("route53", "reusable_delegation_set"): "arn:{partition}:route53:::delegationset/{id}",
    ("s3", "bucket"): "arn:{partition}:s3:::{id}",
    ("sesv2", "email_identity"): "arn:{partition}:ses:{region}:{owner}:identity/{id}",
    ("sesv2", "email_template"): "arn:{partition}:ses:{region}:{owner}:template/{id}",
    ("ssm", "parameter"): "arn:{partition}:ssm:{region}:{owner}:parameter/{id}",
    ("workspaces", "ip_group"): "arn:{partition}:workspaces:{region}:{owner}:workspaceipgroup/{id}",
    ("workspaces", "workspace"): "arn:{partition}:workspaces:{region}:{owner}:workspace/{id}",
}

# Kinds for which the reference has a format that does not fit what AWS answers.
NO_ARN = set()

"""Two of each kind of the services for names, delivery to users, logs and alarms."""

from tag_forms import given, upper


def make(kinds):
    zones(kinds)
    distributions(kinds)
    firewalls(kinds)
    logs(kinds)
    trails(kinds)


def zones(kinds):
    client = kinds.client("route53")
    for name, tags in kinds.pair:
        domain = f"{name}.example.com."
        zone = client.create_hosted_zone(Name=domain, CallerReference=name)["HostedZone"]["Id"].split("/")[-1]
        if tags:
            client.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone, AddTags=upper(tags))
        arn = f"arn:aws:route53:::hostedzone/{zone}"
        kinds.add("route53", "hosted_zone", "AWS::Route53::HostedZone", zone, arn, domain, tags)
        check = client.create_health_check(
            CallerReference=name, HealthCheckConfig={"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 80}
        )["HealthCheck"]["Id"]
        if tags:
            client.change_tags_for_resource(ResourceType="healthcheck", ResourceId=check, AddTags=upper(tags))
        arn = f"arn:aws:route53:::healthcheck/{check}"
        kinds.add("route53", "health_check", "AWS::Route53::HealthCheck", check, arn, None, tags)


def distributions(kinds):
    client = kinds.client("cloudfront")
    for name, tags in kinds.pair:
        configuration = {
            "CallerReference": name,
            "Comment": name,
            "Enabled": True,
            "Origins": {
                "Quantity": 1,
                "Items": [
                    {"Id": "o", "DomainName": "o.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
                ],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": "o",
                "ViewerProtocolPolicy": "allow-all",
                "MinTTL": 0,
                "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
            },
        }
        made = client.create_distribution_with_tags(
            DistributionConfigWithTags={"DistributionConfig": configuration, "Tags": {"Items": upper(tags)}}
        )["Distribution"]
        # The domain name is no name that its user gave. moto's ARNs lack the colon of the empty region.
        kinds.add("cloudfront", "distribution", "AWS::CloudFront::Distribution", made["Id"], made["ARN"], None, tags)


def firewalls(kinds):
    client = kinds.client("wafv2")
    visibility = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    for name, tags in kinds.pair:
        made = client.create_web_acl(
            Name=name, Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=visibility,
            **given("Tags", upper(tags)),
        )["Summary"]
        kinds.add("wafv2", "web_acl", "AWS::WAFv2::WebACL", made["Id"], made["ARN"], name, tags)
        made = client.create_ip_set(
            Name=name, Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=[], **given("Tags", upper(tags))
        )["Summary"]
        kinds.add("wafv2", "ip_set", "AWS::WAFv2::IPSet", made["Id"], made["ARN"], name, tags)


def logs(kinds):
    groups, alarms = kinds.client("logs"), kinds.client("cloudwatch")
    for name, tags in kinds.pair:
        groups.create_log_group(logGroupName=name, **given("tags", tags))
        arn = kinds.arn("logs", f"log-group:{name}")
        kinds.add("logs", "log_group", "AWS::Logs::LogGroup", name, arn, name, tags)
        alarms.put_metric_alarm(
            AlarmName=name, MetricName="m", Namespace="n", Statistic="Sum", Period=60, EvaluationPeriods=1,
            Threshold=1, ComparisonOperator="GreaterThanThreshold", Tags=upper(tags),
        )
        arn = kinds.arn("cloudwatch", f"alarm:{name}")
        kinds.add("cloudwatch", "metric_alarm", "AWS::CloudWatch::Alarm", name, arn, name, tags)


def trails(kinds):
    client = kinds.client("cloudtrail")
    kinds.client("s3").create_bucket(
        Bucket=f"{kinds.account}-trails", CreateBucketConfiguration={"LocationConstraint": kinds.region}
    )
    for name, tags in kinds.pair:
        named = f"{name}-trail"
        arn = client.create_trail(Name=named, S3BucketName=f"{kinds.account}-trails", TagsList=upper(tags))["TrailARN"]
        kinds.add("cloudtrail", "trail", "AWS::CloudTrail::Trail", named, arn, named, tags)

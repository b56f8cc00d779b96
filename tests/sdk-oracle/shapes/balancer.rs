//! A load balancer and a target group.

use aws_sdk_elasticloadbalancingv2::types::*;

use crate::plain::{structure, texts};

texts!(
    EnablePrefixForIpv6SourceNatEnum,
    IpAddressType,
    LoadBalancerSchemeEnum,
    LoadBalancerStateEnum,
    LoadBalancerTypeEnum,
    ProtocolEnum,
    TargetGroupIpAddressTypeEnum,
    TargetTypeEnum
);

structure!(LoadBalancer {
    LoadBalancerArn: load_balancer_arn,
    DNSName: dns_name,
    CanonicalHostedZoneId: canonical_hosted_zone_id,
    CreatedTime: created_time,
    LoadBalancerName: load_balancer_name,
    Scheme: scheme,
    VpcId: vpc_id,
    State: state,
    Type: r#type,
    AvailabilityZones: availability_zones,
    SecurityGroups: security_groups,
    IpAddressType: ip_address_type,
    CustomerOwnedIpv4Pool: customer_owned_ipv4_pool,
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic:
        enforce_security_group_inbound_rules_on_private_link_traffic,
    EnablePrefixForIpv6SourceNat: enable_prefix_for_ipv6_source_nat,
    IpamPools: ipam_pools,
});
structure!(LoadBalancerState { Code: code, Reason: reason });
structure!(AvailabilityZone {
    ZoneName: zone_name,
    SubnetId: subnet_id,
    OutpostId: outpost_id,
    LoadBalancerAddresses: load_balancer_addresses,
    SourceNatIpv6Prefixes: source_nat_ipv6_prefixes,
});
structure!(LoadBalancerAddress {
    IpAddress: ip_address,
    AllocationId: allocation_id,
    PrivateIPv4Address: private_ipv4_address,
    IPv6Address: ipv6_address,
});
structure!(IpamPools { Ipv4IpamPoolId: ipv4_ipam_pool_id });
structure!(TargetGroup {
    TargetGroupArn: target_group_arn,
    TargetGroupName: target_group_name,
    Protocol: protocol,
    Port: port,
    VpcId: vpc_id,
    HealthCheckProtocol: health_check_protocol,
    HealthCheckPort: health_check_port,
    HealthCheckEnabled: health_check_enabled,
    HealthCheckIntervalSeconds: health_check_interval_seconds,
    HealthCheckTimeoutSeconds: health_check_timeout_seconds,
    HealthyThresholdCount: healthy_threshold_count,
    UnhealthyThresholdCount: unhealthy_threshold_count,
    HealthCheckPath: health_check_path,
    Matcher: matcher,
    LoadBalancerArns: load_balancer_arns,
    TargetType: target_type,
    ProtocolVersion: protocol_version,
    IpAddressType: ip_address_type,
    TargetControlPort: target_control_port,
});
structure!(Matcher { HttpCode: http_code, GrpcCode: grpc_code });

//! A security group and its rules.

use aws_sdk_ec2::types::*;

use crate::plain::structure;

structure!(SecurityGroup {
    GroupId: group_id,
    IpPermissionsEgress: ip_permissions_egress,
    Tags: tags,
    VpcId: vpc_id,
    SecurityGroupArn: security_group_arn,
    OwnerId: owner_id,
    GroupName: group_name,
    Description: description,
    IpPermissions: ip_permissions,
});
structure!(IpPermission {
    IpProtocol: ip_protocol,
    FromPort: from_port,
    ToPort: to_port,
    UserIdGroupPairs: user_id_group_pairs,
    IpRanges: ip_ranges,
    Ipv6Ranges: ipv6_ranges,
    PrefixListIds: prefix_list_ids,
});
structure!(UserIdGroupPair {
    Description: description,
    UserId: user_id,
    GroupName: group_name,
    GroupId: group_id,
    VpcId: vpc_id,
    VpcPeeringConnectionId: vpc_peering_connection_id,
    PeeringStatus: peering_status,
});
structure!(IpRange { Description: description, CidrIp: cidr_ip });
structure!(Ipv6Range { Description: description, CidrIpv6: cidr_ipv6 });
structure!(PrefixListId { Description: description, PrefixListId: prefix_list_id });

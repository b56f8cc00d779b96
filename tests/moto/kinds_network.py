"""Two of each kind of EC2 and of the load balancers."""

from tag_forms import given, specification, upper


class Ec2:
    """Adds resources of EC2: their ARNs end in their IDs."""

    def __init__(self, kinds):
        self.kinds = kinds
        self.client = kinds.client("ec2")

    def add(self, kind, type_name, identity, path, tags, name=None):
        type_name = type_name and f"AWS::EC2::{type_name}"
        self.kinds.add("ec2", kind, type_name, identity, self.kinds.arn("ec2", path + identity), name, tags)


def make(kinds):
    ec2 = Ec2(kinds)
    networks = networks_of(ec2)
    gateways(ec2, networks)
    connections(ec2, networks)
    machines(ec2, networks)
    balancers(kinds, networks)
    classic_balancers(kinds, networks)


def networks_of(ec2):
    client, found = ec2.client, []
    zones = [f"{ec2.kinds.region}a", f"{ec2.kinds.region}b"]
    for number, (name, tags) in enumerate(ec2.kinds.pair):
        made = client.create_vpc(CidrBlock=f"10.{number}.0.0/16", **specification("vpc", tags))
        vpc = made["Vpc"]["VpcId"]
        ec2.add("vpc", "VPC", vpc, "vpc/", tags)
        subnet = client.create_subnet(
            VpcId=vpc, CidrBlock=f"10.{number}.0.0/24", AvailabilityZone=zones[0], **specification("subnet", tags)
        )["Subnet"]["SubnetId"]
        ec2.add("subnet", "Subnet", subnet, "subnet/", tags)
        other = client.create_subnet(VpcId=vpc, CidrBlock=f"10.{number}.1.0/24", AvailabilityZone=zones[1])
        group = client.create_security_group(
            GroupName=name, Description="web", VpcId=vpc, **specification("security-group", tags)
        )["GroupId"]
        ec2.add("security_group", "SecurityGroup", group, "security-group/", tags, name)
        table = client.create_route_table(VpcId=vpc, **specification("route-table", tags))
        ec2.add("route_table", "RouteTable", table["RouteTable"]["RouteTableId"], "route-table/", tags)
        acl = client.create_network_acl(VpcId=vpc, **specification("network-acl", tags))
        ec2.add("network_acl", "NetworkAcl", acl["NetworkAcl"]["NetworkAclId"], "network-acl/", tags)
        options = client.create_dhcp_options(
            DhcpConfigurations=[{"Key": "domain-name", "Values": [f"{name}.example"]}]
        )["DhcpOptions"]["DhcpOptionsId"]
        # moto ignores the tags of CreateDhcpOptions.
        if tags:
            client.create_tags(Resources=[options], Tags=upper(tags))
        ec2.add("dhcp_option", "DHCPOptions", options, "dhcp-options/", tags)
        card = client.create_network_interface(SubnetId=subnet, **specification("network-interface", tags))
        card = card["NetworkInterface"]["NetworkInterfaceId"]
        ec2.add("network_interface", "NetworkInterface", card, "network-interface/", tags)
        found.append({"vpc": vpc, "subnets": [subnet, other["Subnet"]["SubnetId"]], "group": group})
    return found


def gateways(ec2, networks):
    client = ec2.client
    for number, (name, tags) in enumerate(ec2.kinds.pair):
        network = networks[number]
        gateway = client.create_internet_gateway(**specification("internet-gateway", tags))
        gateway = gateway["InternetGateway"]["InternetGatewayId"]
        ec2.add("internet_gateway", "InternetGateway", gateway, "internet-gateway/", tags)
        client.attach_internet_gateway(InternetGatewayId=gateway, VpcId=network["vpc"])
        address = client.allocate_address(Domain="vpc", **specification("elastic-ip", tags))["AllocationId"]
        ec2.add("address", "EIP", address, "elastic-ip/", tags)
        nat = client.create_nat_gateway(
            SubnetId=network["subnets"][0], AllocationId=address, **specification("natgateway", tags)
        )["NatGateway"]["NatGatewayId"]
        ec2.add("nat_gateway", "NatGateway", nat, "natgateway/", tags)
        egress = client.create_egress_only_internet_gateway(
            VpcId=network["vpc"], **specification("egress-only-internet-gateway", tags)
        )["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
        path = "egress-only-internet-gateway/"
        ec2.add("egress_only_internet_gateway", "EgressOnlyInternetGateway", egress, path, tags)
        customer = client.create_customer_gateway(
            BgpAsn=65000 + number, PublicIp=f"192.0.2.{number + 1}", Type="ipsec.1",
            **specification("customer-gateway", tags),
        )["CustomerGateway"]["CustomerGatewayId"]
        ec2.add("customer_gateway", "CustomerGateway", customer, "customer-gateway/", tags)
        vpn = client.create_vpn_gateway(Type="ipsec.1", **specification("vpn-gateway", tags))
        vpn = vpn["VpnGateway"]["VpnGatewayId"]
        ec2.add("vpn_gateway", "VPNGateway", vpn, "vpn-gateway/", tags)
        connection = client.create_vpn_connection(
            CustomerGatewayId=customer, VpnGatewayId=vpn, Type="ipsec.1", **specification("vpn-connection", tags)
        )["VpnConnection"]["VpnConnectionId"]
        ec2.add("vpn_connection", "VPNConnection", connection, "vpn-connection/", tags)
        transit = client.create_transit_gateway(Description=name, **specification("transit-gateway", tags))
        transit = transit["TransitGateway"]["TransitGatewayId"]
        ec2.add("transit_gateway", "TransitGateway", transit, "transit-gateway/", tags)


def connections(ec2, networks):
    client, kinds = ec2.client, ec2.kinds
    group = f"arn:aws:s3:::{kinds.account}-flows"
    kinds.client("s3").create_bucket(
        Bucket=f"{kinds.account}-flows", CreateBucketConfiguration={"LocationConstraint": kinds.region}
    )
    for number, (name, tags) in enumerate(kinds.pair):
        network = networks[number]
        endpoint = client.create_vpc_endpoint(
            VpcId=network["vpc"], ServiceName=f"com.amazonaws.{kinds.region}.s3", VpcEndpointType="Gateway",
            **specification("vpc-endpoint", tags),
        )["VpcEndpoint"]["VpcEndpointId"]
        ec2.add("vpc_endpoint", "VPCEndpoint", endpoint, "vpc-endpoint/", tags)
        flow = client.create_flow_logs(
            ResourceIds=[network["vpc"]], ResourceType="VPC", TrafficType="ALL", LogDestinationType="s3",
            LogDestination=group, **specification("vpc-flow-log", tags),
        )["FlowLogIds"][0]
        ec2.add("flow_log", "FlowLog", flow, "vpc-flow-log/", tags)
        prefixes = client.create_managed_prefix_list(
            PrefixListName=name, MaxEntries=2, AddressFamily="IPv4", **specification("prefix-list", tags)
        )["PrefixList"]
        kinds.add(
            "ec2", "managed_prefix_list", "AWS::EC2::PrefixList", prefixes["PrefixListId"],
            kinds.arn("ec2", f"prefix-list/{prefixes['PrefixListId']}"), name, tags,
        )
        peering = client.create_vpc_peering_connection(
            VpcId=network["vpc"], PeerVpcId=networks[1 - number]["vpc"],
            **specification("vpc-peering-connection", tags),
        )["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        ec2.add("vpc_peering_connection", "VPCPeeringConnection", peering, "vpc-peering-connection/", tags)


def machines(ec2, networks):
    client, kinds = ec2.client, ec2.kinds
    for number, (name, tags) in enumerate(kinds.pair):
        instance = client.run_instances(
            ImageId="ami-12c6146b", MinCount=1, MaxCount=1, InstanceType="t3.micro",
            SubnetId=networks[number]["subnets"][0], **specification("instance", tags),
        )["Instances"][0]["InstanceId"]
        ec2.add("instance", "Instance", instance, "instance/", tags)
        volume = client.create_volume(
            AvailabilityZone=f"{kinds.region}a", Size=1, **specification("volume", tags)
        )["VolumeId"]
        ec2.add("volume", "Volume", volume, "volume/", tags)
        # Snapshots and images are not resources of CloudFormation; their ARNs have no account, as those of AWS's.
        snapshot = client.create_snapshot(VolumeId=volume, **specification("snapshot", tags))["SnapshotId"]
        kinds.add("ec2", "snapshot", None, snapshot, f"arn:aws:ec2:{kinds.region}::snapshot/{snapshot}", None, tags)
        image = client.create_image(InstanceId=instance, Name=name, **specification("image", tags))["ImageId"]
        kinds.add("ec2", "image", None, image, f"arn:aws:ec2:{kinds.region}::image/{image}", name, tags)
        key = client.create_key_pair(KeyName=name, **specification("key-pair", tags))
        # Service Authorization Reference, Amazon EC2: key-pair/${KeyPairName}
        arn = kinds.arn("ec2", f"key-pair/{name}")
        kinds.add("ec2", "key_pair", "AWS::EC2::KeyPair", key["KeyPairId"], arn, name, tags)
        template = client.create_launch_template(
            LaunchTemplateName=name, LaunchTemplateData={"InstanceType": "t3.micro"},
            **specification("launch-template", tags),
        )["LaunchTemplate"]["LaunchTemplateId"]
        ec2.add("launch_template", "LaunchTemplate", template, "launch-template/", tags, name)


def balancers(kinds, networks):
    client = kinds.client("elbv2")
    for number, (name, tags) in enumerate(kinds.pair):
        network = networks[number]
        listed = given("Tags", upper(tags))
        balancer = client.create_load_balancer(Name=name, Subnets=network["subnets"], **listed)
        balancer = balancer["LoadBalancers"][0]["LoadBalancerArn"]
        prefix = "AWS::ElasticLoadBalancingV2::"
        kinds.add("elbv2", "load_balancer", f"{prefix}LoadBalancer", name, balancer, name, tags)
        target = client.create_target_group(
            Name=name, Protocol="HTTP", Port=80, VpcId=network["vpc"], **listed
        )["TargetGroups"][0]["TargetGroupArn"]
        kinds.add("elbv2", "target_group", f"{prefix}TargetGroup", name, target, name, tags)
        actions = [{"Type": "forward", "TargetGroupArn": target}]
        listener = client.create_listener(
            LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=actions, **listed
        )["Listeners"][0]["ListenerArn"]
        kinds.add("elbv2", "listener", f"{prefix}Listener", listener, listener, None, tags)
        rule = client.create_rule(
            ListenerArn=listener, Priority=1, Actions=actions, **listed,
            Conditions=[{"Field": "path-pattern", "Values": ["/x"]}],
        )["Rules"][0]["RuleArn"]
        kinds.add("elbv2", "rule", f"{prefix}ListenerRule", rule, rule, None, tags)


def classic_balancers(kinds, networks):
    client = kinds.client("elb")
    for number, (name, tags) in enumerate(kinds.pair):
        client.create_load_balancer(
            LoadBalancerName=name, Subnets=networks[number]["subnets"][:1],
            Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
            **given("Tags", upper(tags)),
        )
        arn = kinds.arn("elasticloadbalancing", f"loadbalancer/{name}")
        kinds.add("elb", "load_balancer", "AWS::ElasticLoadBalancing::LoadBalancer", name, arn, name, tags)

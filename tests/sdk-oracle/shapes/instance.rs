//! An EC2 instance and everything in it.

use aws_sdk_ec2::types::*;

use crate::plain::{structure, texts};

texts!(
    AmdSevSnpSpecification,
    ArchitectureValues,
    AttachmentStatus,
    BootModeValues,
    CapacityReservationPreference,
    DeviceType,
    HostnameType,
    HttpTokensState,
    HypervisorType,
    InstanceAutoRecoveryState,
    InstanceBandwidthWeighting,
    InstanceBootModeValues,
    InstanceLifecycleType,
    InstanceMetadataEndpointState,
    InstanceMetadataOptionsState,
    InstanceMetadataProtocolState,
    InstanceMetadataTagsState,
    InstanceRebootMigrationState,
    InstanceStateName,
    InstanceType,
    MonitoringState,
    NestedVirtualizationSpecification,
    NetworkInterfaceStatus,
    PlatformValues,
    ProductCodeValues,
    SecondaryInterfaceStatus,
    SecondaryInterfaceType,
    Tenancy,
    VirtualizationType
);

structure!(Instance {
    Architecture: architecture,
    BlockDeviceMappings: block_device_mappings,
    ClientToken: client_token,
    EbsOptimized: ebs_optimized,
    EnaSupport: ena_support,
    Hypervisor: hypervisor,
    IamInstanceProfile: iam_instance_profile,
    InstanceLifecycle: instance_lifecycle,
    ElasticGpuAssociations: elastic_gpu_associations,
    ElasticInferenceAcceleratorAssociations: elastic_inference_accelerator_associations,
    NetworkInterfaces: network_interfaces,
    OutpostArn: outpost_arn,
    RootDeviceName: root_device_name,
    RootDeviceType: root_device_type,
    SecurityGroups: security_groups,
    SourceDestCheck: source_dest_check,
    SpotInstanceRequestId: spot_instance_request_id,
    SriovNetSupport: sriov_net_support,
    StateReason: state_reason,
    Tags: tags,
    VirtualizationType: virtualization_type,
    CpuOptions: cpu_options,
    CapacityBlockId: capacity_block_id,
    CapacityReservationId: capacity_reservation_id,
    CapacityReservationSpecification: capacity_reservation_specification,
    HibernationOptions: hibernation_options,
    Licenses: licenses,
    MetadataOptions: metadata_options,
    EnclaveOptions: enclave_options,
    BootMode: boot_mode,
    PlatformDetails: platform_details,
    UsageOperation: usage_operation,
    UsageOperationUpdateTime: usage_operation_update_time,
    PrivateDnsNameOptions: private_dns_name_options,
    Ipv6Address: ipv6_address,
    TpmSupport: tpm_support,
    MaintenanceOptions: maintenance_options,
    CurrentInstanceBootMode: current_instance_boot_mode,
    NetworkPerformanceOptions: network_performance_options,
    Operator: operator,
    SecondaryInterfaces: secondary_interfaces,
    InstanceId: instance_id,
    ImageId: image_id,
    State: state,
    PrivateDnsName: private_dns_name,
    PublicDnsName: public_dns_name,
    StateTransitionReason: state_transition_reason,
    KeyName: key_name,
    AmiLaunchIndex: ami_launch_index,
    ProductCodes: product_codes,
    InstanceType: instance_type,
    LaunchTime: launch_time,
    Placement: placement,
    KernelId: kernel_id,
    RamdiskId: ramdisk_id,
    Platform: platform,
    Monitoring: monitoring,
    SubnetId: subnet_id,
    VpcId: vpc_id,
    PrivateIpAddress: private_ip_address,
    PublicIpAddress: public_ip_address,
});
structure!(InstanceBlockDeviceMapping { DeviceName: device_name, Ebs: ebs });
structure!(EbsInstanceBlockDevice {
    AttachTime: attach_time,
    DeleteOnTermination: delete_on_termination,
    Status: status,
    VolumeId: volume_id,
    AssociatedResource: associated_resource,
    VolumeOwnerId: volume_owner_id,
    Operator: operator,
    EbsCardIndex: ebs_card_index,
});
structure!(OperatorResponse { Managed: managed, Principal: principal, HiddenByDefault: hidden_by_default });
structure!(IamInstanceProfile { Arn: arn, Id: id });
structure!(ElasticGpuAssociation {
    ElasticGpuId: elastic_gpu_id,
    ElasticGpuAssociationId: elastic_gpu_association_id,
    ElasticGpuAssociationState: elastic_gpu_association_state,
    ElasticGpuAssociationTime: elastic_gpu_association_time,
});
structure!(ElasticInferenceAcceleratorAssociation {
    ElasticInferenceAcceleratorArn: elastic_inference_accelerator_arn,
    ElasticInferenceAcceleratorAssociationId: elastic_inference_accelerator_association_id,
    ElasticInferenceAcceleratorAssociationState: elastic_inference_accelerator_association_state,
    ElasticInferenceAcceleratorAssociationTime: elastic_inference_accelerator_association_time,
});
structure!(InstanceNetworkInterface {
    Association: association,
    Attachment: attachment,
    Description: description,
    Groups: groups,
    Ipv6Addresses: ipv6_addresses,
    MacAddress: mac_address,
    NetworkInterfaceId: network_interface_id,
    OwnerId: owner_id,
    PrivateDnsName: private_dns_name,
    PrivateIpAddress: private_ip_address,
    PrivateIpAddresses: private_ip_addresses,
    SourceDestCheck: source_dest_check,
    Status: status,
    SubnetId: subnet_id,
    VpcId: vpc_id,
    InterfaceType: interface_type,
    Ipv4Prefixes: ipv4_prefixes,
    Ipv6Prefixes: ipv6_prefixes,
    ConnectionTrackingConfiguration: connection_tracking_configuration,
    Operator: operator,
});
structure!(InstanceNetworkInterfaceAssociation {
    CarrierIp: carrier_ip,
    CustomerOwnedIp: customer_owned_ip,
    IpOwnerId: ip_owner_id,
    PublicDnsName: public_dns_name,
    PublicIp: public_ip,
});
structure!(InstanceNetworkInterfaceAttachment {
    AttachTime: attach_time,
    AttachmentId: attachment_id,
    DeleteOnTermination: delete_on_termination,
    DeviceIndex: device_index,
    Status: status,
    NetworkCardIndex: network_card_index,
    EnaSrdSpecification: ena_srd_specification,
    EnaQueueCount: ena_queue_count,
});
structure!(InstanceAttachmentEnaSrdSpecification {
    EnaSrdEnabled: ena_srd_enabled,
    EnaSrdUdpSpecification: ena_srd_udp_specification,
});
structure!(InstanceAttachmentEnaSrdUdpSpecification { EnaSrdUdpEnabled: ena_srd_udp_enabled });
structure!(GroupIdentifier { GroupId: group_id, GroupName: group_name });
structure!(InstanceIpv6Address { Ipv6Address: ipv6_address, IsPrimaryIpv6: is_primary_ipv6 });
structure!(InstancePrivateIpAddress {
    Association: association,
    Primary: primary,
    PrivateDnsName: private_dns_name,
    PrivateIpAddress: private_ip_address,
});
structure!(InstanceIpv4Prefix { Ipv4Prefix: ipv4_prefix });
structure!(InstanceIpv6Prefix { Ipv6Prefix: ipv6_prefix });
structure!(ConnectionTrackingSpecificationResponse {
    TcpEstablishedTimeout: tcp_established_timeout,
    UdpStreamTimeout: udp_stream_timeout,
    UdpTimeout: udp_timeout,
});
structure!(StateReason { Code: code, Message: message });
structure!(Tag { Key: key, Value: value });
structure!(CpuOptions {
    CoreCount: core_count,
    ThreadsPerCore: threads_per_core,
    AmdSevSnp: amd_sev_snp,
    NestedVirtualization: nested_virtualization,
});
structure!(CapacityReservationSpecificationResponse {
    CapacityReservationPreference: capacity_reservation_preference,
    CapacityReservationTarget: capacity_reservation_target,
});
structure!(CapacityReservationTargetResponse {
    CapacityReservationId: capacity_reservation_id,
    CapacityReservationResourceGroupArn: capacity_reservation_resource_group_arn,
});
structure!(HibernationOptions { Configured: configured });
structure!(LicenseConfiguration { LicenseConfigurationArn: license_configuration_arn });
structure!(InstanceMetadataOptionsResponse {
    State: state,
    HttpTokens: http_tokens,
    HttpPutResponseHopLimit: http_put_response_hop_limit,
    HttpEndpoint: http_endpoint,
    HttpProtocolIpv6: http_protocol_ipv6,
    InstanceMetadataTags: instance_metadata_tags,
});
structure!(EnclaveOptions { Enabled: enabled });
structure!(PrivateDnsNameOptionsResponse {
    HostnameType: hostname_type,
    EnableResourceNameDnsARecord: enable_resource_name_dns_a_record,
    EnableResourceNameDnsAAAARecord: enable_resource_name_dns_aaaa_record,
});
structure!(InstanceMaintenanceOptions { AutoRecovery: auto_recovery, RebootMigration: reboot_migration });
structure!(InstanceNetworkPerformanceOptions { BandwidthWeighting: bandwidth_weighting });
structure!(InstanceSecondaryInterface {
    Attachment: attachment,
    MacAddress: mac_address,
    SecondaryInterfaceId: secondary_interface_id,
    OwnerId: owner_id,
    PrivateIpAddresses: private_ip_addresses,
    SourceDestCheck: source_dest_check,
    Status: status,
    SecondarySubnetId: secondary_subnet_id,
    SecondaryNetworkId: secondary_network_id,
    InterfaceType: interface_type,
});
structure!(InstanceSecondaryInterfaceAttachment {
    AttachTime: attach_time,
    AttachmentId: attachment_id,
    DeleteOnTermination: delete_on_termination,
    DeviceIndex: device_index,
    Status: status,
    NetworkCardIndex: network_card_index,
});
structure!(InstanceSecondaryInterfacePrivateIpAddress { PrivateIpAddress: private_ip_address });
structure!(InstanceState { Code: code, Name: name });
structure!(ProductCode { ProductCodeId: product_code_id, ProductCodeType: product_code_type });
structure!(Placement {
    AvailabilityZoneId: availability_zone_id,
    Affinity: affinity,
    GroupName: group_name,
    PartitionNumber: partition_number,
    HostId: host_id,
    Tenancy: tenancy,
    SpreadDomain: spread_domain,
    HostResourceGroupArn: host_resource_group_arn,
    GroupId: group_id,
    AvailabilityZone: availability_zone,
});
structure!(Monitoring { State: state });

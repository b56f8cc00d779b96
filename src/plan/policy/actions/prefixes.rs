//! Services whose actions have another prefix than their signing name.

/// Service and prefix, from the Service Authorization Reference
/// (<https://docs.aws.amazon.com/service-authorization/latest/reference/>).
pub(super) const PREFIXES: &[(&str, &str)] = &[
    ("cloudcontrol", "cloudformation"),
    ("cloudwatch", "cloudwatch"),
    ("iot-data", "iot"),
    ("iot-jobs-data", "iotjobsdata"),
    ("iotsecuretunneling", "iot"),
    ("mturk", "mechanicalturk"),
    ("partnercentral-account", "partnercentral"),
    ("partnercentral-benefits", "partnercentral"),
    ("partnercentral-channel", "partnercentral"),
    ("partnercentral-selling", "partnercentral"),
    ("resourcegroupstaggingapi", "tag"),
];

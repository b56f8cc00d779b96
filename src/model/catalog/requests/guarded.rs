//! GET requests of REST protocols that are not reads: of operations that do more than read, or whose response is a
//! credential, and that are not in the catalog. A new operation must not have one of them.

/// The signing name, the operation, and its request URI (`service-2.json` of the service in the data of botocore
/// 1.44.8). All of them are GET.
const REQUESTS: &[(&str, &str, &str)] = &[
    ("codecatalyst", "VerifySession", "/session"),
    ("deadline", "AssumeFleetRoleForRead", "/2023-10-12/farms/{farmId}/fleets/{fleetId}/read-roles"),
    (
        "deadline",
        "AssumeFleetRoleForWorker",
        "/2023-10-12/farms/{farmId}/fleets/{fleetId}/workers/{workerId}/fleet-roles",
    ),
    ("deadline", "AssumeQueueRoleForRead", "/2023-10-12/farms/{farmId}/queues/{queueId}/read-roles"),
    ("deadline", "AssumeQueueRoleForUser", "/2023-10-12/farms/{farmId}/queues/{queueId}/user-roles"),
    (
        "deadline",
        "AssumeQueueRoleForWorker",
        "/2023-10-12/farms/{farmId}/fleets/{fleetId}/workers/{workerId}/queue-roles",
    ),
    ("iot", "ConfirmTopicRuleDestination", "/confirmdestination/{confirmationToken+}"),
    ("iot", "DescribeEndpoint", "/endpoint"),
    ("iot", "GetRegistrationCode", "/registrationcode"),
    ("s3", "CreateSession", "/{Bucket}?session"),
];

/// Returns the requests of a service: operation and request URI.
pub(super) fn requests(signing_name: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    REQUESTS
        .iter()
        .filter(move |(name, ..)| *name == signing_name)
        .map(|&(_, operation, uri)| (operation, uri))
}

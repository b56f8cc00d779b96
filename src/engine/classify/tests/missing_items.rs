//! Tests of errors about something that does not exist.

use serde_json::json;

use super::{answer, of};
use crate::engine::classify::{RegionState, classify_item, classify_sent};
use crate::run::Status;

/// An item of a list is absent or has vanished; a resource that a spec names is missing.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of functions and what not found means for each")]
fn missing_item_is_absent_or_vanished_or_failed() {
    for (service, function, code, message, parameters, top, child) in [
        (
            "sqs",
            "get_queue_attributes",
            "AWS.SimpleQueueService.NonExistentQueue",
            "The specified queue does not exist.",
            json!({"QueueUrl": "https://sqs/1/a"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "s3",
            "get_bucket_tagging",
            "NoSuchBucket",
            "The specified bucket does not exist",
            json!({"Bucket": "logs"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "s3",
            "get_bucket_tagging",
            "NoSuchTagSet",
            "The TagSet does not exist",
            json!({"Bucket": "logs"}),
            Status::Empty,
            Status::Empty,
        ),
        (
            "dynamodb",
            "describe_table",
            "ResourceNotFoundException",
            "Requested resource not found: Table: orders not found",
            json!({"TableName": "orders"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "lambda",
            "get_policy",
            "ResourceNotFoundException",
            "The resource you requested does not exist.",
            json!({"FunctionName": "pay"}),
            Status::Empty,
            Status::Empty,
        ),
        (
            "lambda",
            "get_policy",
            "ResourceNotFoundException",
            "Function not found: arn:aws:lambda:eu-west-1:123456789012:function:pay",
            json!({"FunctionName": "pay"}),
            Status::Failed,
            Status::Empty,
        ),
        (
            "ecr",
            "get_repository_policy",
            "RepositoryPolicyNotFoundException",
            "Repository policy does not exist",
            json!({"repositoryName": "app"}),
            Status::Empty,
            Status::Empty,
        ),
        (
            "ecr",
            "get_repository_policy",
            "RepositoryNotFoundException",
            "The repository with name 'app' does not exist",
            json!({"repositoryName": "app"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "iam",
            "get_user_policy",
            "NoSuchEntity",
            "The user with name alice cannot be found.",
            json!({"UserName": "alice", "PolicyName": "p"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "iam",
            "get_login_profile",
            "NoSuchEntity",
            "Login Profile for User alice cannot be found.",
            json!({"UserName": "alice"}),
            Status::Empty,
            Status::Empty,
        ),
        (
            "iam",
            "get_account_password_policy",
            "NoSuchEntity",
            "The Password Policy with domain name 123456789012 cannot be found.",
            json!({}),
            Status::Empty,
            Status::Empty,
        ),
        (
            "cloudformation",
            "describe_stack_resources",
            "ValidationError",
            "Stack with id orders does not exist",
            json!({"StackName": "orders"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "elasticbeanstalk",
            "describe_environment_resources",
            "InvalidParameterValue",
            "No Environment found for EnvironmentName = 'web'.",
            json!({"EnvironmentName": "web"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "elasticbeanstalk",
            "describe_environment_resources",
            "InvalidParameterValue",
            "The role for the export does not exist",
            json!({"EnvironmentName": "web"}),
            Status::Failed,
            Status::Failed,
        ),
        (
            "ec2",
            "describe_instance_attribute",
            "InvalidInstanceID.NotFound",
            "The instance ID 'i-1' does not exist",
            json!({"InstanceId": "i-1", "Attribute": "userData"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "ec2",
            "describe_image_attribute",
            "InvalidAMIID.Unavailable",
            "The image ID 'ami-1' is no longer available",
            json!({"ImageId": "ami-1", "Attribute": "launchPermission"}),
            Status::Failed,
            Status::Vanished,
        ),
        // Without a parameter, the function uses the default cluster, which may not exist.
        (
            "ecs",
            "list_services",
            "ClusterNotFoundException",
            "Cluster not found.",
            json!({"cluster": "web"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "ecs",
            "list_tasks",
            "ClusterNotFoundException",
            "Cluster not found.",
            json!({"serviceName": "shop"}),
            Status::Failed,
            Status::Vanished,
        ),
        (
            "ecs",
            "list_tasks",
            "ClusterNotFoundException",
            "Cluster not found.",
            json!({}),
            Status::Empty,
            Status::Empty,
        ),
        (
            "glue",
            "get_table",
            "AccessDeniedException",
            "Access denied",
            json!({"Name": "t"}),
            Status::Denied,
            Status::Denied,
        ),
    ] {
        let error = of(service, function, answer(code, message));
        let parameters = parameters.as_object().cloned().unwrap_or_default();
        let sent = classify_sent(&error, RegionState::Enabled, &parameters);
        assert_eq!(sent.status, top, "{service} {function} {code}: {message}");
        let item = classify_item(&error, RegionState::Enabled, &parameters);
        assert_eq!(item.status, child, "{service} {function} {code}: {message}");
    }
}

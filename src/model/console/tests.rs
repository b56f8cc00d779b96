use super::{PAGES, console_link};

/// Returns the link of an ARN whose resource was found in Ireland.
fn link(arn: &str) -> Option<String> {
    console_link(arn, "eu-west-1")
}

#[track_caller]
fn expect_link(arn: &str, expected: &str) {
    assert_eq!(link(arn).as_deref(), Some(expected), "{arn}");
}

#[test]
fn common_resources_have_links_to_their_pages() {
    let regional = |path: &str| format!("https://eu-west-1.console.aws.amazon.com{path}");
    for (resource, path) in [
        (
            "ec2:eu-west-1:111111111111:instance/i-1",
            "/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-1",
        ),
        (
            "ec2:eu-west-1:111111111111:volume/vol-1",
            "/ec2/home?region=eu-west-1#VolumeDetails:volumeId=vol-1",
        ),
        ("s3:::my.bucket", "/s3/buckets/my.bucket?region=eu-west-1"),
        ("lambda:eu-west-1:111111111111:function:resize", "/lambda/home?region=eu-west-1#/functions/resize"),
        (
            "rds:eu-west-1:111111111111:db:shop",
            "/rds/home?region=eu-west-1#database:id=shop;is-cluster=false",
        ),
        (
            "rds:eu-west-1:111111111111:cluster:shop",
            "/rds/home?region=eu-west-1#database:id=shop;is-cluster=true",
        ),
        ("dynamodb:eu-west-1:111111111111:table/t_1", "/dynamodbv2/home?region=eu-west-1#table?name=t_1"),
        ("ecs:eu-west-1:111111111111:cluster/web", "/ecs/v2/clusters/web?region=eu-west-1"),
        ("eks:eu-west-1:111111111111:cluster/k8s", "/eks/home?region=eu-west-1#/clusters/k8s"),
        ("kms:eu-west-1:111111111111:key/1-2", "/kms/home?region=eu-west-1#/kms/keys/1-2"),
        (
            "sns:eu-west-1:111111111111:alarms",
            "/sns/v3/home?region=eu-west-1#/topic/arn:aws:sns:eu-west-1:111111111111:alarms",
        ),
        (
            "sqs:eu-west-1:111111111111:jobs.fifo",
            "/sqs/v3/home?region=eu-west-1#/queues/https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F111111111111%2Fjobs.fifo",
        ),
        (
            "elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/5a",
            "/ec2/home?region=eu-west-1#LoadBalancer:loadBalancerArn=arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/5a",
        ),
        (
            "cloudformation:eu-west-1:111111111111:stack/shop/5a",
            "/cloudformation/home?region=eu-west-1#/stacks/stackinfo?stackId=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A111111111111%3Astack%2Fshop%2F5a",
        ),
    ] {
        expect_link(&format!("arn:aws:{resource}"), &regional(path));
    }
}

#[test]
fn global_resources_have_links_without_region() {
    let arn = "arn:aws:iam::111111111111:role/team/a/Reader";
    expect_link(arn, "https://console.aws.amazon.com/iam/home#/roles/details/Reader");
    let arn = "arn:aws:iam::aws:policy/job-function/Billing";
    expect_link(
        arn,
        "https://console.aws.amazon.com/iam/home?#/policies/arn:aws:iam::aws:policy/job-function/Billing",
    );
    let arn = "arn:aws:iam::111111111111:user/ops/anna@example.com";
    expect_link(arn, "https://console.aws.amazon.com/iam/home?#/users/anna%40example.com");
}

/// The console encodes these names twice: link2aws, `testcases/aws.json`.
#[test]
fn names_of_log_groups_are_encoded_twice() {
    let base = "https://us-east-2.console.aws.amazon.com/cloudwatch/home?region=us-east-2#logsV2:log-groups/log-group/";
    for (name, expected) in [
        ("/aws/lambda/dev-hello:*", "$252Faws$252Flambda$252Fdev-hello"),
        ("test00_11-22/33.44#55", "test00_11-22$252F33.44$252355"),
    ] {
        let arn = format!("arn:aws:logs:us-east-2:123456789012:log-group:{name}");
        expect_link(&arn, &format!("{base}{expected}"));
    }
}

#[test]
fn partitions_have_their_own_consoles() {
    expect_link(
        "arn:aws-cn:ec2:cn-north-1:111111111111:vpc/vpc-1",
        "https://cn-north-1.console.amazonaws.cn/vpc/home?region=cn-north-1#VpcDetails:VpcId=vpc-1",
    );
    expect_link(
        "arn:aws-us-gov:iam::111111111111:user/test",
        "https://console.amazonaws-us-gov.com/iam/home?#/users/test",
    );
    expect_link(
        "arn:aws-cn:sqs:cn-north-1:111111111111:jobs",
        "https://cn-north-1.console.amazonaws.cn/sqs/v3/home?region=cn-north-1#/queues/https%3A%2F%2Fsqs.cn-north-1.amazonaws.com.cn%2F111111111111%2Fjobs",
    );
    assert_eq!(link("arn:aws-iso:ec2:us-iso-east-1:111111111111:vpc/vpc-1"), None);
}

/// The lookup of ARNs is only known in the partition `aws`.
#[test]
fn other_arns_are_looked_up_by_the_console() {
    expect_link(
        "arn:aws:glue:eu-west-1:111111111111:job/a b&c",
        "https://console.aws.amazon.com/go/view?arn=arn%3Aaws%3Aglue%3Aeu-west-1%3A111111111111%3Ajob%2Fa%20b%26c",
    );
    // Neither a version of a function nor a subscription has the page of the other.
    for resource in ["lambda:eu-west-1:1:function:resize:3", "sns:eu-west-1:1:alarms:5a", "s3:::bucket/key"] {
        let link = link(&format!("arn:aws:{resource}")).expect("a link");
        assert!(link.starts_with("https://console.aws.amazon.com/go/view?arn=arn%3Aaws%3A"), "{link}");
    }
    assert_eq!(link("arn:aws-cn:glue:cn-north-1:111111111111:job/a"), None);
}

#[test]
fn bucket_without_region_is_looked_up() {
    let link = console_link("arn:aws:s3:::bucket", "global");
    assert_eq!(
        link.as_deref(),
        Some("https://console.aws.amazon.com/go/view?arn=arn%3Aaws%3As3%3A%3A%3Abucket")
    );
}

/// Nothing in an ARN can change the host of the link, or end its attribute.
#[test]
fn hostile_texts_have_no_link_to_elsewhere() {
    for text in [
        "",
        "javascript:alert(1)",
        "https://evil.example/",
        " arn:aws:s3:::bucket",
        "arn:evil:s3:::bucket",
        "arn:aws",
        "data:text/html,arn:aws:s3:::bucket",
    ] {
        assert_eq!(link(text), None, "{text}");
    }
    for arn in [
        "arn:aws:ec2:evil.example/:1:vpc/vpc-1",
        "arn:aws:ec2:evil.example#:1:vpc/vpc-1",
        "arn:aws:ec2:eu-west-1@evil.example/:1:vpc/vpc-1",
        "arn:aws:ec2:EU-WEST-1:1:vpc/\"><script>alert(1)</script>",
        "arn:aws:sqs:eu-west-1:evil.example:x",
        "arn:aws:iam::1:user/javascript:alert(1)//\u{202e}\n",
        "arn:aws:s3:::..@evil.example?#\u{0}",
    ] {
        let link = link(arn).expect("a link");
        let (host, path) =
            link.strip_prefix("https://").and_then(|rest| rest.split_once('/')).expect("a host");
        assert!(
            host == "console.aws.amazon.com" || host == "eu-west-1.console.aws.amazon.com",
            "{arn}: {link}"
        );
        let is_harmless = |letter: char| letter.is_ascii_graphic() && !"<>\"'\\`@".contains(letter);
        assert!(path.chars().all(is_harmless), "{arn}: {link}");
    }
}

#[test]
fn pages_are_sorted_and_have_sources() {
    for pair in PAGES.windows(2) {
        assert!((pair[0].service, pair[0].prefix) < (pair[1].service, pair[1].prefix), "{}", pair[1].path);
    }
    for page in PAGES {
        assert!(!page.source.is_empty() && page.path.starts_with('/'), "{}", page.path);
    }
}

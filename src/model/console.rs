//! Links to resources in the AWS console, made from ARNs.
//!
//! Common resources have a reviewed page. For others, the console looks up the page of an ARN
//! (`/go/view`). Every part of a link is checked or percent-encoded, so that a text that only looks like an ARN
//! cannot lead elsewhere.

use percent_encoding::{AsciiSet, utf8_percent_encode};

use crate::arn::Arn;
use crate::util::percent_encoding::RESERVED;

/// What is encoded in an ARN that is not encoded in the console's own links.
const RESERVED_IN_ARN: &AsciiSet = &RESERVED.remove(b':').remove(b'/');

/// A partition with a public console.
struct ConsolePartition {
    partition: &'static str,
    /// The host of its console; a region before it selects the region.
    host: &'static str,
    /// The domain of its endpoints.
    domain: &'static str,
    /// Whether the console is known to look up the page of an ARN.
    finds_arns: bool,
}

/// Isolated partitions have no public console.
///
/// Sources of hosts: "AWS service endpoints" in the guides of AWS China and AWS GovCloud (US), and
/// link2aws/link2aws.github.io (`testcases/aws.json`). `/go/view` is used by AWS's own tools, but only in the
/// partition `aws`: aws/aws-toolkit-vscode (`consoleLinksUtils.ts`).
const PARTITIONS: &[ConsolePartition] = &[
    ConsolePartition {
        partition: "aws",
        host: "console.aws.amazon.com",
        domain: "amazonaws.com",
        finds_arns: true,
    },
    ConsolePartition {
        partition: "aws-cn",
        host: "console.amazonaws.cn",
        domain: "amazonaws.com.cn",
        finds_arns: false,
    },
    ConsolePartition {
        partition: "aws-us-gov",
        host: "console.amazonaws-us-gov.com",
        domain: "amazonaws.com",
        finds_arns: false,
    },
];

/// The form of the ID after the prefix of a resource in an ARN.
#[derive(Clone, Copy)]
enum IdForm {
    /// The rest, which has neither `/` nor `:`.
    Whole,
    /// The last part of a path: IAM's roles and users have paths.
    AfterPath,
    /// The rest, without the `:*` that the ARNs of log groups end with.
    LogGroup,
    /// The rest, in any form: the page needs the whole ARN.
    Any,
}

/// A page of the console for a type of resource.
struct ConsolePage {
    /// The service in the ARN.
    service: &'static str,
    /// The start of the resource in the ARN.
    prefix: &'static str,
    id: IdForm,
    /// The path, in which `{region}`, `{id}`, `{arn}`, `{plain_arn}`, `{queue}` and `{log_group}` are replaced.
    path: &'static str,
    /// Where the path is from.
    #[cfg_attr(not(test), expect(dead_code, reason = "documents the row"))]
    source: &'static str,
}

/// The test cases of a library of links, which its users keep up to date.
const LINK2AWS: &str = "link2aws/link2aws.github.io, testcases/aws.json";
/// AWS's own list of links for resources of Amplify.
const AMPLIFY: &str = "aws-amplify/amplify-backend, resource_console_functions.ts";
/// The test cases of an extension for Amplify.
const AMPLIFY_EXTENSION: &str = "fossamagna/amplify-backend-vscode, test of the console's URLs";

const fn page(
    service: &'static str,
    prefix: &'static str,
    id: IdForm,
    path: &'static str,
    source: &'static str,
) -> ConsolePage {
    ConsolePage { service, prefix, id, path, source }
}

/// By service, then prefix.
#[rustfmt::skip]
const PAGES: &[ConsolePage] = &[
    page("cloudformation", "stack/", IdForm::Any, "/cloudformation/home?region={region}#/stacks/stackinfo?stackId={arn}", AMPLIFY_EXTENSION),
    page("dynamodb", "table/", IdForm::Whole, "/dynamodbv2/home?region={region}#table?name={id}", LINK2AWS),
    page("ec2", "image/", IdForm::Whole, "/ec2/home?region={region}#ImageDetails:imageId={id}", LINK2AWS),
    page("ec2", "instance/", IdForm::Whole, "/ec2/home?region={region}#InstanceDetails:instanceId={id}", LINK2AWS),
    page("ec2", "security-group/", IdForm::Whole, "/vpc/home?region={region}#SecurityGroup:groupId={id}", LINK2AWS),
    page("ec2", "snapshot/", IdForm::Whole, "/ec2/home?region={region}#SnapshotDetails:snapshotId={id}", LINK2AWS),
    page("ec2", "subnet/", IdForm::Whole, "/vpc/home?region={region}#SubnetDetails:subnetId={id}", LINK2AWS),
    page("ec2", "volume/", IdForm::Whole, "/ec2/home?region={region}#VolumeDetails:volumeId={id}", LINK2AWS),
    page("ec2", "vpc-endpoint/", IdForm::Whole, "/vpcconsole/home?region={region}#EndpointDetails:vpcEndpointId={id}", LINK2AWS),
    page("ec2", "vpc/", IdForm::Whole, "/vpc/home?region={region}#VpcDetails:VpcId={id}", LINK2AWS),
    page("ecs", "cluster/", IdForm::Whole, "/ecs/v2/clusters/{id}?region={region}", LINK2AWS),
    page("eks", "cluster/", IdForm::Whole, "/eks/home?region={region}#/clusters/{id}", LINK2AWS),
    page("elasticloadbalancing", "loadbalancer/app/", IdForm::Any, "/ec2/home?region={region}#LoadBalancer:loadBalancerArn={plain_arn}", LINK2AWS),
    page("elasticloadbalancing", "loadbalancer/gwy/", IdForm::Any, "/ec2/home?region={region}#LoadBalancer:loadBalancerArn={plain_arn}", LINK2AWS),
    page("elasticloadbalancing", "loadbalancer/net/", IdForm::Any, "/ec2/home?region={region}#LoadBalancer:loadBalancerArn={plain_arn}", LINK2AWS),
    page("iam", "group/", IdForm::AfterPath, "/iamv2/home#/groups/details/{id}", LINK2AWS),
    page("iam", "policy/", IdForm::Any, "/iam/home?#/policies/{plain_arn}", LINK2AWS),
    page("iam", "role/", IdForm::AfterPath, "/iam/home#/roles/details/{id}", AMPLIFY),
    page("iam", "user/", IdForm::AfterPath, "/iam/home?#/users/{id}", LINK2AWS),
    page("kms", "key/", IdForm::Whole, "/kms/home?region={region}#/kms/keys/{id}", LINK2AWS),
    page("lambda", "function:", IdForm::Whole, "/lambda/home?region={region}#/functions/{id}", LINK2AWS),
    page("logs", "log-group:", IdForm::LogGroup, "/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{log_group}", LINK2AWS),
    page("rds", "cluster:", IdForm::Whole, "/rds/home?region={region}#database:id={id};is-cluster=true", LINK2AWS),
    page("rds", "db:", IdForm::Whole, "/rds/home?region={region}#database:id={id};is-cluster=false", LINK2AWS),
    page("s3", "", IdForm::Whole, "/s3/buckets/{id}?region={region}", AMPLIFY),
    page("sns", "", IdForm::Whole, "/sns/v3/home?region={region}#/topic/{plain_arn}", LINK2AWS),
    page("sqs", "", IdForm::Whole, "/sqs/v3/home?region={region}#/queues/{queue}", AMPLIFY_EXTENSION),
];

/// Returns the link to a resource in the AWS console; `None` for a text that is not an ARN, and in partitions without
/// a known page for it. `region` is used for ARNs without a region, such as those of buckets.
///
/// # Examples
///
/// ```
/// use aws_auto_inventory::model::console::console_link;
///
/// assert_eq!(
///     console_link("arn:aws:ec2:eu-west-1:111111111111:vpc/vpc-1", "eu-west-1").as_deref(),
///     Some("https://eu-west-1.console.aws.amazon.com/vpc/home?region=eu-west-1#VpcDetails:VpcId=vpc-1")
/// );
/// assert_eq!(console_link("javascript:alert(1)", "eu-west-1"), None);
/// ```
#[must_use]
pub fn console_link(arn: &str, region: &str) -> Option<String> {
    let parsed = Arn::parse(arn)?;
    let partition = PARTITIONS.iter().find(|known| known.partition == parsed.partition)?;
    let region = [parsed.region, region].into_iter().find(|region| is_region(region));
    let direct = PAGES.iter().filter(|page| page.service == parsed.service).find_map(|page| {
        let id = page.id.of(parsed.resource.strip_prefix(page.prefix)?)?;
        page.link(partition, &parsed, region, id)
    });
    let looked_up = || {
        let link = || format!("https://{}/go/view?arn={}", partition.host, encoded(arn, RESERVED));
        partition.finds_arns.then(link)
    };
    direct.or_else(looked_up)
}

impl IdForm {
    /// Returns the ID in the rest of a resource, if it has this form.
    fn of(self, rest: &str) -> Option<&str> {
        let id = match self {
            Self::Whole => Some(rest).filter(|id| !id.contains(['/', ':'])),
            Self::AfterPath => rest.rsplit('/').next(),
            Self::LogGroup => Some(rest.strip_suffix(":*").unwrap_or(rest)).filter(|id| !id.contains(':')),
            Self::Any => Some(rest),
        };
        id.filter(|id| !id.is_empty())
    }
}

impl ConsolePage {
    /// Returns the link to this page; `None` if it needs a region and none is known.
    fn link(
        &self,
        partition: &ConsolePartition,
        arn: &Arn<'_>,
        region: Option<&str>,
        id: &str,
    ) -> Option<String> {
        let is_regional = self.path.contains("{region}");
        let mut link = "https://".to_owned();
        if is_regional {
            link.push_str(region?);
            link.push('.');
        }
        link.push_str(partition.host);
        let mut rest = self.path;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            link.push_str(before);
            link.push_str(&match name {
                "region" => region?.to_owned(),
                "id" => encoded(id, RESERVED),
                "arn" => encoded(&arn.to_string(), RESERVED),
                "plain_arn" => encoded(&arn.to_string(), RESERVED_IN_ARN),
                "queue" => {
                    let url = format!("https://sqs.{}.{}/{}/{id}", region?, partition.domain, arn.account);
                    encoded(&url, RESERVED)
                }
                // The console encodes the names of log groups twice, with a dollar sign instead of the percent sign.
                "log_group" => encoded(&encoded(id, RESERVED), RESERVED).replace('%', "$"),
                _ => return None,
            });
            rest = after;
        }
        link.push_str(rest);
        Some(link)
    }
}

fn encoded(text: &str, kept: &'static AsciiSet) -> String {
    utf8_percent_encode(text, kept).to_string()
}

/// Returns whether a text can be part of a host name; `global` is no region.
fn is_region(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    text.contains('-')
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(is_plain)
}

#[cfg(test)]
mod tests;

//! Tests of the endpoints of real calls with the rules of the embedded catalog.

use std::sync::Arc;

use aws_types::endpoint_config::AccountIdEndpointMode;
use serde_json::{Map, Value, json};

use super::samples::{add_operation, partitions, request, service};
use super::{
    EndpointError, EndpointResolver, EndpointSettings, Parameters, Partitions, ResolvedEndpoint, RuleSet,
    is_global,
};
use crate::model::catalog::{Catalog, Service};
use crate::names::{AccountId, Partition, Region};

struct EndpointRules {
    catalog: Catalog,
    resolver: EndpointResolver,
}

impl EndpointRules {
    fn new(settings: EndpointSettings) -> Self {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let partitions = Partitions::parse(catalog.partitions()).expect("readable partitions");
        Self { catalog, resolver: EndpointResolver::new(Arc::new(partitions), settings) }
    }

    fn service(&self, name: &str) -> Arc<Service> {
        self.catalog.service(name).expect("a readable catalog").expect("a service of the catalog")
    }

    fn resolve(
        &self,
        service: &str,
        function: &str,
        input: &Map<String, Value>,
        region: &str,
    ) -> Result<ResolvedEndpoint, EndpointError> {
        let service = self.service(service);
        let operation = service.operation(function).expect("a function of the catalog");
        let account = AccountId::from("111122223333");
        self.resolver.resolve(&service, operation, input, &Region::new(region), Some(&account))
    }

    #[track_caller]
    fn url(&self, service: &str, function: &str, input: &Map<String, Value>, region: &str) -> String {
        self.resolve(service, function, input, region).expect("an endpoint").url
    }
}

fn nothing() -> Map<String, Value> {
    Map::new()
}

#[test]
fn a_regional_service_is_asked_in_the_region_of_the_call() {
    let aws = EndpointRules::new(EndpointSettings::default());
    let endpoint =
        |region| aws.resolve("ec2", "describe_instances", &nothing(), region).expect("an endpoint");
    assert_eq!(endpoint("eu-west-1").url, "https://ec2.eu-west-1.amazonaws.com");
    assert_eq!(endpoint("cn-north-1").url, "https://ec2.cn-north-1.amazonaws.com.cn");
    assert_eq!(endpoint("eu-west-1"), endpoint("eu-west-1"), "the second result is the cached one");
    assert_eq!(endpoint("eu-west-1").auth_schemes, []);
}

#[test]
fn a_global_service_says_which_region_to_sign_for() {
    let aws = EndpointRules::new(EndpointSettings::default());
    let endpoint = aws.resolve("iam", "list_users", &nothing(), "eu-west-1").expect("an endpoint");
    assert_eq!(endpoint.url, "https://iam.amazonaws.com");
    assert_eq!(endpoint.auth_schemes[0].signing_region.as_deref(), Some("us-east-1"));
}

#[test]
fn sts_is_asked_regionally() {
    let aws = EndpointRules::new(EndpointSettings::default());
    assert_eq!(
        aws.url("sts", "get_caller_identity", &nothing(), "us-east-1"),
        "https://sts.us-east-1.amazonaws.com"
    );
}

#[test]
fn a_bucket_stands_in_the_host_name_where_it_can() {
    let aws = EndpointRules::new(EndpointSettings::default());
    let url = |function, bucket| aws.url("s3", function, &request("Bucket", bucket), "eu-west-1");
    assert_eq!(url("get_bucket_policy", "my-bucket"), "https://my-bucket.s3.eu-west-1.amazonaws.com");
    assert_eq!(url("get_bucket_policy", "my.bucket"), "https://s3.eu-west-1.amazonaws.com/my.bucket");
    assert_eq!(url("get_bucket_location", "my-bucket"), "https://s3.eu-west-1.amazonaws.com/my-bucket");
    assert_eq!(aws.url("s3", "list_buckets", &nothing(), "us-east-1"), "https://s3.us-east-1.amazonaws.com");
}

#[test]
fn configured_url_replaces_host_of_every_service() {
    let settings = EndpointSettings { use_fips: true, use_dual_stack: true, ..EndpointSettings::default() };
    let aws = EndpointRules::new(settings.with_url("http://127.0.0.1:5000"));
    let url = |service, function, input| aws.url(service, function, &input, "eu-west-1");
    assert_eq!(url("ec2", "describe_instances", nothing()), "http://127.0.0.1:5000");
    assert_eq!(url("s3", "list_buckets", nothing()), "http://127.0.0.1:5000");
    assert_eq!(
        url("s3", "get_bucket_acl", request("Bucket", "my-bucket")),
        "http://127.0.0.1:5000/my-bucket"
    );
    // Neither rules nor prefixes add names to a host that has none below it.
    assert_eq!(url("s3control", "list_jobs", request("AccountId", "111122223333")), "http://127.0.0.1:5000");
    assert_eq!(url("deadline", "list_farms", nothing()), "http://127.0.0.1:5000");
}

/// Host prefixes are put before the host of a configured URL that can have them.
#[test]
fn host_prefix_precedes_configured_hostname() {
    let aws = EndpointRules::new(EndpointSettings::default().with_url("https://aws.example.com"));
    let url = |service, function, input| aws.url(service, function, &input, "eu-west-1");
    assert_eq!(
        url("s3", "get_bucket_acl", request("Bucket", "my-bucket")),
        "https://aws.example.com/my-bucket"
    );
    assert_eq!(url("deadline", "list_farms", nothing()), "https://management.aws.example.com");
    assert_eq!(
        url("s3control", "list_jobs", request("AccountId", "111122223333")),
        "https://111122223333.aws.example.com"
    );
}

#[test]
fn a_configured_url_without_a_scheme_is_an_error_that_says_so() {
    let aws = EndpointRules::new(EndpointSettings::default().with_url("localhost:5000"));
    let error = aws.resolve("ec2", "describe_instances", &nothing(), "eu-west-1").expect_err("an error");
    assert_eq!(
        error.to_string(),
        "the endpoint URL `localhost:5000` configured for EC2 is not usable: \
         write it with its scheme and without a query, as in `https://host:port`"
    );
}

#[test]
fn account_ids_stand_in_hosts_only_on_request() {
    let url = |mode| {
        let settings = EndpointSettings { account_id_endpoint_mode: mode, ..EndpointSettings::default() };
        EndpointRules::new(settings).url("dynamodb", "list_tables", &nothing(), "eu-west-1")
    };
    assert_eq!(url(AccountIdEndpointMode::Disabled), "https://dynamodb.eu-west-1.amazonaws.com");
    assert_eq!(url(AccountIdEndpointMode::Preferred), "https://111122223333.ddb.eu-west-1.amazonaws.com");
}

#[test]
fn variants_of_hosts_are_used_when_asked_for() {
    let settings = EndpointSettings { use_fips: true, use_dual_stack: true, ..EndpointSettings::default() };
    let aws = EndpointRules::new(settings);
    assert_eq!(
        aws.url("ec2", "describe_instances", &nothing(), "us-east-1"),
        "https://ec2-fips.us-east-1.api.aws"
    );
}

/// Host prefixes and the account IDs of S3 Control are in the host once.
#[test]
fn s3_control_host_has_each_prefix_once() {
    let aws = EndpointRules::new(EndpointSettings::default());
    assert_eq!(
        aws.url("deadline", "list_farms", &nothing(), "eu-west-1"),
        "https://management.deadline.eu-west-1.amazonaws.com"
    );
    assert_eq!(
        aws.url("s3control", "list_jobs", &request("AccountId", "111122223333"), "eu-west-1"),
        "https://111122223333.s3-control.eu-west-1.amazonaws.com"
    );
}

#[test]
fn a_directory_bucket_is_asked_with_the_credentials_of_the_call() {
    let aws = EndpointRules::new(EndpointSettings::default());
    let bucket = request("Bucket", "data--use1-az1--x-s3");
    let endpoint = aws.resolve("s3", "list_objects_v2", &bucket, "us-east-1").expect("an endpoint");
    assert_eq!(endpoint.auth_schemes[0].name, "sigv4");
    assert_eq!(endpoint.auth_schemes[0].signing_name.as_deref(), Some("s3express"));
}

#[test]
fn the_rules_of_every_service_can_be_read() {
    let aws = EndpointRules::new(EndpointSettings::default());
    for entry in aws.catalog.entries() {
        RuleSet::parse(&aws.service(&entry.name).endpoint_rules)
            .unwrap_or_else(|error| panic!("{}: {error}", entry.name));
    }
}

#[test]
fn every_endpoint_of_every_service_is_a_host_of_aws() {
    let variants = [(false, false), (true, false), (false, true), (true, true)];
    let mut resolved = 0;
    for (use_fips, use_dual_stack) in variants {
        let aws =
            EndpointRules::new(EndpointSettings { use_fips, use_dual_stack, ..EndpointSettings::default() });
        for entry in aws.catalog.entries() {
            let service = aws.service(&entry.name);
            let Some(operation) = service.operations.first() else { continue };
            for partition in aws.resolver.partitions().iter() {
                for region in &partition.regions[..1] {
                    match aws.resolver.resolve(&service, operation, &nothing(), region, None) {
                        Ok(_) => resolved += 1,
                        Err(error @ EndpointError::ForeignHost(_)) => panic!("{}: {error}", entry.name),
                        // A variant that the partition lacks, or a parameter that the operation requires.
                        Err(_) => {}
                    }
                }
            }
        }
    }
    assert!(resolved > 10_000, "{resolved} endpoints");
}

#[test]
fn rules_that_lead_elsewhere_are_not_followed() {
    let partitions = Arc::new(partitions());
    for url in [
        "https://evil.example",
        "https://{Region}.evil.example/#.amazonaws.com",
        "https://sqs.{Region}.amazonaws.com@evil.example",
        "http://sqs.{Region}.amazonaws.com",
        "https://169.254.169.254",
        "https://abc.execute-api.{Region}.amazonaws.com",
    ] {
        let parameters = json!({"Region": {"type": "String", "builtIn": "AWS::Region"}});
        let rules = json!([{
            "conditions": [{"fn": "isSet", "argv": [{"ref": "Region"}]}],
            "endpoint": {"url": url},
            "type": "endpoint"
        }]);
        let mut service = service("sqs", &parameters.to_string(), &rules.to_string());
        let operation = add_operation(&mut service, "ListQueues", &[]);
        let resolve = |settings| {
            let resolver = EndpointResolver::new(Arc::clone(&partitions), settings);
            resolver.resolve(&service, &operation, &nothing(), &Region::new("eu-west-1"), None)
        };
        let error = resolve(EndpointSettings::default()).expect_err("an error");
        assert!(matches!(error, EndpointError::ForeignHost(_)), "{url}: {error}");
        // A configured endpoint of the service does not allow other hosts.
        let error = resolve(EndpointSettings::default().with_url("https://minio.example"));
        assert!(matches!(error, Err(EndpointError::ForeignHost(_))), "{url}: {error:?}");
    }
}

#[test]
fn rules_add_no_path_and_sign_for_no_other_service() {
    let partitions = Arc::new(partitions());
    let resolve = |endpoint: Value, configured: Option<&str>| {
        let rules = json!([{"conditions": [], "endpoint": endpoint, "type": "endpoint"}]);
        let mut service = service("lambda", "{}", &rules.to_string());
        let operation = add_operation(&mut service, "ListFunctions", &[]);
        let settings = EndpointSettings::default();
        let settings = configured.map_or(settings.clone(), |url| settings.with_url(url));
        let resolver = EndpointResolver::new(Arc::clone(&partitions), settings);
        resolver.resolve(&service, &operation, &nothing(), &Region::new("eu-west-1"), None)
    };
    let host = "https://lambda.eu-west-1.amazonaws.com";
    for path in ["", "/", "/v2"] {
        assert!(resolve(json!({"url": format!("{host}{path}")}), None).is_ok(), "{path}");
    }
    for path in [
        "/2015-03-31/functions/victim/invocations",
        "/2015-03-31/functions/victim/invocations?x=",
        "?x",
        "#x",
    ] {
        let error = resolve(json!({"url": format!("{host}{path}")}), None).expect_err("an error");
        assert!(matches!(error, EndpointError::Evaluation(_)), "{path}: {error}");
    }
    let signed = |name: &str, region: &str| {
        let scheme = json!({"name": "sigv4", "signingName": name, "signingRegion": region});
        resolve(json!({"url": host, "properties": {"authSchemes": [scheme]}}), None)
    };
    assert!(signed("lambda", "eu-west-1").is_ok());
    for (name, region) in
        [("secretsmanager", "eu-west-1"), ("lambda", "eu-west-1\n"), ("s3-outposts", "eu-west-1")]
    {
        assert!(matches!(signed(name, region), Err(EndpointError::Evaluation(_))), "{name} {region:?}");
    }
}

#[test]
fn services_with_one_endpoint_are_told_from_regional_ones() {
    let aws = EndpointRules::new(EndpointSettings::default());
    let partitions = aws.resolver.partitions();
    let reach = |service: &str, partition: &str| {
        let rules = RuleSet::parse(&aws.service(service).endpoint_rules).expect("readable rules");
        let partition = partitions.named(&Partition::new(partition)).expect("a partition");
        is_global(&rules, partitions, partition, &Parameters::new())
    };
    for service in ["iam", "route53", "cloudfront", "organizations", "account", "waf"] {
        assert!(reach(service, "aws"), "{service} is global");
    }
    for service in ["ec2", "s3", "sts", "dynamodb", "kinesis", "s3control", "wafv2"] {
        assert!(!reach(service, "aws"), "{service} is regional");
    }
    assert!(reach("iam", "aws-cn"));
    assert!(!reach("ec2", "aws-eusc"), "a partition with a single region has regional services, too");
    assert!(reach("iam", "aws-eusc"));
}

#[test]
fn a_resolver_can_be_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<EndpointResolver>();
    shared::<RuleSet>();
}

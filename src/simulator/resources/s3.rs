//! S3: buckets, which are listed for the whole account and which each belong to one region.

use serde_json::{Value, json};

use super::iam::VENDOR;
use super::tagged_resources::TaggedResources;
use super::{AccountRegion, SimulatedCall};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

/// The purposes of buckets, which are part of their names.
const USES: [&str; 12] = [
    "assets",
    "logs",
    "backups",
    "uploads",
    "artifacts",
    "exports",
    "raw",
    "curated",
    "athena-results",
    "website",
    "invoices",
    "terraform-state",
];

/// The type of buckets in the Resource Groups Tagging API and Resource Explorer.
pub(super) const BUCKET_TYPE: &str = "s3:bucket";

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    if &*call.operation.name == "ListBuckets" {
        return Some(Ok(list(call)));
    }
    let bucket = match find(call) {
        Ok(bucket) => bucket,
        Err(refusal) => return Some(Err(refusal)),
    };
    Some(match &*call.operation.name {
        "HeadBucket" => Ok(SimulatedResponse::members(json!({
            "BucketRegion": bucket.place.region, "AccessPointAlias": false
        }))),
        "GetBucketLocation" => Ok(SimulatedResponse::members(match bucket.place.region {
            // us-east-1 has no location constraint.
            "us-east-1" => json!({}),
            region => json!({"LocationConstraint": region}),
        })),
        "GetBucketEncryption" => Ok(encryption(&bucket)),
        "GetBucketVersioning" => Ok(versioning(&bucket)),
        "GetBucketTagging" => tagging(&bucket),
        "GetBucketPolicyStatus" => policy_status(&bucket),
        "GetPublicAccessBlock" => public_access_block(&bucket),
        "GetBucketAcl" => Ok(SimulatedResponse::members(json!({
            "Owner": {"ID": owner(call.place)},
            "Grants": [{
                "Grantee": {"ID": owner(call.place), "Type": "CanonicalUser"},
                "Permission": "FULL_CONTROL"
            }]
        }))),
        "GetBucketOwnershipControls" => Ok(SimulatedResponse::members(json!({
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        }))),
        "GetBucketPolicy" => policy(&bucket, &call.world.organization.id),
        "GetBucketCors" => absent("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
        "GetBucketWebsite" => {
            absent("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")
        }
        "GetBucketLifecycleConfiguration" => {
            absent("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
        }
        "GetBucketReplication" => {
            absent("ReplicationConfigurationNotFoundError", "The replication configuration was not found")
        }
        _ => return None,
    })
}

/// A bucket: its account and region, and its number there.
struct SimulatedBucket<'call> {
    place: AccountRegion<'call>,
    number: usize,
}

impl SimulatedBucket<'_> {
    /// Returns the name, which is unique in all of AWS.
    fn name(&self) -> String {
        let AccountRegion { account, region } = self.place;
        let again = self.number / USES.len();
        let suffix = if again == 0 { String::new() } else { format!("-{}", again + 1) };
        format!(
            "{}-{}{suffix}-{}-{region}",
            account.workload.prefix,
            USES[self.number % USES.len()],
            account.id
        )
    }

    fn described(&self) -> Value {
        json!({
            "Name": self.name(),
            "CreationDate": self.created(),
            "BucketRegion": self.place.region,
            "BucketArn": format!("arn:aws:s3:::{}", self.name())
        })
    }

    fn created(&self) -> String {
        self.place.seed("bucket", self.number).moment()
    }

    fn has_policy(&self) -> bool {
        self.number.is_multiple_of(3)
    }

    /// Returns whether the bucket is poorly configured, for example without versioning, as some buckets of every
    /// account.
    fn is_neglected(&self) -> bool {
        self.place.seed("neglected", self.number).below(5) == 0
    }
}

/// Returns all buckets of an account by name, in the order of S3.
fn buckets<'call>(call: &SimulatedCall<'call>) -> Vec<(String, SimulatedBucket<'call>)> {
    let account = call.place.account;
    let mut buckets: Vec<_> = account
        .regions
        .iter()
        .flat_map(|region| {
            let place = AccountRegion { account, region: region.as_str() };
            (0..place.amounts().buckets).map(move |number| {
                let bucket = SimulatedBucket { place, number };
                (bucket.name(), bucket)
            })
        })
        .collect();
    buckets.sort_by(|(left, _), (right, _)| left.cmp(right));
    buckets
}

fn list<'call>(call: &SimulatedCall<'call>) -> SimulatedResponse<'call> {
    let region = call.text("BucketRegion");
    let prefix = call.text("Prefix").unwrap_or_default();
    let mut buckets = buckets(call);
    buckets.retain(|(name, bucket)| {
        region.is_none_or(|region| region == bucket.place.region) && name.starts_with(prefix)
    });
    let owner = json!({"Owner": {"ID": owner(call.place)}});
    // Without `MaxBuckets`, S3 neither paginates nor returns the regions of the buckets.
    if call.input.contains_key("MaxBuckets") {
        let count = buckets.len();
        return SimulatedResponse::list("Buckets", count, move |index| buckets[index].1.described())
            .with_additional(owner);
    }
    let plain = |(name, bucket): &(String, SimulatedBucket<'_>)| json!({"Name": name, "CreationDate": bucket.created()});
    let mut members = json!({"Buckets": buckets.iter().map(plain).collect::<Vec<_>>()});
    members["Owner"] = owner["Owner"].clone();
    SimulatedResponse::members(members)
}

/// Returns the canonical user id of an account.
fn owner(place: AccountRegion<'_>) -> String {
    crate::simulator::world::seed::Seed::of(&["canonical user", place.account_id()]).hex(64)
}

/// Returns the bucket in the request. In another region than that of the bucket, S3 returns a redirect to it.
fn find<'call>(call: &SimulatedCall<'call>) -> Result<SimulatedBucket<'call>, SimulatedError> {
    let name = call.text("Bucket").unwrap_or_default();
    let found = buckets(call).into_iter().find(|(other, _)| other == name).map(|(_, bucket)| bucket);
    let bucket = found
        .ok_or_else(|| SimulatedError::new(404, "NoSuchBucket", "The specified bucket does not exist"))?;
    let anywhere = matches!(&*call.operation.name, "GetBucketLocation" | "HeadBucket");
    if bucket.place.region != call.place.region && !anywhere {
        return Err(SimulatedError::elsewhere(bucket.place.region));
    }
    Ok(bucket)
}

fn absent<'call>(code: &str, message: &str) -> SimulatedResult<'call> {
    Err(SimulatedError::new(404, code, message))
}

fn encryption<'call>(bucket: &SimulatedBucket<'_>) -> SimulatedResponse<'call> {
    let key = bucket.place.amounts().keys > 0 && !bucket.is_neglected();
    let default = if key {
        let key = super::kms::key_arn(bucket.place, 0);
        json!({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key})
    } else {
        json!({"SSEAlgorithm": "AES256"})
    };
    SimulatedResponse::members(json!({
        "ServerSideEncryptionConfiguration": {
            "Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": key}]
        }
    }))
}

fn versioning<'call>(bucket: &SimulatedBucket<'_>) -> SimulatedResponse<'call> {
    // The response for a bucket that never had versioning is empty.
    SimulatedResponse::members(if bucket.is_neglected() { json!({}) } else { json!({"Status": "Enabled"}) })
}

fn tagging<'call>(bucket: &SimulatedBucket<'_>) -> SimulatedResult<'call> {
    if bucket.is_neglected() {
        return absent("NoSuchTagSet", "The TagSet does not exist");
    }
    Ok(SimulatedResponse::members(json!({"TagSet": bucket.place.tags(&bucket.name())})))
}

/// Returns the tagged buckets of a region.
pub(super) fn tagged(place: AccountRegion<'_>) -> TaggedResources<'_> {
    let buckets = (0..place.amounts().buckets).map(move |number| SimulatedBucket { place, number });
    of_buckets(place, buckets.filter(|bucket| !bucket.is_neglected()).collect())
}

/// Returns all buckets of a region, also those without tags.
pub(super) fn all(place: AccountRegion<'_>) -> TaggedResources<'_> {
    let buckets = (0..place.amounts().buckets).map(move |number| SimulatedBucket { place, number });
    of_buckets(place, buckets.collect())
}

fn of_buckets<'call>(
    place: AccountRegion<'call>,
    buckets: Vec<SimulatedBucket<'call>>,
) -> TaggedResources<'call> {
    TaggedResources::new(BUCKET_TYPE, buckets.len(), move |index| {
        let name = buckets[index].name();
        let tags = place.tags(&name);
        (format!("arn:aws:s3:::{name}"), tags)
    })
}

/// Returns the policy of a bucket, if it has one: that of a neglected bucket lets everyone read, and that of others the
/// organization; uploads are also for a vendor.
fn policy<'call>(bucket: &SimulatedBucket<'_>, organization: &str) -> SimulatedResult<'call> {
    if !bucket.has_policy() {
        return absent("NoSuchBucketPolicy", "The bucket policy does not exist");
    }
    let read = |principal: Value, condition: Value| {
        json!({
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:GetObject",
            "Resource": format!("arn:aws:s3:::{}/*", bucket.name()),
            "Condition": condition
        })
    };
    let of_organization = json!({"StringEquals": {"aws:PrincipalOrgID": organization}});
    let mut statements = vec![if bucket.is_neglected() {
        read(json!("*"), json!({}))
    } else {
        read(json!("*"), of_organization)
    }];
    if USES[bucket.number % USES.len()] == "uploads" {
        statements.push(read(json!({"AWS": VENDOR}), json!({})));
    }
    let policy = json!({"Version": "2012-10-17", "Statement": statements});
    Ok(SimulatedResponse::members(json!({"Policy": policy.to_string()})))
}

fn policy_status<'call>(bucket: &SimulatedBucket<'_>) -> SimulatedResult<'call> {
    if !bucket.has_policy() {
        return absent("NoSuchBucketPolicy", "The bucket policy does not exist");
    }
    Ok(SimulatedResponse::members(json!({"PolicyStatus": {"IsPublic": bucket.is_neglected()}})))
}

fn public_access_block<'call>(bucket: &SimulatedBucket<'_>) -> SimulatedResult<'call> {
    if bucket.is_neglected() {
        return absent(
            "NoSuchPublicAccessBlockConfiguration",
            "The public access block configuration was not found",
        );
    }
    Ok(SimulatedResponse::members(json!({
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": true,
            "IgnorePublicAcls": true,
            "BlockPublicPolicy": true,
            "RestrictPublicBuckets": true
        }
    })))
}

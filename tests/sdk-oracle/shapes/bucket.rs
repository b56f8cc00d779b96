//! An S3 bucket.

use aws_sdk_s3::types::*;

use crate::plain::structure;

structure!(Bucket {
    Name: name,
    CreationDate: creation_date,
    BucketRegion: bucket_region,
    BucketArn: bucket_arn,
});

"""Makes buckets for results, and prints what was written into one.

    buckets.py <endpoint URL> make               buckets and a KMS key; prints the key's ARN
    buckets.py <endpoint URL> objects <bucket> <prefix>      prints an object: what is known of each object, by its key
    buckets.py <endpoint URL> uploads <bucket>   prints the keys of uploads that were started and not ended
    buckets.py <endpoint URL> key <bucket> <object>                prints the KMS key of an object
    buckets.py <endpoint URL> download <bucket> <prefix> <folder>  writes the objects below a prefix into a folder
    buckets.py <endpoint URL> age <bucket> <key> <seconds>   lets an object be that old
    buckets.py <endpoint URL> put <bucket> <key> <text>      writes an object
    buckets.py <endpoint URL> delete <bucket> <key>          deletes an object
"""

import json
import pathlib
import sys
import urllib.request

from cloud import Cloud

# Moto's region for everything else, and another one.
BUCKETS = {
    "inventory": "us-east-1",
    "second-inventory": "us-east-1",
    "careless-inventory": "us-east-1",
    "far-inventory": "eu-central-1",
    # Its objects are no texts.
    "tables": "us-east-1",
}


def make(cloud):
    for name, region in BUCKETS.items():
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        cloud.client(None, region, "s3").create_bucket(Bucket=name, **place)
    key = cloud.client(None, "us-east-1", "kms").create_key()["KeyMetadata"]["Arn"]
    return {"key": key}


def describe(s3, bucket, key):
    found = s3.get_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    return {
        "text": found["Body"].read().decode(),
        "content_type": found["ContentType"],
        "encryption": found.get("ServerSideEncryption"),
        "key": found.get("SSEKMSKeyId"),
        "etag": found["ETag"].strip('"'),
        "crc32": found.get("ChecksumCRC32"),
    }


def objects(s3, bucket, prefix):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
    return {key: describe(s3, bucket, key) for key in keys}


def below(s3, bucket, prefix):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [entry for page in pages for entry in page.get("Contents", [])]


def key(s3, bucket, name):
    return s3.head_object(Bucket=bucket, Key=name).get("SSEKMSKeyId")


def download(s3, bucket, prefix, folder):
    for entry in below(s3, bucket, f"{prefix}/"):
        path = pathlib.Path(folder, entry["Key"].removeprefix(f"{prefix}/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read())


def uploads(s3, bucket):
    return [upload["Key"] for upload in s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])]


def put(s3, bucket, key, text):
    return s3.put_object(Bucket=bucket, Key=key, Body=text.encode())["ETag"]


def delete(s3, bucket, key):
    return s3.delete_object(Bucket=bucket, Key=key)["ResponseMetadata"]["HTTPStatusCode"]


def age(endpoint, bucket, key, seconds):
    query = f"{endpoint}/{bucket}/{key}?x-test-age={seconds}"
    with urllib.request.urlopen(urllib.request.Request(query, method="PUT")) as answer:
        return answer.status


def main():
    endpoint, verb, *names = sys.argv[1:]
    cloud = Cloud(endpoint)
    if verb == "make":
        answer = make(cloud)
    elif verb == "age":
        answer = age(endpoint, *names)
    else:
        verbs = {"objects": objects, "uploads": uploads, "key": key, "download": download, "put": put, "delete": delete}
        tell = verbs[verb]
        answer = tell(cloud.client(None, "us-east-1", "s3"), *names)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()

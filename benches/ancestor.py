"""The bench's six calls as AWS Auto Inventory makes them: account after account, in each a thread for every
region and call, a new boto3 client for every call, and of every answer the first page.

    ancestor.py <endpoint URL> <regions, separated by commas> <output folder>

Credentials come from the environment. Prints the number of calls and the seconds they took, as JSON.
"""

import concurrent.futures
import json
import pathlib
import sys
import time

import boto3
import botocore.config

CALLS = [
    ("ec2", "describe_instances"),
    ("ec2", "describe_vpcs"),
    ("ec2", "describe_addresses"),
    ("elbv2", "describe_load_balancers"),
    ("dynamodb", "list_tables"),
    ("lambda", "list_functions"),
]


def client(service, region, keys, url):
    config = botocore.config.Config(max_pool_connections=10)
    return boto3.client(service, region_name=region, endpoint_url=url, config=config, **keys)


def call(service, function, region, keys, url, folder):
    keep(getattr(client(service, region, keys, url), function)(), service, function, region, folder)


def keep(answer, service, function, region, folder):
    answer.pop("ResponseMetadata", None)
    file = folder / region / f"{service}-{function}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(answer, default=str))


def session_of(account, sts):
    role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    keys = sts.assume_role(RoleArn=role, RoleSessionName="bench")["Credentials"]
    return {
        "aws_access_key_id": keys["AccessKeyId"],
        "aws_secret_access_key": keys["SecretAccessKey"],
        "aws_session_token": keys["SessionToken"],
    }


def main():
    url, regions, folder = sys.argv[1], sys.argv[2].split(","), pathlib.Path(sys.argv[3])
    began = time.monotonic()
    pages = client("organizations", "us-east-1", {}, url).get_paginator("list_accounts").paginate()
    accounts = [account["Id"] for page in pages for account in page["Accounts"]]
    calls = 1
    for index, account in enumerate(accounts):
        keys = session_of(account, client("sts", "us-east-1", {}, url)) if index else {}
        calls += 1 if index else 0
        with concurrent.futures.ThreadPoolExecutor(max_workers=len(regions) * len(CALLS)) as pool:
            tasks = [
                pool.submit(call, service, function, region, keys, url, folder / account)
                for region in regions
                for service, function in CALLS
            ]
            for task in tasks:
                task.result()
        calls += len(tasks)
    print(json.dumps({"requests": calls, "seconds": time.monotonic() - began}))


if __name__ == "__main__":
    main()

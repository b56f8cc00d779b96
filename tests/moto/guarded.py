"""Fills an empty moto server with a small organization in which IAM is enforced, and prints what is in it.

    guarded.py <endpoint URL>

The answer is shaped as that of seed.py, with an access key for each of several users in `users`:

  inventory  may do everything, except take the role of the account `Locked`
  outsider   may read everything of its account, and neither list accounts nor take roles
"""

import json
import sys
import urllib.request

import resources
from cloud import ROLE_NAME, Cloud
from seed import MANAGEMENT_ACCOUNT, REGIONS, make_account

READ = ["ec2:*", "s3:*", "dynamodb:*", "iam:*", "organizations:*", "sqs:*", "sts:*"]


def policy(*statements):
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": effect, "Action": actions, "Resource": resource} for effect, actions, resource in statements
            ],
        }
    )


def make_user(cloud, name, document):
    iam = cloud.client(MANAGEMENT_ACCOUNT, "us-east-1", "iam")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="access", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"access_key_id": key["AccessKeyId"], "secret_access_key": key["SecretAccessKey"]}


def make_member(cloud, name, document):
    """An account whose role may do what the document allows."""
    account = make_account(cloud.client(MANAGEMENT_ACCOUNT, "us-east-1", "organizations"), name)
    cloud.assume(account, caller=MANAGEMENT_ACCOUNT)
    iam = cloud.client(account, "us-east-1", "iam")
    for attached in iam.list_attached_role_policies(RoleName=ROLE_NAME)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=ROLE_NAME, PolicyArn=attached["PolicyArn"])
    iam.put_role_policy(RoleName=ROLE_NAME, PolicyName="access", PolicyDocument=document)
    for region in REGIONS:
        resources.tables(cloud, account, region)
    return {"id": account, "name": name, "state": "ACTIVE", "resources": "some"}


def enforce(endpoint):
    """From the next call on moto checks signatures and policies."""
    # Without its own type the body would be taken for a form, and be empty.
    headers = {"Content-Type": "text/plain"}
    request = urllib.request.Request(f"{endpoint}/moto-api/reset-auth", data=b"0", headers=headers, method="POST")
    urllib.request.urlopen(request).close()


def main():
    endpoint = sys.argv[1]
    cloud = Cloud(endpoint)
    cloud.assume(MANAGEMENT_ACCOUNT, caller=None)
    cloud.client(MANAGEMENT_ACCOUNT, "us-east-1", "organizations").create_organization(FeatureSet="ALL")
    everything = ("Allow", READ, "*")
    accounts = [
        {"id": MANAGEMENT_ACCOUNT, "name": "master", "state": "ACTIVE", "resources": "none"},
        make_member(cloud, "Open", policy(everything)),
        make_member(cloud, "Locked", policy(everything)),
        make_member(cloud, "Partial", policy(everything, ("Deny", ["ec2:DescribeVolumes"], "*"))),
    ]
    locked = f"arn:aws:iam::{accounts[2]['id']}:role/{ROLE_NAME}"
    users = {
        "inventory": make_user(cloud, "inventory", policy(everything, ("Deny", ["sts:AssumeRole"], locked))),
        "outsider": make_user(cloud, "outsider", policy(("Allow", ["ec2:*", "s3:*"], "*"))),
    }
    enforce(endpoint)
    answer = {
        "management_account": MANAGEMENT_ACCOUNT,
        **users["inventory"],
        "users": users,
        "regions": REGIONS,
        "accounts": accounts,
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()

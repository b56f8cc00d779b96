"""Fills an empty moto server with an organization whose roles may do what policies allow, and prints what is in it.

    permitted.py <endpoint URL>

Standard input has one JSON object: `member`, the policy of the member role, `management`, that of the caller,
and `trust`, the role's trust policy. There is an account `Complete` whose role has exactly that policy, and for
each of its actions an account of that name whose role lacks it. The answer is shaped as that of guarded.py.
"""

import json
import sys

from cloud import Cloud
from guarded import enforce, make_user
from seed import MANAGEMENT_ACCOUNT, make_account

ROLE_NAME = "Reader"
ROLE_PATH = "/audit/"
REGION = "us-east-1"


def without(policy, action):
    """The same policy, less an action."""
    statements = [
        {**statement, "Action": [name for name in statement["Action"] if name != action]}
        for statement in policy["Statement"]
    ]
    # A statement without an action is none.
    return {**policy, "Statement": [statement for statement in statements if statement["Action"]]}


def make_member(cloud, name, policy, trust):
    """An account with the role, and with something to be found by the calls that are made for each item."""
    account = make_account(cloud.client(MANAGEMENT_ACCOUNT, REGION, "organizations"), name)
    cloud.assume(account, caller=MANAGEMENT_ACCOUNT)
    iam = cloud.client(account, REGION, "iam")
    iam.create_role(RoleName=ROLE_NAME, Path=ROLE_PATH, AssumeRolePolicyDocument=json.dumps(trust))
    made = iam.create_policy(PolicyName="Inventory", PolicyDocument=json.dumps(policy))
    iam.attach_role_policy(RoleName=ROLE_NAME, PolicyArn=made["Policy"]["Arn"])
    cloud.client(account, REGION, "dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return {"id": account, "name": name, "state": "ACTIVE"}


def main():
    endpoint, request = sys.argv[1], json.load(sys.stdin)
    cloud = Cloud(endpoint)
    cloud.assume(MANAGEMENT_ACCOUNT, caller=None)
    cloud.client(MANAGEMENT_ACCOUNT, REGION, "organizations").create_organization(FeatureSet="ALL")
    member, trust = request["member"], request["trust"]
    accounts = [
        {"id": MANAGEMENT_ACCOUNT, "name": "master", "state": "ACTIVE"},
        make_member(cloud, "Complete", member, trust),
    ]
    actions = [action for statement in member["Statement"] for action in statement["Action"]]
    accounts += [make_member(cloud, action, without(member, action), trust) for action in actions]
    management = request["management"]
    users = {"inventory": make_user(cloud, "inventory", json.dumps(management))}
    tested = [statement for statement in management["Statement"] if statement["Sid"] != "ReadOwnAccount"]
    for action in [action for statement in tested for action in statement["Action"]]:
        users[action] = make_user(cloud, action.replace(":", "-"), json.dumps(without(management, action)))
    enforce(endpoint)
    answer = {
        "management_account": MANAGEMENT_ACCOUNT,
        **users["inventory"],
        "users": users,
        "regions": [REGION],
        "accounts": accounts,
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()

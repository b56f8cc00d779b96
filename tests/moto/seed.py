"""Fills an empty moto server with an organization, and prints on standard output what is in it.

    seed.py <endpoint URL>

The answer is one JSON object: the regions that have resources, the credentials of a user of the management
account, and the accounts with what they are for.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import bulk
import resources
from cloud import Cloud

MANAGEMENT_ACCOUNT = "111111111111"
REGIONS = ["us-east-1", "eu-central-1"]
# Has buckets only, and is never scanned: what S3 answers for it has to be excluded.
OTHER_REGION = "ap-southeast-2"
# Name, and what its resources are to show.
MEMBERS = [
    ("Audit", "some"),
    ("Log Archive", "some"),
    ("Data/Lake: prod \\ 50%", "some"),
    ("Many", "many"),
    ("Untouched", "none"),
]
# The member in a unit below the unit of the others.
NESTED = "Log Archive"
# Together with the others more than the hundred accounts that moto puts on a page.
CLOSED_ACCOUNTS = 100


def make_user(cloud, name):
    """Makes a user of the management account, and uses its access key for that account from now on."""
    cloud.assume(MANAGEMENT_ACCOUNT, caller=None)
    iam = cloud.client(MANAGEMENT_ACCOUNT, "us-east-1", "iam")
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    cloud.clients.clear()
    cloud.keep(MANAGEMENT_ACCOUNT, key["AccessKeyId"], key["SecretAccessKey"])
    return key


def make_organization(cloud):
    """Creates the accounts, and role sessions in those that stay open."""
    organizations = cloud.client(MANAGEMENT_ACCOUNT, "us-east-1", "organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.create_organizational_unit(ParentId=root, Name="Workloads")["OrganizationalUnit"]
    nested = organizations.create_organizational_unit(ParentId=unit["Id"], Name="Logs / EU")["OrganizationalUnit"]
    accounts = [{"id": MANAGEMENT_ACCOUNT, "name": "master", "state": "ACTIVE", "resources": "some"}]
    for name, amount in MEMBERS:
        account = make_account(organizations, name)
        destination = nested if name == NESTED else unit
        organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=destination["Id"])
        organizations.tag_resource(ResourceId=account, Tags=[{"Key": "resources", "Value": amount}])
        cloud.assume(account, caller=MANAGEMENT_ACCOUNT)
        accounts.append({"id": account, "name": name, "state": "ACTIVE", "resources": amount})
    for number in range(CLOSED_ACCOUNTS):
        name = f"Closed {number}"
        account = make_account(organizations, name)
        organizations.close_account(AccountId=account)
        accounts.append({"id": account, "name": name, "state": "SUSPENDED", "resources": "none"})
    return accounts


def make_account(organizations, name):
    address = "".join(letter for letter in name.lower() if letter.isalnum())
    status = organizations.create_account(AccountName=name, Email=f"{address}@example.com")
    return status["CreateAccountStatus"]["AccountId"]


def fill(cloud, accounts):
    """Creates the resources of all accounts, side by side."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        tasks = []
        for account in accounts:
            if account["resources"] == "none":
                continue
            tasks += [pool.submit(make, cloud, account["id"]) for make in resources.GLOBAL]
            tasks.append(pool.submit(resources.buckets, cloud, account["id"], [*REGIONS, OTHER_REGION]))
            for region in REGIONS:
                tasks += [pool.submit(make, cloud, account["id"], region) for make in resources.REGIONAL]
            if account["resources"] == "many":
                tasks += [pool.submit(make, cloud, account["id"], REGIONS[0]) for make in bulk.ALL]
        for task in tasks:
            task.result()


def main():
    cloud = Cloud(sys.argv[1])
    key = make_user(cloud, "inventory")
    accounts = make_organization(cloud)
    fill(cloud, accounts)
    answer = {
        "management_account": MANAGEMENT_ACCOUNT,
        "access_key_id": key["AccessKeyId"],
        "secret_access_key": key["SecretAccessKey"],
        "regions": REGIONS,
        "accounts": accounts,
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()

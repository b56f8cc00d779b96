"""Fills an empty moto server with two of many kinds of resources, and prints what is in it.

    kinds.py <endpoint URL>

The answer is shaped as that of seed.py, with each resource in `made`: service, kind, type, id, arn, name and tags
(null if the kind has none). These are what the response of the creating call has. Where it lacks one, it is that of
AWS's documentation: CloudFormation's name of the type, and the format of the ARN in the Service Authorization
Reference.
"""

import json
import sys

import kinds_access
import kinds_compute
import kinds_data
import kinds_management
import kinds_network
from cloud import Cloud
from seed import MANAGEMENT_ACCOUNT, make_user

REGION = "eu-central-1"
# The names of the two of each kind, and their tags.
PAIR = [("one", {"team": "shop"}), ("two", {})]


class Kinds:
    """Collects the resources of one account and region."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.account = MANAGEMENT_ACCOUNT
        self.region = REGION
        self.pair = PAIR
        self.made = []

    def client(self, service):
        return self.cloud.client(self.account, self.region, service)

    def arn(self, service, resource):
        """The ARN of a resource of the region."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def add(self, service, kind, type_name, identity, arn, name, tags):
        keys = ["service", "kind", "type", "id", "arn", "name", "tags"]
        self.made.append(dict(zip(keys, [service, kind, type_name, identity, arn, name, tags])))


def main():
    cloud = Cloud(sys.argv[1])
    key = make_user(cloud, "inventory")
    kinds = Kinds(cloud)
    for module in (kinds_network, kinds_access, kinds_compute, kinds_data, kinds_management):
        module.make(kinds)
    answer = {
        "management_account": MANAGEMENT_ACCOUNT,
        "access_key_id": key["AccessKeyId"],
        "secret_access_key": key["SecretAccessKey"],
        "regions": [REGION],
        "accounts": [{"id": MANAGEMENT_ACCOUNT, "name": "master", "state": "ACTIVE", "resources": "some"}],
        "made": kinds.made,
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()

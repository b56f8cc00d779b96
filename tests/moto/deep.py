"""Fills an empty moto server with two of everything in `deep/*.yaml`, and prints what reads it back.

    deep.py <endpoint URL>

A file has for each service a list of steps. All steps of all files run once for the first of each pair, and once for
the second. A step is a function, or several with the same parameters, and its parameters:

    - create_vpc: {CidrBlock: 10.$n.0.0/16}
    - create_subnet: {VpcId: $vpc.VpcId, CidrBlock: 10.$n.1.0/24}
    - describe_vpc_attribute: {VpcId: $vpc.VpcId, Attribute: enableDnsSupport}

Functions that read are not called, but printed: a deep scan has to call them. In parameters, `$n` is the text 1 or 2,
`$i` the number, `$account` the account, and `$padding` a thousand letters. `$vpc.VpcId` is the first member `VpcId`,
outer ones first, in the response of `create_vpc` or in its parameters: of the same service, or else of the last one
with such a function. `function as label` gives the response another name, and `once function` is called for the first
of the pair only.
"""

import json
import re
import sys
from pathlib import Path

import yaml
from cloud import Cloud
from seed import MANAGEMENT_ACCOUNT, make_user

REGION = "us-east-1"
FOLDER = Path(__file__).parent / "deep"
# Others need what these have.
FIRST = ["shared.yaml"]
READS = re.compile(r"(batch_)?(describe|get|list|search)_")
REFERENCE = re.compile(r"\$(?:(?P<word>account|padding|n|i)\b|(?P<label>[a-z_0-9]+)\.(?P<member>\w+))")


class Seed:
    """What was made so far, and the calls that read it."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.service = None
        self.words = {}
        # By service and label, and the last of a label under no service.
        self.responses = {}
        self.reads = []

    def run(self, number, service, steps):
        self.service = service
        self.words = {"n": str(number), "i": number, "account": MANAGEMENT_ACCOUNT, "padding": "a" * 1000}
        for step in steps:
            [(functions, parameters)] = step.items()
            functions, _, label = functions.partition(" as ")
            functions = functions.split()
            if functions[0] == "once":
                del functions[0]
                if number > 1:
                    continue
            for function in functions:
                self.step(function, label, parameters)

    def step(self, function, label, parameters):
        parameters = self.fill(parameters or {})
        if READS.match(function):
            read = {"service": self.service, "function": function, "parameters": parameters}
            # Both may refer to what was made once.
            if read not in self.reads:
                self.reads.append(read)
            return
        client = self.cloud.client(MANAGEMENT_ACCOUNT, REGION, self.service)
        try:
            made = [getattr(client, function)(**parameters), parameters]
        except Exception as error:
            raise RuntimeError(f"{self.service} {function} {parameters}") from error
        label = label or function.partition("_")[2]
        self.responses[self.service, label] = self.responses[None, label] = made

    def fill(self, value):
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        if not isinstance(value, str):
            return value
        whole = REFERENCE.fullmatch(value)
        return self.value_of(whole) if whole else REFERENCE.sub(lambda part: str(self.value_of(part)), value)

    def value_of(self, reference):
        if reference["word"]:
            return self.words[reference["word"]]
        label = reference["label"]
        made = self.responses.get((self.service, label)) or self.responses[None, label]
        value = next(value for part in made for value in members(part, reference["member"]))
        # Route 53 returns this prefix, and accepts it in no request.
        return value.removeprefix("/hostedzone/") if isinstance(value, str) else value


def members(value, name):
    """The values of the members of this name, outer ones first."""
    level = [value]
    while level:
        yield from (item[name] for item in level if isinstance(item, dict) and name in item)
        level = [part for item in level for part in parts(item)]


def parts(value):
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def steps_of(file):
    return yaml.safe_load((FOLDER / file).read_text())


def main():
    cloud = Cloud(sys.argv[1])
    key = make_user(cloud, "inventory")
    seed = Seed(cloud)
    files = FIRST + sorted({file.name for file in FOLDER.glob("*.yaml")} - set(FIRST))
    for number in (1, 2):
        for file in files:
            for service, steps in steps_of(file).items():
                seed.run(number, service, steps)
    answer = {
        "management_account": MANAGEMENT_ACCOUNT,
        "access_key_id": key["AccessKeyId"],
        "secret_access_key": key["SecretAccessKey"],
        "regions": [REGION],
        "accounts": [{"id": MANAGEMENT_ACCOUNT, "name": "master", "state": "ACTIVE"}],
        "services": sorted({service for file in files for service in steps_of(file)}),
        "reads": seed.reads,
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()

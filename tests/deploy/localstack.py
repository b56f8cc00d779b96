"""Runs the program and the templates on LocalStack: a second S3, STS, IAM and CloudFormation beside moto.

    localstack.py <program>

Started with the interpreter that has LocalStack (see tests/slow). Prints a line for each check.
"""

import contextlib
import io
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile

import boto3
import yaml
from as_json import Loader

ROOT = pathlib.Path(__file__).resolve().parents[2]
REGION = "eu-central-1"
# LocalStack takes an access key of twelve digits for the account of its caller.
CALLER, MEMBER = "111111111111", "222222222222"
SPEC = [
    {"service": "s3", "function": "list_buckets"},
    {"service": "sqs", "function": "list_queues"},
    {"service": "iam", "function": "list_roles"},
    {"service": "ec2", "function": "describe_vpcs"},
]
# What the free edition has no provider for ("not supported but was deployed as a fallback"), and Lambda, whose
# functions need Docker.
WITHOUT_PROVIDER = ("AWS::Batch::", "AWS::CodeBuild::", "AWS::ECS::", "AWS::Lambda::")
PARAMETERS = {
    "batch-array-job": {"Image": "scan", "Subnets": "subnet-1", "SecurityGroups": "sg-1"},
    "codebuild-project": {"ProgramBucket": "code"},
    "lambda-state-machine": {"CodeBucket": "code", "Shards": "2"},
    "scheduled-task": {"Image": "scan", "Subnets": "subnet-1", "SecurityGroups": "sg-1"},
}


class Aws:
    """A separate LocalStack."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.log = folder / "localstack.log"
        environment = {**os.environ, "HOME": str(folder), "GATEWAY_LISTEN": self.address, "DISABLE_EVENTS": "1"}
        with self.log.open("w") as log:
            command = [sys.executable, "-m", "localstack.runtime.main"]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        wait(lambda: "\nReady." in self.log.read_text(), f"LocalStack: {self.log}")

    def client(self, service, account=CALLER):
        endpoint = f"http://{self.address}"
        keys = {"aws_access_key_id": account, "aws_secret_access_key": "secret"}
        return boto3.client(service, REGION, endpoint_url=endpoint, **keys)

    def environment(self, folder):
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "AWS_ENDPOINT_URL": f"http://{self.address}",
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": CALLER,
            "AWS_SECRET_ACCESS_KEY": "secret",
        }


def wait(condition, what, seconds=180):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"not after {seconds} s: {what}")
        time.sleep(0.2)


def expect(condition, what):
    if not condition:
        raise SystemExit(f"FAILED: {what}")
    print(f"ok: {what}", flush=True)


class Scan:
    """The program in a folder, with the role of a member account to assume."""

    def __init__(self, program, aws, folder):
        self.program, self.aws, self.folder = program, aws, folder
        (folder / "spec.json").write_text(json.dumps(SPEC))

    def __call__(self, *arguments, stop_at=None):
        command = [self.program, *arguments]
        environment = self.aws.environment(self.folder)
        process = subprocess.Popen(
            command, cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        if stop_at:
            wait(lambda: stop_at() or process.poll() is not None, "the moment to stop the program")
            process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=300)
        return process.returncode, errors

    def member(self, *more):
        scan = ("-s", "spec.json", "--accounts", MEMBER, "--role-name", "Inventory", "-r", f"{REGION},us-east-1")
        return self(*scan, *more)


def prepare(aws):
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{CALLER}:root"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    aws.client("iam", MEMBER).create_role(RoleName="Inventory", AssumeRolePolicyDocument=document)
    aws.client("sqs", MEMBER).create_queue(QueueName="orders")
    for name in ("inventory", "code"):
        place = {"LocationConstraint": REGION}
        aws.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as code:
        code.writestr("bootstrap", "#!/bin/sh\n")
    aws.client("s3").put_object(Bucket="code", Key="function.zip", Body=archive.getvalue())


def objects(aws, prefix):
    pages = aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket="inventory", Prefix=prefix)
    return {entry["Key"].removeprefix(prefix) for page in pages for entry in page.get("Contents", [])}


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def uploads(aws, scan):
    code, errors = scan.member("--run-name", "folder")
    expect(code == 0, f"a role of another account is assumed, and all calls answer ({errors[-300:]})")
    queues = json.loads((scan.folder / f"output/folder/{MEMBER}/{REGION}/sqs.json").read_text())
    expect("orders" in json.dumps(queues), "the member account's queue is found")
    upload = ("-o", "s3://inventory/scans", "--s3-expected-bucket-owner", CALLER)
    code, errors = scan.member(*upload, "--run-name", "night")
    expect(code == 0, f"a run is written into a bucket ({errors[-300:]})")
    expect(objects(aws, "scans/night/") >= files(scan.folder / "output/folder"), "the bucket has all files of a folder")
    code, errors = scan("resume", "s3://inventory/scans/night", *upload[2:])
    expect(code == 0, f"a run in a bucket is resumed ({errors[-300:]})")
    # Both shards: the account is in one of them.
    for shard in ("1/2", "2/2", "1/2"):
        code, errors = scan.member(*upload, "--run-name", "weekly", "--shard", shard)
        expect(code == 0, f"shard {shard} is written, or is there already ({errors[-300:]})")
    folders = {name.split("/")[0] for name in objects(aws, "scans/weekly/")}
    expect(folders == {"shards", "shard-1-of-2", "shard-2-of-2"}, f"no shard is there twice: {sorted(folders)}")


def templates(aws):
    formation = aws.client("cloudformation")
    for name, parameters in PARAMETERS.items():
        template = yaml.load((ROOT / f"docs/deploy/{name}.yaml").read_text(), Loader=Loader)
        left_out = strip(template)
        values = {"OrganizationId": "o-0123456789", "Bucket": "inventory", **parameters}
        formation.create_stack(
            StackName=name,
            TemplateBody=json.dumps(template),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
            Capabilities=["CAPABILITY_IAM"],
        )

        def state(name=name):
            return formation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]

        wait(lambda: not state().endswith("IN_PROGRESS"), f"the stack {name}")
        made = formation.describe_stack_resources(StackName=name)["StackResources"]
        failed = [f"{one['ResourceType']}: {one.get('ResourceStatusReason')}" for one in made if "FAILED" in one["ResourceStatus"]]
        expect(state() == "CREATE_COMPLETE", f"{name}: {len(made)} resources, without {left_out} {failed or ''}")


def strip(template):
    """Removes what LocalStack has no provider for, and puts ARNs in the place of its references. Returns its types."""
    resources = template["Resources"]
    gone = {name: one["Type"] for name, one in resources.items() if one["Type"].startswith(WITHOUT_PROVIDER)}
    for name in gone:
        del resources[name]
    arn = "arn:aws:{}:eu-central-1:111111111111:thing/{}"

    def replaced(value):
        if isinstance(value, list):
            return [replaced(one) for one in value]
        if not isinstance(value, dict):
            return value
        name = value.get("Ref") or (value.get("Fn::GetAtt") or [None])[0]
        if len(value) == 1 and name in gone:
            return arn.format(gone[name].split("::")[1].lower(), name)
        return {key: replaced(one) for key, one in value.items()}

    template["Resources"] = replaced(resources)
    for one in template["Resources"].values():
        properties = one.get("Properties", {})
        if isinstance(properties.get("Target", {}).get("Input"), dict):
            properties["Target"]["Input"] = "{}"
        # AWS makes a text of a number here; LocalStack 2026.3.0 fails ("argument 2 must be str, not int").
        if "Shards" in properties.get("DefinitionSubstitutions", {}):
            properties["DefinitionSubstitutions"]["Shards"] = "2"
    del template["Outputs"]
    return ", ".join(sorted(set(gone.values()))) or "nothing"


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as end:
        aws = Aws(pathlib.Path(folder))
        end.callback(aws.process.kill)
        prepare(aws)
        place = pathlib.Path(folder) / "scan"
        place.mkdir()
        uploads(aws, Scan(program, aws, place))
        templates(aws)


if __name__ == "__main__":
    main()

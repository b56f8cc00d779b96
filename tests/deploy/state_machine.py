"""Creates the stack of docs/deploy/lambda-state-machine.yaml in moto, and has moto execute its state machine.

moto does not execute a state machine that CloudFormation created, so the script creates it again.

    state_machine.py <template> <shards> <answers of the function, a JSON list>

The function returns these in their order, whatever its event is. Prints the execution's state and how often the function was
invoked.
"""

import io
import json
import sys
import time
import zipfile

import boto3
import requests
import yaml
from as_json import Loader
from moto import mock_aws

REGION = "eu-central-1"
PARAMETERS = {
    "CodeBucket": "code",
    "OrganizationId": "o-0123456789",
    "Bucket": "inventory",
}
# What lies in `mock_aws` is not sent anywhere: this address exists there only.
ANSWERS = "http://motoapi.amazonaws.com/moto-api/static/lambda-simple/response"


def client(service):
    return boto3.client(service, REGION, aws_access_key_id="key", aws_secret_access_key="secret")


def main():
    template, shards, answers = open(sys.argv[1], encoding="utf-8").read(), sys.argv[2], json.loads(sys.argv[3])
    with mock_aws(config={"lambda": {"use_docker": False}, "stepfunctions": {"execute_state_machine": True}}):
        make_code()
        formation = client("cloudformation")
        parameters = {**PARAMETERS, "Shards": shards}
        formation.create_stack(
            StackName="inventory",
            TemplateBody=template,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        stack = formation.describe_stacks(StackName="inventory")["Stacks"][0]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        answers = {"results": [json.dumps(answer) for answer in answers], "region": REGION}
        requests.post(ANSWERS, json=answers, timeout=10)
        role = client("iam").list_roles()["Roles"][0]["Arn"]
        states = client("stepfunctions")
        machine = states.create_state_machine(
            name="inventory", definition=definition(template, outputs["Function"], shards), roleArn=role
        )
        execution = states.start_execution(stateMachineArn=machine["stateMachineArn"], name="night", input="{}")
        result = finished(states, execution["executionArn"])
        history = states.get_execution_history(executionArn=execution["executionArn"], maxResults=1000)["events"]
    tasks = [json.loads(event["taskScheduledEventDetails"]["parameters"]) for event in history if is_task(event)]
    invoked = sorted((task["Payload"]["shard"], task["Payload"]["run"]) for task in tasks)
    json.dump({"status": result["status"], "error": result.get("error"), "invoked": invoked}, sys.stdout)


def is_task(event):
    return event["type"] == "TaskScheduled"


def definition(template, function, shards):
    """The definition in the template, with its substitutions."""
    resources = yaml.load(template, Loader=Loader)["Resources"]
    text = resources["StateMachine"]["Properties"]["DefinitionString"]
    return text.replace("${Function}", function).replace("${Shards}", shards)


def make_code():
    storage = client("s3")
    storage.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": REGION})
    storage.put_object(Bucket="code", Key="function.zip", Body=empty_archive())


def empty_archive():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("bootstrap", "#!/bin/sh\n")
    return buffer.getvalue()


def finished(states, arn):
    """Waits for the end of the execution, which another thread runs without a signal at its end."""
    for _ in range(600):
        result = states.describe_execution(executionArn=arn)
        if result["status"] != "RUNNING":
            return result
        time.sleep(0.1)
    raise SystemExit("the execution does not end")


if __name__ == "__main__":
    main()

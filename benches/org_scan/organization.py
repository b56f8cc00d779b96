"""A simulated organization as a separate process, and the programs that scan it."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SIX = [("ec2", "describe_instances"), ("ec2", "describe_vpcs"), ("ec2", "describe_addresses"),
       ("elbv2", "describe_load_balancers"), ("dynamodb", "list_tables"), ("lambda", "list_functions")]
TEN = [*SIX, ("ec2", "describe_subnets"), ("sns", "list_topics"), ("sqs", "list_queues"), ("kms", "list_keys")]
# The instances of a page: 130 kB on the wire. The goals were set with pages of 127 kB.
PAGE = 26


class Organization:
    """A simulated organization that runs while its block does."""

    def __init__(self, program, accounts, regions, reservations, latency, page=PAGE, queues=2):
        self.command = [program, "serve", "--accounts", str(accounts), "--regions", str(regions), "--reservations",
                        str(reservations), "--queues", str(queues), "--page", str(page), "--latency", str(latency)]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        at = json.loads(self.process.stdout.readline())
        self.url, self.key, self.regions = at["url"], at["access_key_id"], ",".join(at["regions"])
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self.environment = {**kept, "AWS_ENDPOINT_URL": at["url"], "AWS_ACCESS_KEY_ID": at["access_key_id"],
                            "AWS_SECRET_ACCESS_KEY": at["secret_access_key"], "AWS_REGION": "us-east-1",
                            "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull,
                            "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def counts(self):
        """The requests that it has answered so far, also by operation, and the milliseconds from the first to the
        first role."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def measure(self, command, folder):
        """Runs a command to its end: what it printed, and what it took."""
        before = self.counts()
        with open(pathlib.Path(folder) / "printed", "w+", encoding="utf-8") as printed:
            began = time.monotonic()
            process = subprocess.Popen(command, cwd=folder, env=self.environment, stdout=printed,
                                       stderr=subprocess.STDOUT)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - began
            process.returncode = os.waitstatus_to_exitcode(status)
            printed.seek(0)
            text = printed.read()
        if process.returncode != 0:
            sys.exit(f"{command[0]} ended with {process.returncode}:\n{text}")
        after = self.counts()
        operations = {name: count - before["operations"].get(name, 0) for name, count in after["operations"].items()}
        return {"seconds": seconds, "processor": usage.ru_utime + usage.ru_stime, "text": text,
                "memory": usage.ru_maxrss * 1024, "requests": after["requests"] - before["requests"],
                "operations": {name: count for name, count in operations.items() if count}}


def build():
    """The program and the other end of it, as they are shipped: with optimization."""
    def built(*what):
        done = subprocess.run(["cargo", "build", "--release", "--locked", "--message-format", "json", *what], cwd=ROOT,
                              stdout=subprocess.PIPE, text=True, check=True)
        messages = map(json.loads, done.stdout.splitlines())
        return [message["executable"] for message in messages if message.get("executable")][-1]

    # The program last: a benchmark's build leaves another one in the same place, which unwinds panics.
    other_end = built("--bench", "organization")
    return built("--bin", "scan"), other_end


def spec(folder, calls, each):
    file = pathlib.Path(folder) / "spec.json"
    file.write_text(json.dumps([{"service": service, "function": function, "each": each} for service, function in calls]))
    return str(file)


def scan(program, organization, calls, each=()):
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "-s", spec(folder, calls, each), "--organization-scan", "-r", organization.regions, "-o", "output"]
        figures = organization.measure(command, folder)
        manifest = json.loads(next(pathlib.Path(folder).glob("output/latest/manifest.json")).read_text())
        figures["calls"] = sum(manifest["totals"]["calls"].values())
    return figures


def floor(program, organization, connections=256):
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "floor", "--url", organization.url, "--access-key-id", organization.key, "--regions",
                   organization.regions, "--connections", str(connections)]
        return organization.measure(command, folder)


def boto3_script(python, organization, script, *options):
    """Runs a script that does the same work with boto3."""
    with tempfile.TemporaryDirectory() as folder:
        command = [python, str(ROOT / "benches" / script), organization.url, organization.regions, ".", *options]
        figures = organization.measure(command, folder)
    return {**figures, **json.loads(figures["text"])}


def python_with_boto3():
    for python in filter(None, [os.environ.get("SCAN_TEST_PYTHON"), sys.executable]):
        if subprocess.run([python, "-c", "import boto3"], capture_output=True, check=False).returncode == 0:
            return python
    sys.exit("neither this interpreter nor SCAN_TEST_PYTHON has boto3")


def median(runs, name):
    return statistics.median(run[name] for run in runs)

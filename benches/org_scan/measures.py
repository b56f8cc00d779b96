"""What `benches/org-scan` measures: each function prints its rows and returns them."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from .organization import PAGE, SIX, TEN, Organization, boto3_script, floor, median, scan

# A long list with calls for each of its items, and the most memory of its scan.
CHILD_ITEMS = 100_000
CHILD_MEMORY_MB = 256

FIRST_BYTE = "first byte of the first request"
FLOORS_FIRST_BYTE = "first byte of the floor"


def row(name, runs, floor_seconds=None):
    seconds, requests = median(runs, "seconds"), median(runs, "requests")
    calls = median(runs, "calls") if "calls" in runs[0] else requests
    processor = median(runs, "processor")
    figures = {"name": name, "seconds": seconds, "calls": calls, "requests": requests, "calls_per_second": calls / seconds,
               "processor": processor, "processor_per_call_ms": processor / calls * 1000,
               "memory_mb": median(runs, "memory") / 1e6,
               "floor_multiple": seconds / floor_seconds if floor_seconds else None}
    multiple = f"{figures['floor_multiple']:6.2f} x" if floor_seconds else "       -"
    print(f"{name:<34} {seconds:8.2f} s {calls:9.0f} calls {calls / seconds:8.0f}/s {requests / seconds:8.0f} requests/s"
          f" {figures['processor_per_call_ms']:7.3f} ms/call {figures['memory_mb']:7.1f} MB {multiple}", flush=True)
    return figures


def beside_floor(arguments, accounts, regions, latency):
    """A scan of six calls, one of three pages, in pairs with the floor, so that what else the machine does meets both
    alike."""
    with Organization(arguments.other_end, accounts, regions, 3 * PAGE, latency) as organization:
        name = f"{accounts} accounts x {regions}, {latency} ms"
        pairs = [(floor(arguments.other_end, organization), scan(arguments.program, organization, SIX))
                 for _ in range(arguments.repeat)]
        for bare, whole in pairs:
            differences(name, bare["operations"], whole["operations"])
        bottom = row(f"{name}: floor", [pair[0] for pair in pairs])
        yield bottom
        yield row(f"{name}: scan", [pair[1] for pair in pairs], bottom["seconds"])
        if arguments.ancestor and accounts <= 20:
            runs = [boto3_script(arguments.python, organization, "ancestor.py")]
            yield row(f"{name}: boto3", runs, bottom["seconds"])


def differences(name, bare, whole):
    """Prints the operations that one of the two has requested more often, such as those of retries."""
    for operation in sorted({*bare, *whole}):
        more = whole.get(operation, 0) - bare.get(operation, 0)
        if more:
            print(f"{name}: {more:+} {operation} in the scan")


def sizes(arguments):
    for size in arguments.sizes:
        accounts, regions = map(int, size.split("x"))
        for latency in arguments.latency:
            yield from beside_floor(arguments, accounts, regions, latency)


def small_calls(arguments, accounts, programs, repeat=1):
    """Ten calls with small pages in each of ten regions, for each of the programs in turn."""
    runs = [[] for _ in programs]
    with Organization(arguments.other_end, accounts, 10, 2, 20) as organization:
        for _ in range(repeat):
            for program, of_program in zip(programs, runs):
                of_program.append(scan(program, organization, TEN))
    for number, of_program in enumerate(runs):
        yield row(f"{accounts} accounts x 10 x 10, 20 ms{', beside' if number else ''}", of_program)


def many(arguments):
    """100,000 small calls, in pairs with an older program."""
    programs = [program for program in (arguments.program, arguments.beside) if program]
    yield from small_calls(arguments, 1_000, programs, arguments.repeat)


def million(arguments):
    for accounts in (100, 1_000, 10_000):
        yield from small_calls(arguments, accounts, [arguments.program])


def children(arguments):
    """The memory of a long list with calls for each of its items."""
    # Their responses cost the simulated organization nothing, however long its list is. One service gets 50 requests
    # per second, so that each call is another service's.
    of_queue = [{"over": ".QueueUrls[]", "service": service, "function": function, "parameters": {parameter: "{.}"}}
                for service, function, parameter in (("sqs", "list_dead_letter_source_queues", "QueueUrl"),
                                                     ("dynamodb", "describe_contributor_insights", "TableName"),
                                                     ("ecr", "describe_images", "repositoryName"))]
    with Organization(arguments.other_end, 1, 1, 2, 0, page=1000, queues=CHILD_ITEMS) as organization:
        runs = [scan(arguments.program, organization, [("sqs", "list_queues")], of_queue)]
        figures = row(f"{CHILD_ITEMS} items x 3", runs)
    yield figures
    if figures["requests"] < 3 * CHILD_ITEMS:
        sys.exit(f"only {figures['requests']} requests were sent")
    if figures["memory_mb"] > CHILD_MEMORY_MB:
        sys.exit(f"{figures['memory_mb']:.0f} MB of memory, more than {CHILD_MEMORY_MB}")


def first_byte(*command):
    """The seconds from the start of a process to the first byte that AWS would get, at the URL in the place of
    `URL`."""
    with socket.create_server(("127.0.0.1", 0)) as listener, tempfile.TemporaryDirectory() as folder:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
                       "AWS_SECRET_ACCESS_KEY": "none", "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": url}
        began = time.monotonic()
        process = subprocess.Popen([url if part == "URL" else part for part in command], cwd=folder, env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        connection, _ = listener.accept()
        connection.recv(1)
        seconds = time.monotonic() - began
        process.kill()
        process.wait()
    return seconds


def start(arguments):
    """From the start of the process: to the end of the help, and to the first byte of the first request."""
    times = {"help": [], FIRST_BYTE: [], FLOORS_FIRST_BYTE: []}
    for _ in range(max(arguments.repeat, 15)):
        began = time.monotonic()
        subprocess.run([arguments.program, "--help"], stdout=subprocess.DEVNULL, check=True)
        times["help"].append(time.monotonic() - began)
        times[FIRST_BYTE].append(first_byte(arguments.program, "-s", "inventory", "--organization-scan"))
        times[FLOORS_FIRST_BYTE].append(first_byte(arguments.other_end, "floor", "--url", "URL", "--access-key-id",
                                                   "none", "--regions", "us-east-1", "--connections", "1"))
    for name, seconds in times.items():
        milliseconds = [1000 * one for one in sorted(seconds)]
        median_ms = statistics.median(milliseconds)
        print(f"{name:<34} median {median_ms:.1f} ms, {milliseconds[0]:.1f} to {milliseconds[-1]:.1f}")
        yield {"name": name, "median_ms": median_ms, "milliseconds": milliseconds}
    # So long that only responses that have to be waited for make up the time.
    latency = 100
    with Organization(arguments.other_end, 100, 5, 1, latency) as organization:
        scan(arguments.program, organization, SIX)
        trips = int(organization.counts()["role_after_ms"] / latency)
    name = "round trips before the first role, 100 accounts"
    print(f"{name:<34} {trips}")
    yield {"name": name, "round_trips": trips}

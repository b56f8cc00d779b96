"""The bench's six calls with boto3 as a careful script makes them: all pages, in a pool of threads for all accounts,
with one client for each service, region and account.

    boto3_pool.py <endpoint URL> <regions, separated by commas> <output folder> <threads>

Credentials come from the environment. Prints the number of calls and the seconds they took, as JSON.
"""

import concurrent.futures
import json
import pathlib
import sys
import threading
import time

import boto3

from ancestor import CALLS, keep, session_of


class Clients:
    """The clients of one account, with the session of its role."""

    # boto3's sessions may create one client at a time, and keep the models that they have loaded.
    session, creating = boto3.Session(), threading.Lock()

    def __init__(self, url, keys, calls):
        self.url, self.keys, self.clients = url, keys, {}
        self.left = calls

    def get(self, service, region):
        with self.creating:
            if (service, region) not in self.clients:
                client = self.session.client(service, region_name=region, endpoint_url=self.url, **self.keys)
                self.clients[service, region] = client
            return self.clients[service, region]

    def call_ended(self):
        """Drops the clients after the account's last call: their memory would grow with the organization."""
        with self.creating:
            self.left -= 1
            if not self.left:
                self.clients.clear()


def call(clients, service, function, region, folder):
    client = clients.get(service, region)
    if client.can_paginate(function):
        answer = client.get_paginator(function).paginate().build_full_result()
    else:
        answer = getattr(client, function)()
    keep(answer, service, function, region, folder)
    clients.call_ended()


def main():
    url, regions, folder, threads = sys.argv[1], sys.argv[2].split(","), pathlib.Path(sys.argv[3]), int(sys.argv[4])
    began = time.monotonic()
    caller = Clients(url, {}, 0)
    pages = caller.get("organizations", "us-east-1").get_paginator("list_accounts").paginate()
    management, *members = [account["Id"] for page in pages for account in page["Accounts"]]
    sts, of_account = caller.get("sts", "us-east-1"), len(regions) * len(CALLS)
    with concurrent.futures.ThreadPoolExecutor(max_workers=threads) as pool:
        keys = pool.map(lambda account: session_of(account, sts), members)
        accounts = {management: {}, **dict(zip(members, keys))}
        tasks = []
        for account, its_keys in accounts.items():
            clients = Clients(url, its_keys, of_account)
            tasks.extend(
                pool.submit(call, clients, service, function, region, folder / account)
                for region in regions
                for service, function in CALLS
            )
        for task in tasks:
            task.result()
    print(json.dumps({"calls": len(tasks), "seconds": time.monotonic() - began}))


main()

"""The bench's six calls with boto3 as a careful script makes them: all pages, in a pool of threads for all accounts,
with one client for each service, region and account.

    boto3_pool.py <endpoint URL> <regions, separated by commas> <output folder> <threads> [--one-session]

Each account has its own session, which loads the models of its services. With --one-session, all accounts share a
session, and pass their credentials to each client.

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


class Session:
    """A session, which may create one client at a time, and keeps the models that it has loaded."""

    def __init__(self):
        self.session, self.creating = boto3.Session(), threading.Lock()

    def client(self, *service, **options):
        with self.creating:
            return self.session.client(*service, **options)


class Clients:
    """The clients of one account, with the credentials of its role."""

    def __init__(self, session, url, keys, calls):
        self.session, self.url, self.keys, self.clients = session, url, keys, {}
        self.left, self.changing = calls, threading.Lock()

    def get(self, service, region):
        with self.changing:
            if (service, region) not in self.clients:
                client = self.session.client(service, region_name=region, endpoint_url=self.url, **self.keys)
                self.clients[service, region] = client
            return self.clients[service, region]

    def call_ended(self):
        """Drops clients and session after the account's last call: their memory would grow with the organization."""
        with self.changing:
            self.left -= 1
            if not self.left:
                self.clients, self.session = {}, None


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
    of_all = Session() if "--one-session" in sys.argv else None
    began = time.monotonic()
    caller = Clients(of_all or Session(), url, {}, 0)
    pages = caller.get("organizations", "us-east-1").get_paginator("list_accounts").paginate()
    management, *members = [account["Id"] for page in pages for account in page["Accounts"]]
    sts, of_account = caller.get("sts", "us-east-1"), len(regions) * len(CALLS)
    with concurrent.futures.ThreadPoolExecutor(max_workers=threads) as pool:
        keys = pool.map(lambda account: session_of(account, sts), members)
        accounts = {management: {}, **dict(zip(members, keys))}
        tasks = []
        for account, its_keys in accounts.items():
            clients = Clients(of_all or Session(), url, its_keys, of_account)
            tasks.extend(
                pool.submit(call, clients, service, function, region, folder / account)
                for region in regions
                for service, function in CALLS
            )
        for task in tasks:
            task.result()
    print(json.dumps({"calls": len(tasks), "seconds": time.monotonic() - began}))


main()

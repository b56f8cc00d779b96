"""The account whose credentials boto3 takes from files and variables, and an AWS that knows the accounts.

The first line of standard output is the port of an AWS in which the account stands in the access key:
`ASIA333333333333FAKE`. Standard input has one line: a list of cases with `environment` and `profile`. The second
line of standard output is a list of the accounts; for a case without credentials, of the exceptions' names in `()`.
The server ends with standard input.
"""

import http.server
import json
import multiprocessing
import os
import re
import sys
import threading
import urllib.parse

import boto3
import botocore.credentials
import botocore.tokens

ACCOUNT = re.compile(r"\d{12}")
KEYS = (
    "<AccessKeyId>ASIA{account}FAKE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
    "<SessionToken>t</SessionToken><Expiration>2036-01-01T00:00:00Z</Expiration>"
)


class Aws(http.server.BaseHTTPRequestHandler):
    """STS, the portal of IAM Identity Center, a container's endpoint, and nothing else."""

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == "/federation/credentials":
            account = dict(urllib.parse.parse_qsl(query))["account_id"]
            keys = {"accessKeyId": f"ASIA{account}FAKE", "secretAccessKey": "s", "sessionToken": "t"}
            return self.answer(200, json.dumps({"roleCredentials": {**keys, "expiration": 2082758400000}}))
        keys = {"AccessKeyId": "ASIA115115115115FAKE\n", "SecretAccessKey": "s", "Token": "t"}
        self.answer(200, json.dumps({**keys, "Expiration": "2036-01-01T01:00:00+01:00"}))

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        query = dict(urllib.parse.parse_qsl(body))
        action, caller = query.get("Action"), self.headers.get("authorization", "")
        if action in ("AssumeRole", "AssumeRoleWithWebIdentity"):
            account = ACCOUNT.search(query["RoleArn"]).group()
            result = f"<Credentials>{KEYS.format(account=account)}</Credentials>"
        elif action == "GetCallerIdentity":
            account = ACCOUNT.search(caller.split("/")[0]).group()
            arn = f"arn:aws:iam::{account}:user/me"
            result = f"<Arn>{arn}</Arn><UserId>AIDA</UserId><Account>{account}</Account>"
        else:
            return self.answer(403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")
        self.answer(200, f"<{action}Response><{action}Result>{result}</{action}Result></{action}Response>")

    def answer(self, status, body):
        body = body.encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def account(case):
    """Runs in a separate process: some modules of botocore keep what the environment has at first."""
    os.environ.clear()
    os.environ.update(case["environment"])
    # botocore prompts for the code of an MFA device.
    sys.stdin, sys.stderr = open(os.devnull), open(os.devnull, "w")
    cache = os.path.join(case["environment"]["HOME"], ".aws", "sso", "cache")
    botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR = cache
    botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR = cache
    try:
        session = boto3.Session(profile_name=case["profile"])
        session.client("sts", region_name="us-east-1")
        return ACCOUNT.search(session.get_credentials().get_frozen_credentials().access_key).group()
    except BaseException as error:
        return f"({type(error).__name__})"


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Aws)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    cases = json.loads(sys.stdin.readline())
    with multiprocessing.get_context("fork").Pool(4, maxtasksperchild=1) as pool:
        print(json.dumps(pool.map(account, cases, chunksize=1)), flush=True)
    sys.stdin.read()

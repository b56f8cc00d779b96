"""boto3 clients for the accounts of a moto server, shared by what seeds it and what reads the truth from it.

Credentials decide which account moto answers for. It takes an access key that it does not know for one of
account 123456789012, which is therefore in no organization of these tests: a call that loses credentials on
the way shows up under an account that no test expects.
"""

import threading

import boto3
from botocore.config import Config

ROLE_NAME = "OrganizationAccountAccessRole"
SESSION_NAME = "aws-auto-inventory"
STRANGER = {"aws_access_key_id": "AKIAUNKNOWNTOMOTO", "aws_secret_access_key": "unknown"}


class Cloud:
    """Hands out one client per account, region and service."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.credentials = {}
        self.clients = {}
        # Making clients is not thread-safe; using them is.
        self.lock = threading.Lock()
        self.session = boto3.Session()
        self.config = Config(retries={"total_max_attempts": 1}, max_pool_connections=16)
        # Its host names start with the account; below an IP address, no such name exists.
        self.configs = {"s3control": self.config.merge(Config(proxies={"http": endpoint}))}

    def keep(self, account, access_key_id, secret_access_key, session_token=None):
        """Uses these credentials for the account from now on."""
        self.credentials[account] = {
            "aws_access_key_id": access_key_id,
            "aws_secret_access_key": secret_access_key,
            "aws_session_token": session_token,
        }

    def assume(self, account, caller):
        """Takes a role session in the account with the credentials of the account `caller`."""
        arn = f"arn:aws:iam::{account}:role/{ROLE_NAME}"
        session = self.client(caller, "us-east-1", "sts").assume_role(RoleArn=arn, RoleSessionName=SESSION_NAME)
        credentials = session["Credentials"]
        self.keep(account, credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"])

    def client(self, account, region, service):
        """The client of the service in the account and region; without an account for `None`."""
        key = (account, region, service)
        with self.lock:
            if key not in self.clients:
                credentials = self.credentials[account] if account else STRANGER
                config = self.configs.get(service, self.config)
                self.clients[key] = self.session.client(
                    service, region_name=region, endpoint_url=self.endpoint, config=config, **credentials
                )
            return self.clients[key]

"""The condition on a bucket's owner, which moto takes no notice of.

S3 refuses a request that names an account which does not own the bucket ("Verifying bucket ownership with
bucket owner condition", Amazon S3 user guide). This wraps moto's application and does the same.
"""

from moto.backends import get_backend

REFUSAL = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>refused</RequestId></Error>"


class BucketOwners:
    """A WSGI application that answers as moto does, unless a bucket belongs to somebody else."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environment, start_response):
        expected = environment.get("HTTP_X_AMZ_EXPECTED_BUCKET_OWNER")
        bucket = environment.get("PATH_INFO", "").lstrip("/").split("/")[0]
        if expected and bucket not in buckets_of(expected):
            start_response("403 Forbidden", [("Content-Type", "application/xml")])
            return [b"" if environment["REQUEST_METHOD"] == "HEAD" else REFUSAL]
        return self.application(environment, start_response)


def buckets_of(account):
    backends = get_backend("s3")
    return backends[account]["aws"].buckets if account in backends else {}

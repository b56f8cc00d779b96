"""S3 as AWS has it, in two things that moto does otherwise, and as other servers have it.

S3 refuses a request that names an account which does not own the bucket ("Verifying bucket ownership with
bucket owner condition", Amazon S3 user guide), of which moto takes no notice. And it ends an upload in parts
with a `CompleteMultipartUploadResult` ("CompleteMultipartUpload", Amazon S3 API reference), which moto gives
another name that the official client for Rust does not read.

The bucket `careless-inventory` takes no notice of `If-None-Match`, as some servers do. And a query `x-test-age` says
how many seconds ago an object was written: no test waits for time to pass.
"""

from datetime import timedelta
from urllib.parse import parse_qs

from moto.backends import get_backend
from moto.core.utils import utcnow

CARELESS = "careless-inventory"

REFUSAL = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>refused</RequestId></Error>"
MOTOS_NAME, NAME = b"CompleteMultipartUploadResponse", b"CompleteMultipartUploadResult"


class AwsBuckets:
    """A WSGI application that answers as moto does, these two things excepted."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environment, start_response):
        expected = environment.get("HTTP_X_AMZ_EXPECTED_BUCKET_OWNER")
        bucket = environment.get("PATH_INFO", "").lstrip("/").split("/")[0]
        if expected and bucket not in buckets_of(expected):
            start_response("403 Forbidden", [("Content-Type", "application/xml")])
            return [b"" if environment["REQUEST_METHOD"] == "HEAD" else REFUSAL]
        if bucket == CARELESS:
            environment.pop("HTTP_IF_NONE_MATCH", None)
        age = parse_qs(environment.get("QUERY_STRING", "")).get("x-test-age")
        if age:
            make_older(environment["PATH_INFO"].lstrip("/"), int(age[0]))
            start_response("204 No Content", [])
            return [b""]
        if environment["REQUEST_METHOD"] == "POST" and "uploadId=" in environment.get("QUERY_STRING", ""):
            return self.complete(environment, start_response)
        return self.application(environment, start_response)

    def complete(self, environment, start_response):
        held = []
        body = b"".join(self.application(environment, lambda *start: held.extend(start)))
        status, headers = held[:2]
        headers = [header for header in headers if header[0].lower() != "content-length"]
        start_response(status, headers)
        return [body.replace(MOTOS_NAME, NAME)]


def buckets_of(account):
    backends = get_backend("s3")
    return backends[account]["aws"].buckets if account in backends else {}


def make_older(path, seconds):
    bucket, key = path.split("/", 1)
    for backend in get_backend("s3").values():
        if bucket in backend["aws"].buckets:
            backend["aws"].get_object(bucket, key).last_modified = utcnow() - timedelta(seconds=seconds)

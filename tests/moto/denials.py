"""Refusals in the form in which AWS writes them.

When moto refuses a call because of IAM, it writes one kind of XML, whatever the protocol. Clients of a JSON
service cannot read that at all, and those of the query protocol find no error code in it. This wraps moto's
application and rewrites such answers, so that tests see what AWS would send.
"""

import json
import re

# What the query protocol's codes are called in the JSON protocols.
JSON_CODES = {
    "AccessDenied": "AccessDeniedException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
}
FORBIDDEN = "403"
ERROR = re.compile(rb"<ErrorResponse>\s*<Errors>\s*(<Error>.*?</Error>)\s*</Errors>", re.DOTALL)


class AwsDenials:
    """A WSGI application that answers as moto does, refusals excepted."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environment, start_response):
        held = []

        def hold(status, headers, exc_info=None):
            held[:] = [status, headers]

        body = b"".join(self.application(environment, hold))
        status, headers = held
        error = ERROR.search(body) if status.startswith(FORBIDDEN) else None
        # EC2 and S3 have their own forms, which moto knows.
        if error and "HTTP_X_AMZ_TARGET" in environment:
            status, headers, body = "400 Bad Request", [("Content-Type", "application/x-amz-json-1.1")], as_json(error)
        elif error and "/ec2/" not in environment.get("HTTP_AUTHORIZATION", ""):
            body = b"<ErrorResponse>" + error[1] + b"<RequestId>refused</RequestId></ErrorResponse>"
            headers = [header for header in headers if header[0].lower() != "content-length"]
        start_response(status, headers)
        return [body]


def as_json(error):
    code = text_of("Code", error[1])
    return json.dumps({"__type": JSON_CODES.get(code, code), "message": text_of("Message", error[1])}).encode()


def text_of(element, document):
    return re.search(f"<{element}>(.*?)</{element}>".encode(), document, re.DOTALL)[1].decode()

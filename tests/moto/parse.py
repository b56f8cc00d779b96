"""Parses answers of AWS as boto3 does: the second opinion of the round-trip test.

Standard input has one JSON object a line: `service`, `operation`, `status`, `headers` (pairs) and `body` (base64)
of an HTTP answer. Standard output gets a line for each: `answer`, what a boto3 client would return in the form in
which the program writes it and without `ResponseMetadata`, or `error`, the text of the exception.
"""

import base64
import functools
import io
import json
import sys

import botocore.awsrequest
import botocore.endpoint
import botocore.session
from plain import plain


class Raw(io.BytesIO):
    """The body as urllib3 would hold it."""

    def stream(self, *_, **__):
        yield self.read()


class Reader:
    """The way of an answer through botocore (`Endpoint._do_get_response`, `BaseClient._make_api_call`)."""

    def __init__(self):
        self.session = botocore.session.get_session()
        self.events = self.session.get_component("event_emitter")
        self.parsers = self.session.get_component("response_parser_factory")
        # Questions come service by service.
        self.model = functools.lru_cache(maxsize=1)(self.session.get_service_model)

    def read(self, question):
        service = self.model(question["service"])
        operation = service.operation_model(question["operation"])
        event = f"{service.service_id.hyphenize()}.{operation.name}"
        raw = Raw(base64.b64decode(question["body"]))
        http = botocore.awsrequest.AWSResponse("", question["status"], dict(question["headers"]), raw)
        response = botocore.endpoint.convert_to_response_dict(http, operation)
        customized = {}
        self.events.emit(
            f"before-parse.{event}",
            operation_model=operation,
            response_dict=response,
            customized_response_dict=customized,
        )
        parser = self.parsers.create_parser(service.resolved_protocol)
        parsed = parser.parse(response, operation.output_shape)
        parsed.update(customized)
        self.events.emit(
            f"after-call.{event}",
            http_response=http,
            parsed=parsed,
            model=operation,
            # boto3 requests encoded keys from S3 unless its caller does, and decodes them then.
            context={"encoding_type_auto_set": True},
        )
        parsed.pop("ResponseMetadata", None)
        return plain(parsed)


def main():
    reader = Reader()
    for line in sys.stdin:
        try:
            # What JSON has no form for is named: botocore hands out nodes of XML where a member repeats.
            result = json.dumps({"answer": reader.read(json.loads(line))}, default=str)
        except Exception as error:  # Whatever botocore raises is its answer.
            result = json.dumps({"error": f"{type(error).__name__}: {error}"})
        print(result, flush=True)


main()

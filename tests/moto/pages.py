"""Merges pages as boto3's paginators do: the second opinion on what the pages of an answer come to.

Standard input has one JSON object a line: `service`, `operation` and `pages`, the members of each page. Standard
output gets a line for each: `answer`, what `build_full_result` gives, or `error`, the text of the exception.
"""

import functools
import json
import sys

import botocore.paginate
import botocore.session


class Merger:
    """boto3's paginator over pages that are there already."""

    def __init__(self):
        self.session = botocore.session.get_session()
        # Questions come service by service.
        self.models = functools.lru_cache(maxsize=1)(
            lambda name: (self.session.get_service_model(name), self.session.get_paginator_model(name))
        )

    def merge(self, question):
        service, paginators = self.models(question["service"])
        operation = question["operation"]
        pages = iter(question["pages"])
        paginator = botocore.paginate.Paginator(
            lambda **_: next(pages), paginators.get_paginator(operation), service.operation_model(operation)
        )
        return paginator.paginate().build_full_result()


def main():
    merger = Merger()
    for line in sys.stdin:
        try:
            result = json.dumps({"answer": merger.merge(json.loads(line))})
        except Exception as error:  # Whatever botocore raises is its answer.
            result = json.dumps({"error": f"{type(error).__name__}: {error}"})
        print(result, flush=True)


main()

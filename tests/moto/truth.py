"""Answers API calls as boto3 does: all pages, in the shape that the program writes.

    truth.py <endpoint URL> < questions

Standard input has one JSON object: `organization`, which is what seed.py answered, and `questions`, a list of
objects with `account`, `region`, `service`, `function` and `parameters`. Standard output gets a list with one
object for each question: `answer`, or `error` with the error code of the service, empty where it has none.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from cloud import Cloud
from plain import plain

# What a page of ListBuckets holds at most; with a page size the answer names each bucket's region.
BUCKETS_PER_PAGE = 1000


def merged(client, function, parameters):
    """The whole answer: of all pages where boto3 knows how to page."""
    if client.can_paginate(function):
        answer = client.get_paginator(function).paginate(**parameters).build_full_result()
    else:
        answer = getattr(client, function)(**parameters)
    answer.pop("ResponseMetadata", None)
    return answer


def buckets_of(client, region, parameters):
    """ListBuckets answers for the whole account in every region: what belongs to this one."""
    paging = {"PaginationConfig": {"PageSize": BUCKETS_PER_PAGE}}
    answer = merged(client, "list_buckets", {**parameters, **paging})
    answer["Buckets"] = [bucket for bucket in answer["Buckets"] if region_of(client, bucket) == region]
    return answer


def region_of(client, bucket):
    if "BucketRegion" in bucket:
        return bucket["BucketRegion"]
    return client.get_bucket_location(Bucket=bucket["Name"])["LocationConstraint"] or "us-east-1"


def answer_to(cloud, question):
    client = cloud.client(question["account"], question["region"], question["service"])
    parameters = question.get("parameters") or {}
    try:
        if (question["service"], question["function"]) == ("s3", "list_buckets"):
            answer = buckets_of(client, question["region"], parameters)
        else:
            answer = merged(client, question["function"], parameters)
        return {"answer": plain(answer)}
    except ClientError as error:
        code = error.response["Error"]["Code"]
        # botocore puts the HTTP status where a service has no code.
        return {"error": "" if code.isdigit() else code}
    except (BotoCoreError, ResponseParserError):
        # moto answers with a page of HTML where it fails itself.
        return {"error": ""}


def main():
    request = json.load(sys.stdin)
    organization, questions = request["organization"], request["questions"]
    management = organization["management_account"]
    cloud = Cloud(sys.argv[1])
    cloud.keep(management, organization["access_key_id"], organization["secret_access_key"])
    for account in sorted({question["account"] for question in questions} - {management}):
        cloud.assume(account, caller=management)
    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = list(pool.map(lambda question: answer_to(cloud, question), questions))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()

"""Which operations have words in their documentation that a plain read has not.

Takes a JSON object of services, each with the names of its operations, and prints one of the same form with those
alone that have such words: for each the kinds of words and an excerpt.

- `begins`: the first word is none that the description of a read begins with
- `effect`: "this operation also creates", "starts a"
- `credential`, `token`, `address`: words for what opens something, in the operation's own description
- `member`: a text in the answer that is described as presigned, or is named like a token or a password
"""

import gzip
import html
import json
import pathlib
import re
import sys

import botocore

DATA = pathlib.Path(botocore.__file__).parent / "data"

READS = set(
    """
    a aggregates all amazon an api accepts after analyzes by before calculates checks contains describe describes
    deprecated description detailed details detective determines discovers display displays each end enables
    enumerates fetch fetches find finds for get gets given gives global groups high if in incident indicates information
    investigation list listing lists lookup looks monitors obtain obtains operation paginated produces provides queries
    query reads represents request requests retreives retrieve retrieves return returns route scans search searches
    servicesetting show shows specifies takes the this to use used using verifies verify view views we x you
    """.split()
)

DOING = (
    r"(starts|initiates|triggers|launches|creates|generates|allocates|issues|registers|runs|executes|invokes|sends"
    r"|publishes|marks|updates|modifies|deletes|removes|resets|writes|stores|consumes|increments|exports|evaluates"
    r"|acknowledges|provisions|wakes|resumes)"
)

OPERATION = [
    (
        "effect",
        r"\bthis (api|operation|action|request|command|call)( operation| action| call)?( also| automatically)? "
        + DOING
        + r"\b|\balso "
        + DOING
        + r"\b|\b(starts|initiates|triggers|launches) an? \w+ (job|task|process|run|query|recommendation)",
    ),
    (
        "credential",
        r"temporary (security |aws )?credential|returns? (the |a set of )?(temporary |short-term )?credentials"
        r"|credentials to access",
    ),
    (
        "token",
        r"\b(bearer|access|auth(entication|orization)?|session|id|refresh|import|export|identity|security) tokens?\b",
    ),
    (
        "address",
        r"pre-?\s?signed|signed ur[li]|\burls? (that|you can|to (download|upload|access|view|open))"
        r"|(download|embedding) (url|link)|link to download|fields to download",
    ),
]

MEMBER = re.compile(r"pre-?\s?signed|signed (amazon s3 )?ur[li]|(only|is|are) valid for 1[05] minutes", re.I)
NAME = re.compile(
    r"^(access|auth|authorization|authentication|bearer|id|identity|import|export|refresh|session|security|web)_?token$"
    r"|secret_?access_?key|^password$|pre_?signed|signed_?ur[li]|download_?ur[li]$|upload_?ur[li]$|embed_?ur[li]",
    re.I,
)


def main():
    found = {}
    for service, operations in sorted(json.load(sys.stdin).items()):
        model = load(service)
        for name in operations:
            words = look(model, model["operations"][name])
            if words:
                found.setdefault(service, {})[name] = words
    json.dump(found, sys.stdout)


def load(service):
    folder = max(path for path in (DATA / service).iterdir() if path.is_dir())
    plain, packed = folder / "service-2.json", folder / "service-2.json.gz"
    return json.loads(plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes()))


def look(model, operation):
    words = {}
    text = plain_text(operation.get("documentation"))
    first = re.match(r"[A-Za-z']+", text.lstrip("("))
    # Many start with their own name.
    begins = (first.group(0) if first else "").lower()
    if text and begins not in READS and begins != operation["name"].lower():
        words["begins"] = text[:100]
    for kind, pattern in OPERATION:
        match = re.search(pattern, text, re.I)
        if match:
            words[kind] = text[max(0, match.start() - 60) : match.end() + 60]
    if "output" in operation:
        member = member_of(model, operation["output"]["shape"], (), [])
        if member:
            words["member"] = member
    return words


def member_of(model, shape, path, above):
    """The first text in an answer that opens something, by its path."""
    if shape in above:
        return None
    definition = model["shapes"][shape]
    if definition["type"] == "list":
        return member_of(model, definition["member"]["shape"], path, [*above, shape])
    if definition["type"] == "map":
        return member_of(model, definition["value"]["shape"], path, [*above, shape])
    for name, member in definition.get("members", {}).items():
        target = model["shapes"][member["shape"]]
        text = plain_text(member.get("documentation")) + " " + plain_text(target.get("documentation"))
        is_text = target["type"] in ("string", "blob")
        if is_text and (NAME.search(name) or MEMBER.search(text)):
            return ".".join((*path, name))
        if not is_text:
            below = member_of(model, member["shape"], (*path, name), [*above, shape])
            if below:
                return below
    return None


def plain_text(documentation):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", documentation or ""))).strip()


if __name__ == "__main__":
    main()

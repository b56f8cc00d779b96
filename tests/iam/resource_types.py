"""Derives CloudFormation's type and the format of the ARN of each kind of resource, and the types with tags.

Takes JSON: `services`, the lists of resources of the catalog's functions (`listed_resources`), each with the prefix
of its permissions; and `by_value`, the types that depend on values, by service and kind. Prints three tables, `types`
and `arns`, lines of service, kind and value, and `taggable`, the types whose resources can have tags; and `unused`,
reviewed rows that change nothing or name no type.

Sources: the resource schemas that the package cfn-lint carries (type names, primary identifiers, tagging, the
permissions of the handlers) and the Service Authorization Reference as the package iam-floyd carries it (formats of ARNs).
"""

import collections
import importlib.resources
import inspect
import json
import pathlib
import re
import sys

import iam_floyd.statement as statements

from resource_rows import ARNS, NAMESPACES, NO_ARN, NO_TYPE, OTHER_VENDORS, TAGGABLE, TYPES

# Words around a noun for how it is shown.
EXTENTS = ("summary", "summaries", "detail", "description", "info", "information", "metadata", "name", "arn", "id",
           "url", "entry", "configuration")


def squashed(text):
    return re.sub(r"[^a-z0-9]", "", text.lower())


def nouns(kind):
    """A kind without underscores, and without the words at its end that do not name the resource."""
    words = kind.split("_")
    yield squashed(kind)
    if len(words) > 1 and words[-1] in EXTENTS[:-1]:
        yield squashed("_".join(words[:-1]))


# --- Types -----------------------------------------------------------------------------------------------------


class Schema:
    """A resource schema: its name, how a resource is identified, and what its handlers call."""

    def __init__(self, document):
        self.name = document["typeName"]
        self.namespace, self.noun = self.name.split("::")[1:3]
        self.identifier = [squashed(path.rsplit("/", 1)[-1]) for path in document.get("primaryIdentifier", [])]
        # Without either member, a schema does not determine it.
        self.is_taggable = document.get("tagging", {}).get("taggable", document.get("taggable", False))
        handlers = document.get("handlers", {})
        self.permissions = {
            step: {permission.lower() for permission in handlers.get(step, {}).get("permissions", [])}
            for step in ("list", "read")
        }


def schemas():
    """All schemas of resources of AWS; each type has one."""
    found = {}
    folder = importlib.resources.files("cfnlint") / "data" / "schemas" / "resources"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".json"):
            document = json.loads(file.read_text(encoding="utf-8"))
            name = document.get("typeName", "")
            if name.startswith("AWS::") and name.count("::") == 2 and name.split("::")[1] not in OTHER_VENDORS:
                found[name] = Schema(document)
    return found


def services_of(namespace, services):
    """The services whose resources a namespace names."""
    if namespace in NAMESPACES:
        return [service for service in NAMESPACES[namespace] if service in services]
    return [service for service in services if squashed(service) == squashed(namespace)]


def noun_score(schema, kind, service):
    """How well a kind is named like a type: 1 for the same noun, less for a part of it, 0 for another."""
    best = 0.0
    for noun in nouns(kind):
        for name in {squashed(schema.noun), squashed(schema.namespace + schema.noun), squashed(service + schema.noun)}:
            if noun == name:
                best = max(best, 1.0)
        own = squashed(schema.noun)
        for prefix in {squashed(schema.namespace), squashed(service)}:
            if noun == prefix + own or own == prefix + noun:
                best = max(best, 0.95)
        if noun.endswith(own) or own.endswith(noun):
            best = max(best, 0.6 * min(len(noun), len(own)) / max(len(noun), len(own)))
    return best


def types(services, by_value):
    """The type of each kind, by service and kind; and reviewed rows that are wrong."""
    candidates = collections.defaultdict(list)
    for schema in schemas().values():
        for service in services_of(schema.namespace, services):
            prefix = services[service]["prefix"].lower()
            kinds = collections.defaultdict(list)
            for place in services[service]["lists"]:
                kinds[place["kind"]].append(place)
            for kind, places in kinds.items():
                noun = noun_score(schema, kind, service)
                if noun < 0.85:
                    continue
                actions = {f"{prefix}:{place['operation'].lower()}" for place in places}
                handled = 0.5 if actions & schema.permissions["list"] else 0.0
                handled += 0.25 if actions & schema.permissions["read"] else 0.0
                members = {squashed(member) for place in places for member in place["texts"]}
                has = [member for member in schema.identifier if member in members or squashed(kind) + member in members]
                share = len(has) / len(schema.identifier) if schema.identifier else 0.0
                # Of two generations of a service the older names the kind: its name is the shorter.
                candidates[service, kind].append((noun + handled + 0.3 * share, -len(schema.namespace), schema.name))
    derived = {place: max(found)[2] for place, found in candidates.items()}
    known = {schema.name for schema in schemas().values()}
    unused = [row for row in NO_TYPE if row not in derived]
    for service, kind, names in by_value:
        unused += [(service, kind, name) for name in names if name not in known]
        derived.pop((service, kind), None)
    for row, name in TYPES.items():
        if name not in known:
            unused.append((*row, name))
        if derived.get(row) == name or row[0] not in services or not has_kind(services, *row):
            unused.append(row)
        derived[row] = name
    return {place: name for place, name in derived.items() if place not in NO_TYPE}, unused


def has_kind(services, service, kind):
    return any(place["kind"] == kind for place in services[service]["lists"])


def taggable(names):
    """Which of these types have resources with tags; and reviewed rows that change nothing."""
    derived = {name for name, schema in schemas().items() if schema.is_taggable}
    unused = [name for name in TAGGABLE if name in derived or name not in names]
    return sorted((derived | TAGGABLE) & names), unused


# --- ARNs ------------------------------------------------------------------------------------------------------


def formats():
    """The formats of the reference by prefix and resource type: `arn:{partition}:…` with its placeholders."""
    found = collections.defaultdict(dict)
    for name in statements.__all__:
        statement = getattr(statements, name)
        prefix = getattr(statement(), "service_prefix", "").lower()
        for method, function in inspect.getmembers(statement, inspect.isfunction):
            if not method.startswith("on_") or method == "on_":
                continue
            match = re.search(r"return self\.on\(f'(arn:[^']*)'\)", inspect.getsource(function))
            if match:
                found[prefix][method[3:]] = simplified(match.group(1))
    return found


def simplified(text):
    text = re.sub(r"\{(partition|region|account) if [^}]*\}", lambda part: "{" + part.group(1) + "}", text)
    return text


def placeholders(text):
    return [name for name in re.findall(r"\{(\w+)\}", text) if name not in ("partition", "region", "account")]


def arn_format(text, kind, places):
    """The format with our placeholders; None if an item lacks a part."""
    names = placeholders(text)
    if not names or text.count(":") < 5 or text.rstrip("}").endswith("*") or ", " in text:
        return None
    text = text.replace("{account}", "{owner}")
    if len(names) == 1:
        return text.replace("{" + names[0] + "}", "{id}")
    return None


def arns(services):
    """The format of the ARN of each kind whose answers do not have it, by service and kind."""
    reference = formats()
    derived = {}
    for service, entry in services.items():
        known = reference.get(entry["prefix"].lower(), {})
        by_noun = {squashed(name): text for name, text in known.items()}
        kinds = collections.defaultdict(list)
        for place in entry["lists"]:
            kinds[place["kind"]].append(place)
        for kind, places in kinds.items():
            lists = [place for place in places if place["is_list"]] or places
            lacking = [place for place in lists if not place["arn"] and (place["is_text"] or place["id"] or place["name"])]
            if not lacking:
                continue
            text = next((by_noun[noun] for noun in nouns(kind) if noun in by_noun), None)
            composed = text and arn_format(text, kind, lacking)
            if composed:
                derived[service, kind] = composed
    unused = [row for row in NO_ARN if row not in derived]
    for row, text in ARNS.items():
        if derived.get(row) == text or row[0] not in services or not has_kind(services, *row):
            unused.append(row)
        derived[row] = text
    return {place: text for place, text in derived.items() if place not in NO_ARN}, unused


def main():
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    catalog = json.load(sys.stdin)
    services = catalog["services"]
    type_rows, unused_types = types(services, catalog["by_value"])
    arn_rows, unused_arns = arns(services)
    by_value = {name for _, _, names in catalog["by_value"] for name in names}
    taggable_names, unused_taggable = taggable(set(type_rows.values()) | by_value)
    lines = lambda rows: [" ".join((*place, value)) for place, value in sorted(rows.items())]
    json.dump({"types": lines(type_rows), "arns": lines(arn_rows), "taggable": taggable_names,
               "unused": [list(row) for row in unused_types + unused_arns] + [[name] for name in unused_taggable]}, sys.stdout)


if __name__ == "__main__":
    main()

"""Prints a YAML file as JSON: a list of its documents.

    as_json.py <file>

CloudFormation's short forms (`!Ref`) come out in their long ones.
"""

import json
import sys

import yaml


class Loader(yaml.SafeLoader):
    """YAML with the tags of CloudFormation."""


def long_form(loader, tag, node):
    name = tag if tag in ("Ref", "Condition") else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {name: value.split(".", 1) if tag == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", long_form)
# In YAML 1.1, and so for this library, `on` is a truth value; GitHub reads YAML 1.2.
Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or letter not in "oO"]
    for letter, resolvers in Loader.yaml_implicit_resolvers.items()
}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        documents = list(yaml.load_all(file, Loader=Loader))
    json.dump(documents, sys.stdout, default=str)


if __name__ == "__main__":
    main()

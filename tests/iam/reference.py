"""The Service Authorization Reference, as the package iam-floyd carries it, as one JSON object.

For every prefix of permissions the actions behind it, each with its access level: List, Read, Write, Tagging
or Permissions management.
"""

import json
import sys

import iam_floyd.statement as statements


def main():
    actions = {}
    for name in statements.__all__:
        statement = getattr(statements, name)()
        prefix = getattr(statement, "service_prefix", "")
        levels = getattr(statement, "_access_level_list", {})
        known = actions.setdefault(prefix, {})
        known.update({action: level for level, names in levels.items() for action in names})
    json.dump(actions, sys.stdout)


if __name__ == "__main__":
    main()

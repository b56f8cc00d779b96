"""Prints cfn-lint's findings about the CloudFormation template on standard input, one per line."""

import sys

from cfnlint.api import lint_all


def main():
    for match in lint_all(sys.stdin.read()):
        # Suggestions, which the command line omits as well.
        if match.rule.severity == "informational":
            continue
        print(match.rule.id, match.message)


if __name__ == "__main__":
    main()

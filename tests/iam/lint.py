"""What cfn-lint says about the CloudFormation template on standard input: a line for each finding."""

import sys

from cfnlint.api import lint_all


def main():
    for match in lint_all(sys.stdin.read()):
        # Suggestions, which the command line leaves out as well.
        if match.rule.severity == "informational":
            continue
        print(match.rule.id, match.message)


if __name__ == "__main__":
    main()

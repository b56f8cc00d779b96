"""The Terraform configuration on standard input as JSON, as python-hcl2 reads it."""

import json
import sys

import hcl2


def main():
    json.dump(hcl2.load(sys.stdin), sys.stdout)


if __name__ == "__main__":
    main()

"""The forms in which services take tags."""


def upper(tags):
    """A list of `Key` and `Value`."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def lower(tags):
    """A list of `key` and `value`."""
    return [{"key": key, "value": value} for key, value in tags.items()]


def specification(resource, tags):
    """The parameter of EC2's functions; without tags there is none."""
    return {"TagSpecifications": [{"ResourceType": resource, "Tags": upper(tags)}]} if tags else {}


def given(parameter, tags):
    """A parameter that is omitted without tags."""
    return {parameter: tags} if tags else {}

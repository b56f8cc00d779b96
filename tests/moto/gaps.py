"""Calls that moto does not implement, apart from calls in which it fails.

For both moto raises an exception, which the server answers with status 500, or it has no such path (404). This wraps
moto's application and answers 501 for what is not implemented.
"""

NO_SUCH_PATH = b"The requested URL was not found on the server."


class MotoGaps:
    """A WSGI application that answers as moto does, operations that moto lacks excepted."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environment, start_response):
        held = []
        try:
            body = b"".join(self.application(environment, lambda *start: held.extend(start)))
        except NotImplementedError:
            return not_implemented(start_response)
        if held[0].startswith("404") and NO_SUCH_PATH in body:
            return not_implemented(start_response)
        start_response(*held[:2])
        return [body]


def not_implemented(start_response):
    start_response("501 Not Implemented", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]

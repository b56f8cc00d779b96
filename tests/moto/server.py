"""Serves moto on a free port of the loopback interface.

Writes the port as the one line on standard output, once it accepts connections, and lives for as long
as its standard input stays open: a test that dies in any way takes its server with it.
"""

import os
import sys
import threading

# moto's public images would be loaded again for every account and region; no test needs them.
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")

from buckets_of_aws import AwsBuckets
from denials import AwsDenials
from gaps import MotoGaps
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server


def exit_with_standard_input():
    """Ends the process as soon as the process that started it has ended."""
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    application = AwsBuckets(AwsDenials(MotoGaps(DomainDispatcherApplication(create_backend_app))))
    server = make_server("127.0.0.1", 0, application, threaded=True)
    # A scan opens up to 256 connections at once. Beyond werkzeug's queue of 128 a busy machine drops them, and the
    # scan's connection attempts time out.
    server.socket.listen(1024)
    threading.Thread(target=exit_with_standard_input, daemon=True).start()
    print(server.server_port, flush=True)
    # One line for each request, and a traceback for each call that moto lacks; the answer's status has it too.
    sys.stderr = open(os.devnull, "w")
    server.serve_forever()


if __name__ == "__main__":
    main()

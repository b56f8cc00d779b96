"""Reads shared config and credentials files as botocore does: the second opinion of the program's own parser.

Standard input has a list of objects with `config` and `credentials`, the contents of both files in base64. Standard
output gets a list with an object for each: `profiles`, `sso_sessions` and `services` with their options, or `error`.
"""

import base64
import json
import os
import sys
import tempfile

import botocore.exceptions
import botocore.session


def read(folder, case):
    for name in ("config", "credentials"):
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(base64.b64decode(case[name]))
        os.environ["AWS_CONFIG_FILE" if name == "config" else "AWS_SHARED_CREDENTIALS_FILE"] = path
    # The session is kept because creating one takes longer than reading the files.
    session._config = None
    try:
        config = session.full_config
    except botocore.exceptions.ConfigParseError as error:
        return {"error": str(error.kwargs["error"])}
    return {kind: config.get(kind, {}) for kind in ("profiles", "sso_sessions", "services")}


session = botocore.session.Session()
with tempfile.TemporaryDirectory() as folder:
    json.dump([read(folder, case) for case in json.load(sys.stdin)], sys.stdout)

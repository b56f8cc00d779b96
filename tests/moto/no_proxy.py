"""The hosts that Python calls without a proxy: the second opinion of the program's `NO_PROXY`.

Standard input has a list of pairs, the value of `NO_PROXY` and a URL. Standard output gets a list of booleans.
"""

import json
import sys
import urllib.parse
import urllib.request

json.dump(
    [
        urllib.request.proxy_bypass_environment(urllib.parse.urlparse(url).netloc, {"no": rules})
        for rules, url in json.load(sys.stdin)
    ],
    sys.stdout,
)

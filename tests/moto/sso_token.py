"""Stores a token as botocore does, in the cache folder given: session name (or ""), start URL, token, expiry."""

import sys

from botocore.utils import JSONFileCache, SSOTokenLoader

folder, session, start_url, token, expires = sys.argv[1:]
loader = SSOTokenLoader(cache=JSONFileCache(folder))
content = {"startUrl": start_url, "region": "us-east-1", "accessToken": token, "expiresAt": expires}
loader.save_token(start_url, content, session_name=session or None)

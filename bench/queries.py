"""How many queries a page takes; run on the data of a site: `python -m bench.queries PATH…`.

Prints JSON: for each path, the queries of the public page and of a signed-in reader's.
"""

import json
import sys
from typing import Any


def main(paths: list[str]) -> None:
    """Ask for each path twice as everybody and twice signed in; count the second time."""
    import django

    django.setup()
    print(json.dumps({path: counts(path) for path in paths}))


def counts(path: str) -> dict[str, int]:
    """Return the queries of the page at `path`: public, and signed in."""
    from django.test import Client

    from accounts.models import User

    reader = Client(headers={"host": "localhost"})
    reader.force_login(User.objects.get(handle="reader"))
    public = Client(headers={"host": "localhost"})
    return {"public page": count(public, path), "signed-in page": count(reader, path)}


def count(client: Any, path: str) -> int:
    """Return the queries of the second request for `path`."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


if __name__ == "__main__":
    main(sys.argv[1:])

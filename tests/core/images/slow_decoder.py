"""Run a picture process for tests that obeys its file: it sleeps, loops, eats memory or dies."""

import os
import sys
import time

from core.images.__main__ import serve
from core.images.messages import Encoded, Limits


def decode(file: bytes, _limits: Limits) -> Encoded:
    """Do as `file` says, or return it."""
    match file:
        case b"sleep":
            time.sleep(600)
        case b"loop":
            while True:
                pass
        case b"devour":
            return Encoded("png", len(bytes(1024**3)), 1, b"")
        case b"die":
            os._exit(1)
        case b"fail":
            raise LookupError
    return Encoded("png", 1, 1, file)


if __name__ == "__main__":
    serve(int(sys.argv[1]), decode)

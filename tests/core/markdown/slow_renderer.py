"""Run a render process for tests that obeys its text: it sleeps, loops, dies or fails.

`core.markdown.worker` runs it in place of the real one, which so needs no code for tests.
"""

import os
import sys
import time

from core.markdown.__main__ import serve
from core.markdown.policy import Profile
from core.markdown.refusal import MarkdownRefused, RefusalReason


def render(text: str, _profile: Profile, _people: object) -> str:
    """Do as `text` says, or return it."""
    match text.split():
        case ["sleep", seconds]:
            time.sleep(float(seconds))
        case ["loop"]:
            while True:
                pass
        case ["die"]:
            os._exit(1)
        case ["refuse"]:
            raise MarkdownRefused(RefusalReason.SIZE)
        case ["fail"]:
            raise LookupError
        case ["devour"]:
            return str(len(bytes(5 * 1024**3 // 4)))
        case ["environment"]:
            return " ".join(sorted(os.environ))
        case ["process"]:
            return str(os.getpid())
    return text


if __name__ == "__main__":
    serve(int(sys.argv[1]), render)

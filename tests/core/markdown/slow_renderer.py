"""A render process for tests: it does what it reads. `core.markdown.worker` runs it as it would
run the real one, so that the real one needs no door for tests.
"""

import os
import sys
import time

from core.markdown.__main__ import serve
from core.markdown.policy import Profile
from core.markdown.refusal import MarkdownRefused, RefusalReason


def render(text: str, _profile: Profile) -> str:
    """Obey `text`, or give it back."""
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
            return str(len(bytearray(8 * 1024**3)))
        case ["environment"]:
            return " ".join(sorted(os.environ))
        case ["process"]:
            return str(os.getpid())
    return text


if __name__ == "__main__":
    serve(int(sys.argv[1]), render)

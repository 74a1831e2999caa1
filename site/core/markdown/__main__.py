"""The render process: `python -m core.markdown CHANNEL` renders until its channel is closed."""

import json
import logging
import sys
from collections.abc import Callable, Mapping

from ..processes import child
from .pipeline import Pipeline
from .policy import Profile
from .refusal import MarkdownRefused, RefusalReason

# Bytes of address space. The process takes some 50 MB; no text may take the server's memory.
MEMORY_LIMIT = 1024**3

Render = Callable[[str, Profile, Mapping[str, str]], str]


def serve(channel: int, render: Render) -> None:
    """Render each text received on `channel`, a file descriptor, until it is closed."""

    def answer(request: bytes) -> bytes:
        text, profile, people = json.loads(request)
        return json.dumps(_answer(render, text, Profile(profile), people)).encode()

    child.serve(channel, answer, MEMORY_LIMIT)


def _answer(
    render: Render, text: str, profile: Profile, people: Mapping[str, str]
) -> dict[str, str]:
    try:
        return {"html": render(text, profile, people)}
    except MarkdownRefused as refused:
        return {"refused": refused.reason.value}
    except Exception:
        logging.exception("A text of %d characters broke the renderer", len(text))
        return {"refused": RefusalReason.BROKEN.value}


def main() -> None:
    """Serve with a pipeline for each profile."""
    pipelines = {profile: Pipeline(profile) for profile in Profile}
    serve(int(sys.argv[1]), lambda text, profile, people: pipelines[profile].html(text, people))


if __name__ == "__main__":
    main()

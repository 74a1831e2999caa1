"""Render in a child process: no check of a text can prove that a parser finishes in time."""

import json
from collections.abc import Mapping

from ..processes.parent import ChildProcess, Ended, Overdue
from .refusal import MarkdownRefused, RefusalReason


class RenderWorker(ChildProcess):
    """Renders texts in a child process, one at a time. Safe for threads and after a fork."""

    def __init__(self, program: str = "core.markdown") -> None:
        """Take the module to run, which must speak the protocol of `core.markdown.__main__`."""
        super().__init__(program)

    def html(
        self, text: str, profile: str, limit: float, people: Mapping[str, str] | None = None
    ) -> str:
        """Return `text` as HTML, or raise MarkdownRefused; `limit` as for `ChildProcess.ask`.

        `people` as for `Pipeline.html`.
        """
        request = json.dumps([text, profile, dict(people or {})])
        try:
            answer = json.loads(self.ask(request.encode(), limit))
        except Overdue as error:
            raise MarkdownRefused(RefusalReason.TIME) from error
        except Ended as error:
            raise MarkdownRefused(RefusalReason.BROKEN) from error
        if "html" in answer:
            return str(answer["html"])
        raise MarkdownRefused(RefusalReason(answer["refused"]))

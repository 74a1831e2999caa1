"""Log formatter: one line for each event, without what opens something.

Addresses may contain control characters, and the tokens of links in mails, which work until they
are used or too old: no reader of the log may be able to follow them.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

_CONTROL = {code: f"\\x{code:02x}" for code in [*range(32), *range(127, 160)]}
# Where a token follows in an address, whatever its shape; `deploy/nginx.conf` logs none of them.
TOKEN_PATHS = (
    *("/feeds/notifications/", "/follow/confirm/", "/follow/by-mail/", "/invitation/", "/mail/"),
    *("/preview/", "/restoration/"),
)
_AFTER_PATH = "|".join(f"(?<={path})" for path in TOKEN_PATHS)
# The shapes of Django's signed values, "value:time:signature" with 43 characters of SHA-256, and of
# its tokens of links to choose a password, "account-time-hash".
_TOKENS = re.compile(
    r"(?<![\w-])(?:(?:[\w-]+(?::|%3A))+[\w-]{43}(?![\w-])|[0-9a-z]+-[0-9a-z]{6,8}-[0-9a-f]{32}(?!\w))"
    rf"|(?:{_AFTER_PATH})[^/?\s]+"
)
HIDDEN = "[token]"


class OneLineFormatter(logging.Formatter):
    """Formats a record as one line, with tracebacks indented below, and tokens hidden."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """Return the line with every control character escaped, and without tokens."""
        return without_tokens(super().formatMessage(record)).translate(_CONTROL)

    def formatException(self, ei: object) -> str:  # noqa: N802
        """Return the traceback, indented so that none of its lines can be taken for a record."""
        text = without_tokens(super().formatException(ei))  # type: ignore[arg-type]
        return "\n".join(f"    {line.translate(_CONTROL)}" for line in text.splitlines())


def without_tokens(text: str) -> str:
    """Return `text` without what opens something."""
    return _TOKENS.sub(HIDDEN, text)


@contextmanager
def only_warnings() -> Iterator[None]:
    """Keep records below a warning from the log, for commands whose output people read."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(before)

"""Log formatter: one line for each event, even if an address contains control characters."""

import logging

_CONTROL = {code: f"\\x{code:02x}" for code in [*range(32), *range(127, 160)]}


class OneLineFormatter(logging.Formatter):
    """Formats a record as one line, with tracebacks indented below."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """Return the line with every control character escaped."""
        return super().formatMessage(record).translate(_CONTROL)

    def formatException(self, ei: object) -> str:  # noqa: N802
        """Return the traceback, indented so that none of its lines can be taken for a record."""
        text = super().formatException(ei)  # type: ignore[arg-type]
        return "\n".join(f"    {line.translate(_CONTROL)}" for line in text.splitlines())

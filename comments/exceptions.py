"""Why something cannot be done, in a sentence for the person who tried."""

from django.utils.functional import Promise as LazyText


class Refused(Exception):
    """A write that is not carried out. Nothing has been changed when it is raised.

    `message` is the sentence to show, `status` the HTTP status to answer with, `retry_after` the
    seconds to wait where waiting helps.
    """

    def __init__(
        self, message: str | LazyText, *, status: int = 403, retry_after: int | None = None
    ) -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.status = status
        self.retry_after = retry_after

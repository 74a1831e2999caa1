"""Why a write cannot be carried out, in a sentence for the person who tried."""

from django.utils.functional import Promise as LazyText


class ActionRefused(Exception):
    """A write that is not carried out. Nothing has been changed when it is raised.

    `message` is the sentence to show, `status` the HTTP status to answer with, `field` the form
    field it belongs to (empty: the whole form), `retry_after` the seconds to wait.
    """

    def __init__(
        self,
        message: str | LazyText,
        *,
        status: int = 422,
        field: str = "",
        retry_after: int | None = None,
    ) -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.status = status
        self.field = field
        self.retry_after = retry_after

"""The exception for a refused write, with a message for the person."""

from typing import NamedTuple

from django.utils.functional import Promise as LazyText


class Link(NamedTuple):
    """An address and the text of its link."""

    url: str
    text: str | LazyText


class ActionRefused(Exception):
    """A write is refused. Nothing has been changed when it is raised.

    `message` is the sentence to show, `status` the HTTP status of the response, `field` the name of
    the form field it belongs to (empty: the whole form), `retry_after` the seconds to wait.
    `link` ends the sentence: an address that helps.
    """

    def __init__(
        self,
        message: str | LazyText,
        *,
        status: int = 422,
        field: str = "",
        retry_after: int | None = None,
        link: Link | None = None,
    ) -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.status = status
        self.field = field
        self.retry_after = retry_after
        self.link = link

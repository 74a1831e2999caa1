"""Why an author's write cannot be done, in a sentence for the person who tried."""

from django.utils.functional import Promise as LazyText


class Refused(Exception):
    """A write that is not carried out. Nothing has been changed when it is raised.

    `message` is the sentence to show, `field` the form field it belongs to (empty: the whole
    form), `status` the HTTP status to answer with.
    """

    def __init__(self, message: str | LazyText, *, field: str = "", status: int = 422) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field
        self.status = status

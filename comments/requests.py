"""What views ask of a request: who sent it, and what its parameters name."""

from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .cursors import BadCursor, FlatCursor

# As many digits as an id can have; longer ones are nobody's.
MOST_DIGITS = 18


def person_asking(request: HttpRequest) -> User:
    """Return who is signed in; for views that a guard has let nobody else into."""
    assert isinstance(request.user, User)
    return request.user


def number(text: str) -> int | None:
    """Return the id written as `text`, or None."""
    if not text.isascii() or not text.isdigit() or len(text) > MOST_DIGITS:
        return None
    return int(text)


def place(asked: QueryDict, name: str = "after") -> FlatCursor | None:
    """Return where a page begins, None for the first; 404 for a cursor nobody gave out."""
    text = asked.get(name, "")
    if not text:
        return None
    try:
        return FlatCursor.parse(text)
    except BadCursor as error:
        raise Http404(_("This page of the list does not exist.")) from error

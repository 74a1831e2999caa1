"""Parameters that several pages have: the cursor of a list."""

from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from .cursors import BadCursor, FlatCursor


def place(asked: QueryDict, name: str = "after") -> FlatCursor | None:
    """Return the cursor of a page, None for the first; 404 for a bad cursor."""
    text = asked.get(name, "")
    if not text:
        return None
    try:
        return FlatCursor.parse(text)
    except BadCursor as error:
        raise Http404(_("This page of the list does not exist.")) from error

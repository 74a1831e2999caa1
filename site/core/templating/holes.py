"""Render a page once, with holes for the parts that differ from request to request.

A template wraps those parts in `{% live %}…{% endlive %}`. `HoledTemplate` renders the rest without
a request or user, so nothing private can get into it; `fill` renders the live parts for a request.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.template import Context, RequestContext
from django.template.base import NodeList
from django.template.loader import get_template
from django.utils.safestring import SafeString

from ..markdown.html import assembled

HOLES = "__holes"
# In no template and in no text: `core.text` refuses the character NULL.
MARK = "\N{NULL}hole\N{NULL}"


class HoledTemplate:
    """A rendered page with holes for its live parts."""

    def __init__(self, template: str, context: Mapping[str, Any]) -> None:
        """Render the template named `template` with `context`, which must not depend on a user."""
        self._template = get_template(template).template  # type: ignore[attr-defined]
        self._holes: list[NodeList] = []
        html = self._template.render(Context({**context, HOLES: self._holes}))
        self._pieces = html.split(MARK)

    @property
    def size(self) -> int:
        """The length of the HTML outside the holes, in characters."""
        return sum(map(len, self._pieces))

    def fill(self, request: HttpRequest, context: Mapping[str, Any]) -> SafeString:
        """Return the page with its live parts rendered for `request` with `context`."""
        live = RequestContext(request, dict(context))
        html = [self._pieces[0]]
        with live.render_context.push_state(self._template), live.bind_template(self._template):
            for hole, piece in zip(self._holes, self._pieces[1:], strict=True):
                html += hole.render(live), piece
        return assembled("".join(html))

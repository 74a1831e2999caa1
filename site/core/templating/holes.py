"""Pages drawn but for their live parts, so that what seldom changes is drawn seldom.

A template wraps what differs from request to request in `{% live %}…{% endlive %}`. Drawn as a
shell, the page has holes there; `fill` draws those for a request. What is outside of them is drawn
without any request or person, so nothing private can get into a shell.
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
# No template and no text of anybody has this: `core.text` refuses such characters.
MARK = "\N{NULL}hole\N{NULL}"


class HoledTemplate:
    """A drawn page with holes."""

    def __init__(self, template: str, context: Mapping[str, Any]) -> None:
        """Draw `template` with `context`, which says nothing about who asks."""
        self._template = get_template(template).template  # type: ignore[attr-defined]
        self._holes: list[NodeList] = []
        html = self._template.render(Context({**context, HOLES: self._holes}))
        self._pieces = html.split(MARK)

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        return sum(map(len, self._pieces))

    def fill(self, request: HttpRequest, context: Mapping[str, Any]) -> SafeString:
        """Return the page with its live parts drawn for `request`."""
        live = RequestContext(request, dict(context))
        drawn = [self._pieces[0]]
        with live.render_context.push_state(self._template), live.bind_template(self._template):
            for hole, piece in zip(self._holes, self._pieces[1:], strict=True):
                drawn += hole.render(live), piece
        return assembled("".join(drawn))

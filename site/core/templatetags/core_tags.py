"""Small marks that every page uses: the shapes of stances, times, and the fields of a form."""

from datetime import datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.base import Node, NodeList, Parser, Token
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from ..counting import grouped
from ..templating.holes import HOLES, MARK

register = template.Library()

# The drawings in templates/components/_glyphs.html.
SHAPES = frozenset({"apart", "within", "crossing", "touching", "open", "stacked"})
DAY = "j F Y"
MINUTE = "j F Y, H:i"


register.filter(grouped)


class LiveNode(Node):
    """What differs from request to request: a hole in a shell, elsewhere drawn in place."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString | str:
        """Draw the part, or leave it to the filling of the shell that is being drawn."""
        holes: list[NodeList] | None = context.get(HOLES)
        if holes is None:
            return self.nodelist.render(context)
        holes.append(self.nodelist)
        return MARK


@register.tag
def live(parser: Parser, _token: Token) -> LiveNode:
    """Begin a part of a page that is drawn for each request; ends with `endlive`."""
    nodelist = parser.parse(("endlive",))
    parser.delete_first_token()
    return LiveNode(nodelist)


@register.simple_tag
def glyph(shape: str) -> SafeString:
    """Draw `shape`, a stance's two circles. Decoration: the word stands beside it."""
    known = shape if shape in SHAPES else "open"
    return format_html(
        '<svg class="glyph" aria-hidden="true"><use href="#g-{}"/></svg>', str(known)
    )


@register.simple_tag
def moment(when: datetime | None, style: str = "minute") -> SafeString | str:
    """Print a time that does not age: `style` "day" gives the date, "minute" the time as well."""
    if when is None:
        return ""
    local = localtime(when)
    shown = date_format(local, DAY if style == "day" else MINUTE)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), shown)


@register.inclusion_tag("components/_field.html")
def field(bound: BoundField, optional: bool = False) -> dict[str, Any]:
    """Print a form field with its label, help and errors; Django ties them by `aria-describedby`.

    With `optional` a field that may stay empty says so.
    """
    # Every field has its label; libraries repeat it in the field, where it is soon gone.
    bound.field.widget.attrs.pop("placeholder", None)
    kind = getattr(bound.field.widget, "input_type", "")
    return {
        "field": bound,
        "is_check": kind == "checkbox" and not bound.use_fieldset,
        "is_group": bound.use_fieldset,
        "is_optional": optional and not bound.field.required,
    }


@register.inclusion_tag("components/_fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """Print every field of `form`, hidden ones too, under what is wrong with the whole of it."""
    return {"form": form}

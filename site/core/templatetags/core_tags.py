"""Template tags for every page: live parts, glyphs of stances, times and form fields."""

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

from ..numbers import grouped
from ..templating.holes import HOLES, MARK

register = template.Library()

# The ids of the symbols in templates/components/_glyphs.html.
SHAPES = frozenset({"apart", "within", "crossing", "touching", "open", "stacked"})
DAY = "j F Y"
MINUTE = "j F Y, H:i"


register.filter(grouped)


class LiveNode(Node):
    """A part that differs between requests: a hole in a holed template, elsewhere rendered."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString | str:
        """Render the part, or leave a hole for `HoledTemplate.fill`."""
        holes: list[NodeList] | None = context.get(HOLES)
        if holes is None:
            return self.nodelist.render(context)
        holes.append(self.nodelist)
        return MARK


@register.tag
def live(parser: Parser, _token: Token) -> LiveNode:
    """Begin a part of a page that is rendered for each request; ends with `endlive`."""
    nodelist = parser.parse(("endlive",))
    parser.delete_first_token()
    return LiveNode(nodelist)


@register.simple_tag
def glyph(shape: str) -> SafeString:
    """Print the glyph of a stance, two circles. It is decoration beside the stance's label."""
    known = shape if shape in SHAPES else "open"
    return format_html(
        '<svg class="glyph" aria-hidden="true"><use href="#g-{}"/></svg>', str(known)
    )


@register.simple_tag
def moment(when: datetime | None, style: str = "minute") -> SafeString | str:
    """Print a time in full: as date for `style` "day", with the time of day for "minute"."""
    if when is None:
        return ""
    local = localtime(when)
    shown = date_format(local, DAY if style == "day" else MINUTE)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), shown)


@register.inclusion_tag("components/_field.html")
def field(bound: BoundField, optional: bool = False) -> dict[str, Any]:
    """Print a form field with its label, help and errors, linked by `aria-describedby`.

    With `optional` a field that is not required is labelled as optional.
    """
    # allauth repeats the label as a placeholder, which disappears on typing.
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
    """Print the errors of `form` as a whole and every field, hidden ones too."""
    return {"form": form}

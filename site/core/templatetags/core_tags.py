"""Template tags for every page: live parts, glyphs of stances, times and form fields."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.base import Node, NodeList, Parser, Token
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name, localtime

from ..markdown.html import shortened
from ..numbers import grouped
from ..templating.holes import HOLES, MARK
from ..timestamps import MINUTE, MONTH, day_of, moment_of

register = template.Library()

# The ids of the symbols in templates/components/_glyphs.html.
SHAPES = frozenset({"apart", "within", "crossing", "touching", "open", "stacked"})
# The shape of the site's mark.
MARK_SHAPE = "crossing"
_WORDS: dict[str, Callable[[datetime], str]] = {
    "minute": lambda time: date_format(localtime(time), MINUTE),
    "day": day_of,
    "month": lambda time: date_format(localtime(time), MONTH),
    "deadline": moment_of,
}


register.filter(grouped)
register.filter(shortened)


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


def known_shape(shape: str) -> str:
    """Return the shape that is drawn for `shape`."""
    return str(shape) if shape in SHAPES else "open"


@register.simple_tag
def glyph(shape: str) -> SafeString:
    """Print the glyph of a stance, two circles. It is decoration beside the stance's label.

    The size is for browsers that have no style sheet yet, which would fill the page with it. Values
    that HTML takes without quotation marks have none: it stands on every comment.
    """
    return format_html(
        '<svg class="glyph" width=32 height=20 aria-hidden=true><use href="#g-{}"/></svg>',
        known_shape(shape),
    )


@register.simple_tag
def moment(when: datetime | None, style: str = "minute") -> SafeString | str:
    """Print a time, the one way for every page: {% moment when "day" %}.

    With the time of day for `style` "minute", its zone besides for "deadline"; as a date for "day"
    and "month"; for programs, without an element, for "iso". `as` keeps it for a sentence.
    """
    if when is None:
        return ""
    iso = localtime(when).isoformat(timespec="seconds")
    if style == "iso":
        return iso
    return format_html('<time datetime="{}">{}</time>', iso, _WORDS[style](when))


@register.simple_tag
def zone_name() -> str:
    """Print the name of the time zone in which times are shown."""
    return get_current_timezone_name()


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

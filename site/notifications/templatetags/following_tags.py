"""Print the button to follow something, on any page."""

from typing import Any

from django import template
from django.template import Context
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.utils.safestring import SafeString

from core.templating.holes import HOLES, MARK

from ..following import buttons
from ..targets import Key

register = template.Library()


class FollowNode(Node):
    """The button; on a page that many people share a hole that knows what it is for."""

    def __init__(self, *arguments: FilterExpression) -> None:
        self.arguments = arguments

    def render(self, context: Context) -> SafeString | str:
        """Render the button, or leave a hole for `HoledTemplate.fill`."""
        name, pk, title, *detail = (each.resolve(context) for each in self.arguments)
        if not pk:
            return ""
        what = str(name), Key(int(pk), str(detail[0]) if detail else ""), str(title)
        if context.get("public"):
            return buttons.link(*what)
        holes: list[NodeList] | None = context.get(HOLES)
        if holes is None:
            return buttons.button(context["request"], *what)
        holes.append(NodeList([_Button(what)]))
        return MARK


class _Button(Node):
    """The button for one target."""

    def __init__(self, what: tuple[str, Key, str]) -> None:
        self.what = what

    def render(self, context: Context) -> SafeString | str:
        """Render it for the request."""
        request: Any = context["request"]
        return buttons.button(request, *self.what)


@register.tag
def follow(parser: Parser, token: Token) -> FollowNode:
    """Print the button: {% follow "post" post.pk post.title %}, and a detail if there is one."""
    _name, *arguments = token.split_contents()
    return FollowNode(*(parser.compile_filter(each) for each in arguments))

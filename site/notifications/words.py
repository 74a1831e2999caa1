"""The line of a notification by itself: the block `line` of the template of its kind."""

from typing import Any

from django.template import Context, loader
from django.template.loader_tags import ExtendsNode
from django.utils.safestring import SafeString

from .kinds import Content, NotificationKind


def line_of(kind: NotificationKind, content: Content) -> SafeString:
    """Return what a notification of `kind` says in one line of HTML without a link.

    Each kind extends `notifications/row.html` and fills the block, so that the line stands in one
    place for the inbox, feeds and mail.
    """
    template: Any = loader.get_template(kind.template)
    extends = template.template.nodelist.get_nodes_by_type(ExtendsNode)[0]
    context = Context({"content": content, "facts": content.facts})
    with context.bind_template(template.template):
        line: SafeString = extends.blocks["line"].render(context)
    return line

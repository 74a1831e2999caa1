"""Lay out mail: as text and as HTML, under the name and in the colours of the site.

Mail programs drop style sheets, so the rules of `mail/style.css` are written into each element.
Those for dark mode stay in the head, for programs that read them; others choose their own colours.
"""

import re
from functools import cache
from typing import Any, NamedTuple

import css_inline
from django.conf import settings
from django.template.loader import render_to_string

from .. import current
from ..look import ANSWERS, SCHEMES, palette_of, shipped

# What stands alone in its line: an address of this site is a button, a code is set large.
_CODE = re.compile(r"[A-Z0-9]{3,8}(?:-[A-Z0-9]{3,8})?")
_BULLET = "- "
_HEAD = "</head>"


class MailBlock(NamedTuple):
    """A part of a mail: `kind` is text, list, link or code."""

    kind: str
    lines: list[str]


def lay_out(template: str, context: dict[str, Any]) -> tuple[str, str]:
    """Return a mail as text and as HTML, from `<template>.txt` and `<template>.html`."""
    text = render_to_string(f"{template}.txt", context)
    return f"{text.strip()}\n", html_of(f"{template}.html", context)


def html_of(template: str, context: dict[str, Any]) -> str:
    """Return the HTML that `template` makes of `context` in the layout `mail/layout.html`."""
    page = render_to_string(template, context)
    style = render_to_string("mail/style.css", _colours())
    return _inliner().inline(page.replace(_HEAD, f"<style>{style}</style>{_HEAD}", 1))


def html_of_text(subject: str, text: str, act: str = "") -> str:
    """Return the HTML of a mail that is written as text; its last paragraph names the sender.

    `act` is what the button says that an address in the text becomes.
    """
    *blocks, _sender = blocks_of(text)
    return html_of("mail/from_text.html", {"title": subject, "blocks": blocks, "act": act})


def blocks_of(text: str) -> list[MailBlock]:
    """Return the parts of `text`: paragraphs, lists, and lines that are an address or a code."""
    blocks: list[MailBlock] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines: list[str] = []
        for line in (line.strip() for line in paragraph.splitlines()):
            kind = _kind_of(line)
            if kind in ("link", "code"):
                blocks += _block_of(lines)
                blocks.append(MailBlock(kind, [line]))
                lines = []
            else:
                lines.append(line)
        blocks += _block_of(lines)
    return blocks


def _block_of(lines: list[str]) -> list[MailBlock]:
    """Return the block of `lines`, if there are any."""
    if lines and all(line.startswith(_BULLET) for line in lines):
        return [MailBlock("list", [line.removeprefix(_BULLET) for line in lines])]
    return [MailBlock("text", lines)] if lines else []


def _kind_of(line: str) -> str:
    if line.startswith(f"{settings.SITE_URL}/") and " " not in line:
        return "link"
    return "code" if _CODE.fullmatch(line) else "text"


def _colours() -> dict[str, dict[str, str]]:
    """Return the colours of the site by scheme and name."""
    palette = palette_of(current.current())
    return {
        scheme: shipped()[scheme] | {name: palette[scheme][name] for name in ANSWERS}
        for scheme in SCHEMES
    }


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)

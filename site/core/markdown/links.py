"""Rules of markdown-it for links: where a bare address ends, and which definitions are links."""

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from markdown_it.rules_inline import StateInline

_SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?)$", re.IGNORECASE)
# An address that is typed among words ends before these, wherever they stand: quotation marks,
# dots and dashes of print, and the stops and brackets of languages that put no space behind them.
_NEVER_INSIDE = re.compile("[“”„«»‹›…—。、，．！？；：（）「」『』【】《》〈〉〔〕｛｝［］]")
# And before these at its end, by the rules of GitHub Flavored Markdown 6.9.
_NEVER_LAST = "?!.,:;'\"‘’–*"
# `&amp;` behind an address is the writer's entity, not a part of it (same rules).
_ENTITY = re.compile(r"&[a-z0-9]+$", re.IGNORECASE)

# Marks of emphasis that are looked at, from the nearest back: a text of thousands stays cheap.
_MARKS = 200

# What a definition such as `[name]: target` may lead to. Other targets are words: the line would
# vanish from the page.
_TARGET = re.compile(r"https?://|mailto:|[/#?]|\.\.?/", re.IGNORECASE)


def link_bare_address(state: StateInline, silent: bool) -> bool:
    """Link an address that begins with http:// or https:// and stands among words."""
    if state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending)
    if scheme is None:
        return False
    typed = len(scheme[1])
    address = _bare_address(state, state.pos - typed)
    href = state.md.normalizeLink(address)
    if len(address) <= typed or not state.md.validateLink(href):
        return False
    if not silent:
        state.pending = state.pending[:-typed]
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": href}
        opening.markup, opening.info = "linkify", "auto"
        state.push("text", "", 0).content = address
        closing = state.push("link_close", "a", -1)
        closing.markup, closing.info = "linkify", "auto"
    state.pos += len(address) - typed
    return True


def _bare_address(state: StateInline, start: int) -> str:
    """Return the address at `start` of the source, without what follows it; empty for none."""
    assert state.md.linkify is not None
    found = state.md.linkify.match_at_start(state.src[start:])
    if found is None:
        return ""
    address: str = _NEVER_INSIDE.split(found.url, maxsplit=1)[0]
    last = _NEVER_LAST + "".join(mark for mark in "_~" if _is_open(state, mark))
    address = address.rstrip(last)
    if state.src.startswith(";", start + len(address)):
        address = _ENTITY.sub("", address).rstrip(last)
    return address


def _is_open(state: StateInline, mark: str) -> bool:
    """Return whether emphasis that `mark` began is still open here."""
    depth = 0
    for delimiter in state.delimiters[-_MARKS:]:
        if delimiter.marker == ord(mark):
            depth = depth + 1 if delimiter.open else max(0, depth - 1)
    return depth > 0


def define_link(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take `[name]: address` for the definition of a link; leave other lines as words.

    A name that begins with `^` is a footnote's: no text names a link so.
    """
    line, known = state.line, state.env.setdefault("references", {})
    found = state.env["references"] = {}
    matched = reference(state, start, end, silent)
    state.env["references"] = known
    for name, entry in found.items():
        if name.startswith("^") or not _TARGET.match(entry["href"]):
            state.line = line
            return False
        known.setdefault(name, entry)
    return matched

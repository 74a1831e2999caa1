"""Footnotes of posts, with ids that are unique on a page and without dropping notes."""

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin


def footnotes(md: MarkdownIt) -> None:
    """Add footnotes to the parser `md`; a plugin of markdown-it."""
    md.use(footnote_plugin)
    md.core.ruler.after("inline", "kept_notes", keep_notes)
    md.add_render_rule("footnote_ref", _reference)
    md.add_render_rule("footnote_block_open", _notes_open)
    md.add_render_rule("footnote_open", _note_open)
    md.add_render_rule("footnote_anchor", _backlink)


def keep_notes(state: StateCore) -> None:
    """List notes without a reference, and second notes of a name, which would be dropped."""
    notes = state.env.get("footnotes")
    if notes is None:
        return
    names: set[str] = set()
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            name = token.meta["label"]
            if name in names:  # no typed name contains a space
                name = token.meta["label"] = f"{name} {len(notes['list'])}"
            names.add(name)
            if notes["refs"].get(f":{name}", -1) < 0:
                notes["list"][len(notes["list"])] = {"label": name, "count": 0}


def _number(token: Token) -> str:
    return str(token.meta["id"] + 1)


def _reference_id(token: Token) -> str:
    again = token.meta.get("subId", 0)
    return f"fn-ref-{_number(token)}" + (f"-{again + 1}" if again else "")


def _reference(
    _self: RendererProtocol, tokens: Sequence[Token], index: int, _o: OptionsDict, _e: EnvType
) -> str:
    number = _number(tokens[index])
    return (
        f'<sup><a href="#fn-{number}" id="{_reference_id(tokens[index])}" role="doc-noteref">'
        f"{number}</a></sup>"
    )


def _notes_open(*_: Any) -> str:
    return '<section class="footnotes" role="doc-endnotes">\n<ol>\n'


def _note_open(
    _self: RendererProtocol, tokens: Sequence[Token], index: int, _o: OptionsDict, _e: EnvType
) -> str:
    return f'<li id="fn-{_number(tokens[index])}">'


def _backlink(
    _self: RendererProtocol, tokens: Sequence[Token], index: int, _o: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    if env["footnotes"]["list"][token.meta["id"]].get("count") == 0:
        return ""
    return f' <a href="#{_reference_id(token)}" role="doc-backlink">↩</a>'

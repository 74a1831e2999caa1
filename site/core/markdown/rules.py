"""Rules of markdown-it that change or refuse a parsed text before it is rendered."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html import escape

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from ..characters import is_hidden
from .addresses import is_external, is_own_image
from .code import highlight, language
from .direction import set_directions
from .policy import REL, Profile
from .refusal import MarkdownRefused, RefusalReason

# Levels of nesting: ten lists or twenty quotations. The parser silently drops what is below its own
# limit, and deep emphasis makes sanitizers and browsers slow.
MAX_DEPTH = 20
# Characters.
HEADING_ID_LENGTH = 60
# Levels times lines, because the parser reads a quotation once for each of its levels: a number
# that any text may have, and more for each character.
LEVELS_OF_LINES_BASE = 5_000
LEVELS_OF_LINES_PER_CHARACTER = 2
# Coloured tokens that any text may have, and characters for each further one: the sanitizers check
# each of them.
COLOURED_LENGTH = 5_000  # characters of a code block: lexers take quadratic time for hostile ones
COLOURED_BASE = 500
CHARACTERS_PER_COLOURED = 5

# Numbers of a list that do not fit beside its text: those of three and four digits, as years have,
# and longer ones.
LONG_NUMBER, LONGER_NUMBER = 100, 10_000

_NOT_A_WORD = re.compile(r"[\W_]+")
_BREAKS = ("softbreak", "hardbreak")

Rule = Callable[[StateCore], None]


def core_rules(profile: Profile) -> dict[str, Rule]:
    """Return the rules for texts of `profile`, by name, in the order in which they run."""
    return {
        "shallow_spans": refuse_deep_spans,
        "directions": set_directions,
        "wide_numbers": leave_room_for_numbers,
        "page_outline": outline_headings if profile is Profile.POST else flatten_headings,
        "own_images": link_images(profile),
        "link_rel": mark_links(profile),
        "class_for_align": align_by_class,
        "colours": colour_code,
        "scrollers": let_keys_scroll,
    }


def refuse_deep_blocks(state: StateBlock, start: int, end: int, _silent: bool) -> bool:
    """Refuse quotations and lists that are nested too deep; never match."""
    most = LEVELS_OF_LINES_BASE + LEVELS_OF_LINES_PER_CHARACTER * len(state.src)
    if state.level >= MAX_DEPTH or state.level * (end - start) > most:
        raise MarkdownRefused(RefusalReason.NESTING)
    return False


def show_hidden_entities(state: StateCore) -> None:
    """Leave entities like `&#8238;` as typed if `core.text` refuses their characters."""
    for token in _with_children(_inlines(state)):
        if token.info == "entity" and is_hidden(token.content[0]):
            token.content = token.markup


def refuse_deep_spans(state: StateCore) -> None:
    """Refuse emphasis and links that are nested too deep."""
    for inline in _inlines(state):
        depth = 0
        for token in inline.children or ():
            depth += token.nesting
            if depth > MAX_DEPTH:
                raise MarkdownRefused(RefusalReason.NESTING)


def outline_headings(state: StateCore) -> None:
    """Renumber the headings of a post below its title, from `h2` without gaps, and add ids."""
    above: list[str] = []
    ids: Counter[str] = Counter()
    for opening, inline, closing in _headings(state):
        while above and above[-1] >= opening.tag:
            above.pop()
        above.append(opening.tag)
        opening.attrSet("id", _heading_id(_text_of(inline.children or ()), ids))
        opening.tag = closing.tag = f"h{min(1 + len(above), 6)}"


def flatten_headings(state: StateCore) -> None:
    """Turn headings in a comment into strong paragraphs: the page has its own outline."""
    for opening, inline, closing in _headings(state):
        opening.tag = closing.tag = "p"
        strong = Token("strong_open", "strong", 1), Token("strong_close", "strong", -1)
        inline.children = [strong[0], *(inline.children or ()), strong[1]]


def link_images(profile: Profile) -> Rule:
    """Return the rule that turns images into links, except in posts those of this site."""

    def rule(state: StateCore) -> None:
        for inline in _inlines(state):
            inline.children = list(_without_images(inline.children or (), profile))

    return rule


def mark_links(profile: Profile) -> Rule:
    """Return the rule that sets `rel` on links."""

    def rule(state: StateCore) -> None:
        for inline in _inlines(state):
            for token in inline.children or ():
                if token.type == "link_open" and _is_marked(token, profile):
                    token.attrSet("rel", REL[profile])

    return rule


def align_by_class(state: StateCore) -> None:
    """Align table cells by class: the Content-Security-Policy forbids inline styles."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and "style" in token.attrs:
            style = str(token.attrs.pop("style"))
            token.attrSet("class", style.replace("text-align:", "align-"))


def colour_code(state: StateCore) -> None:
    """Highlight fenced code in a known language, up to the limit of coloured tokens."""
    remaining = COLOURED_BASE + len(state.src) // CHARACTERS_PER_COLOURED
    for token in state.tokens:
        if token.type != "fence":
            continue
        name = language(token.info)
        token.info = name
        is_coloured = bool(name) and len(token.content) <= COLOURED_LENGTH
        coloured = highlight(token.content, name) if is_coloured else ""
        remaining -= coloured.count("<span")
        if coloured and remaining >= 0:
            token.type = "html_block"
            token.content = _code(coloured, name)


def leave_room_for_numbers(state: StateCore) -> None:
    """Add a class to lists whose numbers are long: "1986. What a season that was."."""
    lists: list[tuple[Token, int]] = []
    for token in state.tokens:
        if token.type.endswith("_list_open"):
            lists.append((token, int(token.attrGet("start") or 1) - 1))
        elif token.type == "list_item_open":
            opening, last = lists.pop()
            lists.append((opening, last + 1))
        elif token.type.endswith("_list_close"):
            opening, last = lists.pop()
            if opening.tag == "ol" and last >= LONG_NUMBER:
                opening.attrSet("class", "years" if last < LONGER_NUMBER else "numbers")


def let_keys_scroll(state: StateCore) -> None:
    """Make code and tables focusable, so that the keyboard can scroll wide ones."""
    tokens: list[Token] = []
    for token in state.tokens:
        if token.type == "fence":
            token.type, token.content = "html_block", _code(escape(token.content), token.info)
        elif token.type == "code_block":
            token.attrSet("tabindex", "0")
        if token.type == "table_open":
            tokens.append(_html('<div class="scroller" tabindex="0">\n'))
        tokens.append(token)
        if token.type == "table_close":
            tokens.append(_html("</div>\n"))
    state.tokens = tokens


def _code(html: str, name: str) -> str:
    attribute = f' class="language-{escape(name)}"' if name else ""
    return f'<pre tabindex="0"><code{attribute}>{html}</code></pre>\n'


def _html(content: str) -> Token:
    return Token("html_block", "", 0, content=content)


def _inlines(state: StateCore) -> Iterator[Token]:
    return (token for token in state.tokens if token.type == "inline")


def _with_children(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _with_children(token.children or ())


def _headings(state: StateCore) -> Iterator[tuple[Token, Token, Token]]:
    for index, token in enumerate(state.tokens):
        if token.type == "heading_open":
            yield token, state.tokens[index + 1], state.tokens[index + 2]


def _heading_id(text: str, ids: Counter[str]) -> str:
    name = _NOT_A_WORD.sub("-", text.lower()).strip("-")[:HEADING_ID_LENGTH].strip("-")
    ids[name] += 1
    # No heading gives two dashes in a row, so a numbered id is unique.
    return f"h-{name}--{ids[name]}" if ids[name] > 1 or not name else f"h-{name}"


def _text_of(tokens: Iterable[Token]) -> str:
    return "".join(
        " " if token.type in _BREAKS else _text_of(token.children or ()) or token.content
        for token in tokens
    )


def _without_images(tokens: Iterable[Token], profile: Profile) -> Iterator[Token]:
    links = 0
    for token in tokens:
        if token.type in ("link_open", "link_close"):
            links += token.nesting
        address = str(token.attrs.get("src", ""))
        if token.type != "image" or (profile is Profile.POST and is_own_image(address)):
            yield token
        else:
            label = _text_of(token.children or ()).strip() or address
            text = Token("text", "", 0, content=label)
            yield from [text] if links else _linked(text, address)


def _linked(text: Token, address: str) -> tuple[Token, Token, Token]:
    opening = Token("link_open", "a", 1, attrs={"href": address})
    return opening, text, Token("link_close", "a", -1)


def _is_marked(link: Token, profile: Profile) -> bool:
    return profile is Profile.COMMENT or is_external(str(link.attrs.get("href", "")))

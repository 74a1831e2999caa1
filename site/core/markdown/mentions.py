"""Find mentions, `@handle` in a comment, and link those whose handle is known."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# The class of the link, which no text can give to a link of its own.
MENTION_CLASS = "mention"

_MENTION = re.compile("@([a-z](?:[._-]?[a-z0-9])*)", re.IGNORECASE | re.ASCII)
# Neither sanitizer leaves a quotation mark or an angle bracket within a title or an address.
_LINKED = re.compile(f'<a class="{MENTION_CLASS}"[^<>]*>@([^<>]+)</a>')


def mentioned_in(text: str) -> list[str]:
    """Return the handles that the Markdown `text` may mention, each once, in lower case.

    Those in code, quotations and links are among them: only rendering tells them apart.
    """
    found = (match[1].lower() for match in _MENTION.finditer(text) if _stands_alone(match))
    return list(dict.fromkeys(found))


def linked_in(html: str) -> list[str]:
    """Return the handles that rendered `html` links as mentions, each once, in lower case."""
    return list(dict.fromkeys(handle.lower() for handle in _LINKED.findall(html)))


def link_mentions(state: StateCore) -> None:
    """Link mentions of the handles in `people` of the environment, which has their addresses.

    None within a quotation, a link or code. Before texts are joined, so that in `\\@handle` the
    sign is another token.
    """
    people: Mapping[str, str] = state.env.get("people", {})
    quotations = 0
    for token in state.tokens:
        if token.type in ("blockquote_open", "blockquote_close"):
            quotations += token.nesting
        elif people and token.type == "inline" and not quotations:
            token.children = list(_with_mentions(token.children or (), people))


def _with_mentions(tokens: Iterable[Token], people: Mapping[str, str]) -> Iterator[Token]:
    links = 0
    for token in tokens:
        if token.type in ("link_open", "link_close"):
            links += token.nesting
        if token.type == "text" and not links:
            yield from _split(token.content, people)
        else:
            yield token


def _split(text: str, people: Mapping[str, str]) -> Iterator[Token]:
    """Yield `text` as tokens, with a link around each mention of one of `people`."""
    done = 0
    for match in _MENTION.finditer(text):
        address = people.get(match[1].lower())
        if address and _stands_alone(match):
            yield _text(text[done : match.start()])
            yield Token("link_open", "a", 1, attrs={"class": MENTION_CLASS, "href": address})
            yield _text(match[0])
            yield Token("link_close", "a", -1)
            done = match.end()
    yield _text(text[done:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _stands_alone(match: re.Match[str]) -> bool:
    """Return whether a mention is no part of a longer word, an e-mail address or a path."""
    start, end = match.span()
    before, after = match.string[max(start - 1, 0) : start], match.string[end : end + 1]
    return before != "/" and not _continues_word(before) and not _continues_word(after)


def _continues_word(character: str) -> bool:
    """Return whether a letter, digit or mark is one word with the Latin letter beside it.

    Scripts without capitals, such as Chinese and Arabic, do not mix their letters with Latin ones.
    """
    if not character or character in "_@":
        return bool(character)
    has_case = character.lower() != character.upper()
    return has_case or character.isdigit() or bool(unicodedata.combining(character))

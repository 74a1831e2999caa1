"""Give each block the direction of its own words, where it differs from that around it."""

import unicodedata

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_DIRECTIONS = {"L": "ltr", "R": "rtl", "AL": "rtl"}
# Blocks that a browser sets from one side: with them turn marks of lists, bars and indentation.
_BLOCKS = frozenset(
    f"{name}_open"
    for name in (
        "paragraph",
        "heading",
        "blockquote",
        "bullet_list",
        "ordered_list",
        "list_item",
        "table",
        "th",
        "td",
    )
)
_CODE = ("code_block", "fence")
_WORDS = ("text", "code_inline", "image")


def set_directions(state: StateCore) -> None:
    """Add `dir` to blocks whose first letter runs another way than that of the block around them.

    What stands around a whole text is `dir="auto"`, which takes the first letter of all: where
    every block runs one way, as in most texts, nothing is added.
    """
    own = _own_directions(state.tokens)
    above = [own.get(-1, "")]
    for index, token in enumerate(state.tokens):
        if token.type in _BLOCKS:
            direction = own.get(index) or above[-1]
            if direction != above[-1]:
                token.attrSet("dir", direction)
            above.append(direction)
        elif _closes_block(token):
            above.pop()


def _own_directions(tokens: list[Token]) -> dict[int, str]:
    """Return the direction of the first letter in each block, by its index; -1 is the whole."""
    own: dict[int, str] = {}
    waiting = [-1]
    for index, token in enumerate(tokens):
        if token.type in _BLOCKS:
            waiting.append(index)
        elif direction := _direction(token):
            own.update((block, direction) for block in waiting if block not in own)
        elif _closes_block(token):
            waiting.pop()
    return own


def _closes_block(token: Token) -> bool:
    return token.nesting < 0 and token.type.replace("_close", "_open") in _BLOCKS


def _direction(token: Token) -> str:
    """Return the direction of the first letter of a token, empty without one."""
    words = (part.content for part in token.children or () if part.type in _WORDS)
    for text in (token.content,) if token.type in _CODE else words:
        for character in text:
            if direction := _DIRECTIONS.get(unicodedata.bidirectional(character)):
                return direction
    return ""

"""Allowed tags and attributes of rendered HTML, the same for both sanitizers."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from ..characters import is_hidden
from .addresses import is_own_image, is_safe
from .mentions import MENTION_CLASS

SCHEMES = frozenset({"http", "https", "mailto"})


class Profile(StrEnum):
    """The kind of a text, which decides what it may contain."""

    POST = "post"
    COMMENT = "comment"


# Search engines ask sites to mark links in user-generated content, to give them no weight.
REL = {Profile.POST: "noopener", Profile.COMMENT: "nofollow ugc noopener"}

Rule = Callable[[str], object]


def _only(pattern: str) -> Rule:
    return re.compile(pattern).fullmatch


def _has_no_hidden(value: str) -> bool:
    return not any(map(is_hidden, value))


_LINK: dict[str, Rule] = {
    "href": is_safe,
    "title": _has_no_hidden,
    "rel": _only("(?:nofollow ugc )?noopener"),
}
_BARE = ("br", "hr", "em", "strong", "s", "thead", "tbody", "tr")
_DIRECTED = {"dir": _only("ltr|rtl")}
_ALIGNED = {**_DIRECTED, "class": _only("align-(?:left|center|right)")}
_COMMON: dict[str, dict[str, Rule]] = {
    **{tag: {} for tag in _BARE},
    **dict.fromkeys(("p", "blockquote", "ul", "li", "table"), _DIRECTED),
    "a": _LINK,
    "pre": {"tabindex": _only("0")},
    "div": {"class": _only("scroller"), "tabindex": _only("0")},
    "code": {"class": _only("language-[a-z+#-]{1,20}")},
    "span": {"class": _only("hl-[a-z]{1,2}")},
    "ol": {**_DIRECTED, "start": _only("[0-9]{1,9}"), "class": _only("years|numbers")},
    "th": _ALIGNED,
    "td": _ALIGNED,
}
_HEADING = {**_DIRECTED, "id": _only(r"h-[\w-]{1,80}")}
_POST_ONLY: dict[str, dict[str, Rule]] = {
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), _HEADING),
    "img": {"src": is_own_image, "alt": _has_no_hidden, "title": _has_no_hidden},
    "sup": {},
    "section": {"class": _only("footnotes"), "role": _only("doc-endnotes")},
    "li": {**_DIRECTED, "id": _only("fn-[0-9]{1,4}")},
    "a": {
        **_LINK,
        "id": _only("fn-ref-[0-9]{1,4}(?:-[0-9]{1,4})?"),
        "role": _only("doc-(?:noteref|backlink)"),
    },
}
ALLOWED: Mapping[Profile, Mapping[str, Mapping[str, Rule]]] = {
    Profile.COMMENT: {**_COMMON, "a": {**_LINK, "class": _only(MENTION_CLASS)}},
    Profile.POST: {**_COMMON, **_POST_ONLY},
}


def permits(profile: Profile, tag: str, attribute: str, value: str) -> bool:
    """Return whether `profile` allows `tag` to have `attribute` with `value`."""
    rule = ALLOWED[profile].get(tag, {}).get(attribute)
    return rule is not None and bool(rule(value))

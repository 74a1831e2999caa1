"""Check rendered HTML by a second, independent policy and another parser.

It imports nothing of the renderer, so that an error in the renderer's policy cannot repeat here.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

XHTML = "{http://www.w3.org/1999/xhtml}"
UNSEEN = re.compile(
    "[\x00-\x20\x7f-\xa0\xad\u034f\u115f\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]"
)

COMMENT = {
    "a": {"href", "title", "rel", "class"},
    "blockquote": {"dir"},
    "br": set[str](),
    "code": {"class"},
    "em": set[str](),
    "hr": set[str](),
    "li": {"dir"},
    "ol": {"start", "class", "dir"},
    "p": {"dir"},
    "div": {"class", "tabindex"},
    "pre": {"tabindex"},
    "s": set[str](),
    "span": {"class"},
    "strong": set[str](),
    "table": {"dir"},
    "tbody": set[str](),
    "td": {"class", "dir"},
    "th": {"class", "dir"},
    "thead": set[str](),
    "tr": set[str](),
    "ul": {"dir"},
}
POST = COMMENT | {
    "a": {"href", "title", "rel", "id", "role"},
    "h2": {"id", "dir"},
    "h3": {"id", "dir"},
    "h4": {"id", "dir"},
    "h5": {"id", "dir"},
    "h6": {"id", "dir"},
    "img": {"src", "alt", "title"},
    "li": {"id", "dir"},
    "section": {"class", "role"},
    "sup": set[str](),
}
ALLOWED = {"comment": COMMENT, "post": POST}
CLASS = re.compile(
    "language-[a-z+#]{1,20}|hl-[a-z]{1,2}|align-(left|center|right)"
    "|footnotes|scroller|years|numbers|mention"
)
ID = re.compile(r"(fn|h)-[\w-]+")
REL = {"comment": "nofollow ugc noopener", "post": "noopener"}


def faults(html: str, profile: str) -> list[str]:
    """Return the faults of `html`, rendered for `profile`; an empty list if it has none."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=True)
    return [fault for element in tree.iter() for fault in _of_element(element, profile)]


def _of_element(element: Element, profile: str) -> Iterator[str]:
    if element.tag == "DOCUMENT_FRAGMENT":
        return
    # The tag of a comment is a function and no string.
    if not str(element.tag).startswith(XHTML):
        yield f"not an element of HTML: {element.tag}"
        return
    tag = element.tag.removeprefix(XHTML)
    if tag not in ALLOWED[profile]:
        yield f"element {tag}"
    for name, value in element.attrib.items():
        if name not in ALLOWED[profile].get(tag, ()):
            yield f"attribute {name} of {tag}"
        yield from _of_value(name, value)
    if tag == "a" and profile == "comment" and element.get("rel") != REL[profile]:
        yield f"link without rel: {element.attrib}"
    if tag == "a" and _host(element) and element.get("rel") != REL[profile]:
        yield f"link to elsewhere without rel: {element.attrib}"


def _of_value(name: str, value: str) -> Iterator[str]:
    if name in ("href", "src"):
        scheme = re.match("([^/?#]*):", UNSEEN.sub("", value))
        if scheme and scheme[1].lower() not in ("http", "https", "mailto"):
            yield f"scheme of {value}"
    if name == "src" and not re.fullmatch(r"/media/[\w./-]+", value):
        yield f"image from elsewhere: {value}"
    if name == "src" and ".." in value:
        yield f"image outside: {value}"
    if name == "class" and not CLASS.fullmatch(value):
        yield f"class {value}"
    if name == "dir" and value not in ("ltr", "rtl"):
        yield f"dir {value}"
    if name == "tabindex" and value != "0":
        yield f"tabindex {value}"
    if name == "id" and not ID.fullmatch(value):
        yield f"id {value}"


def _host(link: Element) -> bool:
    address = (link.get("href") or "").lower()
    return address.startswith(("http:", "https:", "//", "/\\", "\\"))

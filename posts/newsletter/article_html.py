"""Change the HTML of an article so that mail programs can show it. Pure but for translation.

Every link is a whole address. A picture becomes a link with its description, since a mail loads
nothing. Footnotes link to the article, because many mail programs drop the ids within a mail.
"""

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.utils.translation import gettext as _

from ..text.html_text import VOID, ExtractedText, text_of

# Words of a beginning: a minute's reading, enough to know whether one wants to go on.
BEGINNING_WORDS = 150
# Letters of a script without spaces that count as a word.
_LETTERS_OF_WORD = 2
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_TAG = re.compile(r"\s*<([a-z0-9]+)")
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6", "hr"))
# The attributes that a mail keeps, besides addresses.
_KEPT = frozenset(("dir", "start"))
_ALIGNED = "align-"


@dataclass(frozen=True)
class Beginning:
    """The first blocks of an article as HTML, and whether they are all there is."""

    html: str
    is_all: bool


def beginning_of(html: str, words: int = BEGINNING_WORDS) -> Beginning:
    """Return the first whole blocks of an article's `html` that have `words` words or more.

    It never ends within a paragraph, a list, a quotation, a table, code or a footnote, nor with a
    heading. A block other than a paragraph that would make it twice as long is left out.
    """
    blocks = [block for block in _blocks(html) if _tag_of(block) != "section"]
    taken: list[str] = []
    count = 0
    for block in blocks:
        size = _words_in(block)
        is_long = _tag_of(block) != "p" and count + size > 2 * words
        if count >= words or (taken and is_long):
            break
        taken.append(block)
        count += size
    if len(taken) == len(blocks):
        return Beginning(html, is_all=True)
    while len(taken) > 1 and _tag_of(taken[-1]) in _HEADINGS:
        taken.pop()
    return Beginning("".join(taken), is_all=False)


def _blocks(html: str) -> list[str]:
    """Return the top-level elements of `html`."""
    ends = ExtractedText.of(html).block_ends
    return [html[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _tag_of(block: str) -> str:
    found = _TAG.match(block)
    return found[1] if found else ""


def _words_in(block: str) -> int:
    text = text_of(block)
    return len(text.split()) + len(_UNSPACED.findall(text)) // _LETTERS_OF_WORD


def for_mail(html: str, page: str) -> str:
    """Return an article's `html` for a mail; `page` is the whole address of the article."""
    writer = _MailHtml(page)
    writer.feed(html)
    writer.close()
    return "".join(writer.pieces)


class _MailHtml(HTMLParser):
    """Collects HTML with whole addresses, without ids, pictures and links back from footnotes."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        self._page = page
        self._is_in_link = False
        self._is_in_backlink = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.pieces.append(self._picture(values))
        elif tag == "a" and values.get("role") == "doc-backlink":
            self._is_in_backlink = True
        elif tag == "a":
            self._is_in_link = True
            self.pieces.append(f'<a href="{escape(urljoin(self._page, values.get("href", "")))}">')
        elif tag == "section":
            self.pieces.append('<div class="notes">')
        else:
            self.pieces.append(_start(tag, values))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._is_in_backlink:
            self._is_in_backlink = False
            return
        if tag == "a":
            self._is_in_link = False
        if tag not in VOID:
            self.pieces.append("</div>" if tag == "section" else f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._is_in_backlink:
            self.pieces.append(data)

    def handle_entityref(self, name: str) -> None:
        self.pieces.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.pieces.append(f"&#{name};")

    def _picture(self, values: dict[str, str]) -> str:
        words = escape(picture_words(values.get("alt", "")))
        if self._is_in_link:
            return words
        return f'<a href="{escape(urljoin(self._page, values.get("src", "")))}">{words}</a>'


def _start(tag: str, values: dict[str, str]) -> str:
    kept = {name: value for name, value in values.items() if name in _KEPT}
    if values.get("class", "").startswith(_ALIGNED):
        kept["class"] = values["class"]
    written = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
    return f"<{tag}{written}>"


def picture_words(alt: str) -> str:
    """Return the words that stand for a picture with the description `alt`."""
    return _("Picture: %(words)s") % {"words": alt} if alt.strip() else _("Picture")

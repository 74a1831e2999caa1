"""Find the closing question of an article: the last run of questions in its author's own voice.

Only paragraphs speak in it: headings, lists, tables, quotations, code and footnotes do not.
Within a paragraph, quotation marks and the texts of links do not either. Pure.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from ..text.html_text import ExtractedText, text_of

# Abbreviations whose full stop does not end a sentence.
NO_SENTENCE_END = r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\be\.g)(?<!\bi\.e)"
SENTENCE_END = re.compile(NO_SENTENCE_END + r"[.!?…。！？؟][\"'”’»)\]]*\s+")
_ASKS = re.compile(r"[?？؟][\"'”’»)\]]*$")
_LINK = re.compile(r"<a\b.*?</a>", re.DOTALL)
_TAG = re.compile(r"(<[^>]*>)")
_QUOTED = re.compile('“[^”]*”|«[^»]*»|„[^“”]*[“”]|「[^」]*」|"[^"]*"')
_MARKS = re.compile("[?？؟]")
# Stands for a question mark that does not ask; no text for people has it.
_MASK = "\ufffc"


def closing_question(html: str) -> str:
    """Return the last questions of an article's `html` that follow each other, or an empty string.

    A run lies within one paragraph.
    """
    paragraphs = [block for block in _blocks(html) if block.startswith("<p>")]
    return next(filter(None, map(_last_run, reversed(paragraphs))), "")


def _blocks(html: str) -> Iterator[str]:
    ends = ExtractedText.of(html).block_ends
    return (html[start:end].strip() for start, end in pairwise([0, *ends]))


def _last_run(paragraph: str) -> str:
    """Return the last questions of the HTML `paragraph`, word for word."""
    shown = text_of(paragraph).strip()
    masked = text_of(_LINK.sub(_mask_link, paragraph)).strip()
    masked = _QUOTED.sub(_mask, masked)
    starts = [0, *(match.end() for match in SENTENCE_END.finditer(masked)), len(masked)]
    sentences = [(start, end) for start, end in pairwise(starts) if start < end]
    while sentences and not _asks(masked, sentences[-1]):
        sentences.pop()
    if not sentences:
        return ""
    first, end = sentences[-1]
    for start, stop in reversed(sentences):
        if not _asks(masked, (start, stop)):
            break
        first = start
    return shown[first:end].strip()


def _asks(text: str, span: tuple[int, int]) -> bool:
    return _ASKS.search(text[slice(*span)].rstrip()) is not None


def _mask(match: re.Match[str]) -> str:
    return _MARKS.sub(_MASK, match[0])


def _mask_link(match: re.Match[str]) -> str:
    """Mask the text of a link, but not its address, which `text_of` omits."""
    return "".join(
        part if part.startswith("<") else _MARKS.sub(_MASK, part) for part in _TAG.split(match[0])
    )

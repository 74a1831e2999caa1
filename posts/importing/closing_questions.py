"""Find the closing question of an article: the last run of questions in its author's own voice.

Only paragraphs speak in it: headings, lists, tables, quotations, code and footnotes do not, nor do
captions and the words with which an author takes leave (`asides`). Within a paragraph, quotation
marks and the texts of links do not either. Pure.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from ..text.html_text import ExtractedText, text_of
from .asides import is_aside, is_sign_off

# Abbreviations whose full stop does not end a sentence.
NO_SENTENCE_END = r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\be\.g)(?<!\bi\.e)"
_CLOSING = r"[\"'”’“»›«‹)\]」』]*"
# Chinese and Japanese put no space after a sentence. Greek asks with a semicolon.
SENTENCE_END = re.compile(
    NO_SENTENCE_END + rf"(?:[.!?…؟]|(?<=[\u0370-\u03ff]);){_CLOSING}\s+|[。！？]{_CLOSING}\s*"
)
# Japanese asks with か and a full stop as well as with a question mark.
_ASKS = re.compile(rf"(?:[?？؟][!?！？]*|(?<=[\u0370-\u03ff]);|か。){_CLOSING}$")
_MARKS = re.compile(r"[?？؟;]|(?<=か)。")
_LINK = re.compile(r"<a\b.*?</a>", re.DOTALL)
_TAG = re.compile(r"(<[^>]*>)")
# Single marks are apostrophes too: those around a quotation stand outside of words, and the
# quotation ends with a mark of its own. Longer ones, in characters, are none: of a mark that is
# never closed, the rest of the text would be searched for every one of thousands.
_QUOTED_MAX = 2000
_QUOTED = re.compile(
    "“[^”]*”|«[^»]*»|„[^“”]*[“”]|»[^«]*«|”[^“”]*”|「[^」]*」|『[^』]*』|‹[^›]*›|›[^‹]*‹"
    r'|"[^"]*"|(?<!\w)[‘‚\'](?=[\w¿]).*?(?<=[.!?…,？])[’‘\'](?!\w)'.replace(
        "*", f"{{0,{_QUOTED_MAX}}}"
    )
)
# Characters of the end of a sentence in which its question mark stands.
_TAIL = 50
# Stands for a question mark that does not ask; no text for people has it.
_MASK = "\ufffc"
# A quoted question ends the sentence around it if a capital letter follows.
_END = re.compile(rf"{SENTENCE_END.pattern}|{_MASK}{_CLOSING}\s+(?=[A-ZÀ-ÖØ-ÞΑ-ΩА-Я¿])")


def closing_question(html: str, longest: int) -> str:
    """Return the last questions of an article's `html` that follow each other, or an empty string.

    A run that begins its paragraph goes on from the questions that end the paragraph before, unless
    both are longer than `longest` characters. "What do you think?" and the like close an article
    only if nothing else does.
    """
    blocks = list(_blocks(html))
    own = ["" if is_aside(block, before) else block for before, block in pairwise(["", *blocks])]
    found = list(_runs(own, longest))
    runs = (run for run, after in found if not is_sign_off(run, after))
    return next(runs, found[0][0] if found else "")


def _blocks(html: str) -> Iterator[str]:
    ends = ExtractedText.of(html).block_ends
    return (html[start:end].strip() for start, end in pairwise([0, *ends]))


def _runs(own: list[str], longest: int) -> Iterator[tuple[str, str]]:
    """Yield the last questions of each paragraph, the last one first, and the text after them."""
    for paragraph, earlier in pairwise(map(_last_run, [*reversed(own), ""])):
        before, run, after = paragraph
        joined = f"{earlier[1]} {run}"
        goes_on = earlier[1] and not before and not earlier[2]
        if run:
            yield joined if goes_on and len(joined) <= longest else run, after


def _last_run(paragraph: str) -> tuple[str, str, str]:
    """Return the text of the HTML `paragraph` in three: up to its last questions, they, the rest.

    Without a question all of it is the first.
    """
    shown = text_of(paragraph).strip()
    masked = text_of(_LINK.sub(_mask_link, paragraph)).strip()
    masked = _QUOTED.sub(_mask, masked)
    starts = [0, *(match.end() for match in _END.finditer(masked)), len(masked)]
    sentences = [(start, end) for start, end in pairwise(starts) if start < end]
    while sentences and not _asks(masked, sentences[-1]):
        sentences.pop()
    if not sentences:
        return shown, "", ""
    first, end = sentences[-1]
    for start, stop in reversed(sentences):
        if not _asks(masked, (start, stop)):
            break
        first = start
    return shown[:first], shown[first:end].strip(), shown[end:]


def _asks(text: str, span: tuple[int, int]) -> bool:
    return _ASKS.search(text[slice(*span)].rstrip()[-_TAIL:]) is not None


def _mask(match: re.Match[str]) -> str:
    return _MARKS.sub(_MASK, match[0])


def _mask_link(match: re.Match[str]) -> str:
    """Mask the text of a link, but not its address, which `text_of` omits."""
    return "".join(
        part if part.startswith("<") else _MARKS.sub(_MASK, part) for part in _TAG.split(match[0])
    )

"""Split the prose of an article into sentences, for authors to choose promises from."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from ..importing.asides import is_caption
from ..importing.closing_questions import SENTENCE_END
from ..text.html_text import ExtractedText
from ..text.prose import prose_blocks

# Words, or as many characters of a script that puts no spaces between them. A shorter sentence
# announces nothing.
WORDS_MIN, WIDE_MIN = 3, 6
_LINK_OR_CODE = re.compile(r"<(a|code)\b.*?</\1>", re.DOTALL)


def sentences_of(html: str) -> list[str]:
    """Return the sentences of prose in `html`, in order, each once.

    None are captions, sentences that are no more than a link or code, and those too short.
    """
    found = [
        sentence
        for before, block in pairwise(["", *prose_blocks(html)])
        if not is_caption(block, before)
        for sentence in _own_sentences(block)
    ]
    return list(dict.fromkeys(filter(_is_long_enough, found)))


def _own_sentences(block: str) -> Iterator[str]:
    """Yield the sentences of `block` of which a letter stands outside of links and code."""
    extracted = ExtractedText.of(block)
    text, others = extracted.text, [match.span() for match in _LINK_OR_CODE.finditer(block)]
    is_own = [
        letter.isalnum() and not any(start <= origin < end for start, end in others)
        for letter, origin in zip(text, extracted.origins, strict=True)
    ]
    ends = [0, *(match.end() for match in SENTENCE_END.finditer(text)), len(text)]
    for start, end in pairwise(ends):
        if any(is_own[start:end]):
            yield text[start:end].strip()


def _is_long_enough(sentence: str) -> bool:
    wide = sum(unicodedata.east_asian_width(letter) == "W" for letter in sentence)
    return len(sentence.split()) >= WORDS_MIN or wide >= WIDE_MIN

"""Split rendered text into sentences, for authors to choose promises from."""

import re
from itertools import pairwise

from ..importing.closing_questions import SENTENCE_END
from ..text.html_text import text_of

BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|blockquote|pre|t[dh]|d[td])>", re.IGNORECASE)
# Words. A shorter sentence, often a heading, announces nothing.
WORDS_MIN = 3


def sentences_of(html: str) -> list[str]:
    """Return the sentences of `html` with at least `WORDS_MIN` words, in order, each once."""
    found = [sentence for block in BLOCK_END.split(html) for sentence in _split(text_of(block))]
    return list(dict.fromkeys(one for one in found if len(one.split()) >= WORDS_MIN))


def _split(text: str) -> list[str]:
    starts = [0, *(match.end() for match in SENTENCE_END.finditer(text)), len(text)]
    return [text[start:end].strip() for start, end in pairwise(starts)]

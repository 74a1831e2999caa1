"""Find the blocks of an article's HTML that are prose: paragraphs, and the words of list items.

A parser keeps the elements around a block, so that headings, code, quotations, tables and footnotes
are none, however deep a paragraph lies in them. Pure.
"""

from html.parser import HTMLParser

from .html_text import INLINE, VOID

_PROSE = frozenset(("p", "li", "dd"))
# Elements that hold no prose. Footnotes are the only section that an article's HTML has.
_OTHER = frozenset("h1 h2 h3 h4 h5 h6 blockquote pre table figure section".split())


def prose_blocks(html: str) -> list[str]:
    """Return each block of prose in `html` as the HTML of a paragraph, in order."""
    parser = _Blocks(html)
    parser.feed(html)
    parser.close()
    return [f"<p>{block}</p>" for block in parser.found]


class _Blocks(HTMLParser):
    """Collects what lies between the tags of blocks, where the innermost block is prose."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._html = html
        self._lines = [0, *(i + 1 for i, character in enumerate(html) if character == "\n")]
        self._open: list[str] = []
        self._start = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in INLINE | VOID:
            self._end_block(len(self.get_starttag_text() or ""))
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE | VOID:
            self._end_block(len(f"</{tag}>"))
            if self._open:
                self._open.pop()

    def _end_block(self, tag_length: int) -> None:
        """Keep what lies between the last tag of a block and the present one, of `tag_length`."""
        line, column = self.getpos()
        end = self._lines[line - 1] + column
        block = self._html[self._start : end]
        if block.strip() and self._open and self._open[-1] in _PROSE and not _OTHER & {*self._open}:
            self.found.append(block)
        self._start = end + tag_length

"""Test finding sentences in HTML by their text, and marking them with valid markup."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.markdown.html import Profile, render_many
from posts.pages.annotations import Mark, annotate
from posts.text.anchors import CANDIDATES, Anchor
from posts.text.html_text import text_of

VOID = {"br", "hr", "img"}
SPAN = re.compile(r'<span(?: id="m\d*")? class="promise">|</span>')


def mark(exact: str, prefix: str = "", suffix: str = "", name: str = "m") -> Mark:
    return Mark(name, Anchor(exact, prefix, suffix), (("class", "promise"),))


def woven(html: str, *marks: Mark) -> str:
    return "".join(piece.html for piece in annotate(html, marks).pieces)


def marked_text(html: str) -> list[str]:
    return re.findall(r'<span(?: id="m\d*")? class="promise">(.*?)</span>', html, re.DOTALL)


class WellFormed(HTMLParser):
    """Fails on an end tag that does not close the innermost element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.feed(html)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack, f"</{tag}> closes nothing"
        assert self.stack.pop() == tag


def test_a_sentence_is_found_and_marked() -> None:
    html = "<p>First. I will say more. Last.</p>"
    assert woven(html, mark("I will say more.")) == (
        '<p>First. <span id="m" class="promise">I will say more.</span> Last.</p>'
    )


@pytest.mark.parametrize(
    ("html", "exact"),
    [
        ("<p>One <em>two</em> three.</p>", "One two three."),
        ('<p>a <a href="/x" title="b c">b</a> c</p>', "a b c"),
        ("<p>Tom &amp; Jerry &lt;3 more</p>", "Tom & Jerry <3 more"),
        ("<p>caf&#233; &#x1F600; end</p>", "café 😀 end"),
        ("<p>one\ntwo\n  three</p>", "one two three"),
        ("<p>one two</p>", "one\n two"),
        ("<p>It’s “so”</p>", 'It\'s "so"'),
        ("<p>non&nbsp;breaking</p>", "non breaking"),
        ("<p>one<br>two</p>", "one two"),
        ("<p>end of one.</p>\n<p>start of two</p>", "one. start"),
        ("<ul><li>one</li><li>two</li></ul>", "one two"),
        ('<p>noted<sup><a href="#fn-1" id="fn-ref-1">1</a></sup> it</p>', "noted it"),
        ("<pre><code>x  =  1</code></pre>", "x = 1"),
    ],
)
def test_words_are_found_whatever_stands_between_them(html: str, exact: str) -> None:
    found = annotate(html, (mark(exact),))
    assert found.lost == ()
    marked = "".join(piece.html for piece in found.pieces)
    WellFormed(marked)
    assert SPAN.sub("", marked) == html
    assert marked.count(' id="m"') == 1


def test_words_inside_tags_attributes_and_comments_are_no_text() -> None:
    html = '<p title="more to come">Nothing.<!-- more to come --> <more to="come"></p>'
    assert annotate(html, (mark("more to come"),)).lost == ("m",)


@pytest.mark.parametrize("exact", ["<em>two</em>", "</p><script>", "&amp;", "&lt;", "amp"])
def test_markup_in_an_anchor_is_only_words(exact: str) -> None:
    html = "<p>One <em>two</em> &amp; &lt;</p>"
    assert annotate(html, (mark(exact),)).lost == ("m",)


@pytest.mark.parametrize("exact", ["", "   ", "\n", "\u00a0", "not there"])
def test_nothing_and_missing_words_are_lost_not_misplaced(exact: str) -> None:
    found = annotate("<p>Some words.</p>", (mark(exact),))
    assert found.lost == ("m",)
    assert [piece.html for piece in found.pieces] == ["<p>Some words.</p>"]


def test_an_attribute_cannot_break_out() -> None:
    hostile = Mark("m", Anchor("word"), (("data-state", '"><script>alert(1)</script>'),))
    html = woven("<p>word</p>", hostile)
    assert "<script>" not in html
    WellFormed(html)


def test_what_stands_around_decides_between_equal_sentences() -> None:
    text = "In May there will be more. In June there will be more. In July there will be more!"
    june = Anchor("there will be more", prefix="In June ").find(text)
    july = Anchor("there will be more", suffix="!").find(text)
    assert june is not None
    assert july is not None
    assert text[: june[0]].endswith("In June ")
    assert text[: july[0]].endswith("In July ")


def test_without_surroundings_the_first_of_equals_is_meant() -> None:
    assert Anchor("a").find("b a a") == (2, 3)


def test_surroundings_that_changed_do_not_lose_the_sentence() -> None:
    assert Anchor("more", prefix="quite other words ").find("there is more") == (9, 13)


def test_a_completed_anchor_has_the_words_of_the_text() -> None:
    text = text_of("<p>Before it. “I’ll say  more.” After it.</p>")
    assert Anchor('"I\'ll say more."').completed_from(text) == Anchor(
        "“I’ll say more.”", "Before it. ", " After it. "
    )


def test_the_html_is_cut_after_the_block_in_which_the_words_end() -> None:
    html = "<h2>Head</h2>\n<ul><li>one</li><li>two</li></ul>\n<p>three</p>"
    pieces = annotate(html, (mark("one"),)).pieces
    assert [piece.ends for piece in pieces] == [("m",), ()]
    assert pieces[0].html.endswith("<li>two</li></ul>")
    assert pieces[1].html == "\n<p>three</p>"


def test_two_marks_in_a_block_end_together_in_their_order() -> None:
    pieces = annotate("<p>one two</p><p>x</p>", (mark("two", name="m2"), mark("one", name="m1")))
    assert pieces.pieces[0].ends == ("m2", "m1")


def test_overlapping_marks_nest() -> None:
    html = woven("<p>a b c d</p>", mark("a b c", name="m1"), mark("b c d", name="m2"))
    WellFormed(html)
    assert SPAN.sub("", html) == "<p>a b c d</p>"
    assert html.count('id="m1"') == html.count('id="m2"') == 1


def test_white_space_between_blocks_is_never_marked() -> None:
    html = woven("<ul>\n<li>one</li>\n<li>two</li>\n</ul>", mark("one two"))
    assert marked_text(html) == ["one", "two"]
    assert "<ul>\n<li>" in html


@pytest.mark.parametrize(
    "html",
    [
        "<p>open <em>words",
        "words</em></p>",
        "<p>a < b</p>",
        "<p>&unknown; x</p>",
        "<",
        "&",
        "<p",
        "",
    ],
)
def test_html_that_is_not_well_formed_loses_nothing(html: str) -> None:
    assert SPAN.sub("", woven(html, mark("words"), mark("x", name="m2"))) == html


def test_a_word_that_stands_everywhere_is_found_in_bounded_time() -> None:
    text = "a " * 200_000
    place = Anchor("a", prefix="a " * 16, suffix="a " * 16).find(text)
    assert place is not None
    assert place[0] <= 2 * CANDIDATES


def test_blocks_are_words_apart_and_inline_elements_are_not() -> None:
    assert text_of("<p>one</p><p>two</p>").split() == ["one", "two"]
    assert text_of("<p>t<em>w</em>o</p>").strip() == "two"


PIECES = st.lists(
    st.sampled_from(
        ["word ", "more ", "*", "**", "_", "`", "[", "](/x)", "\n", "\n\n", "- ", "> ", "1. ",
         "# ", "&amp;", "<", "|", "é", "\u05d0", "😀", "“", "’", "\\", "[^1]", "\n[^1]: note\n"]
    ),
    max_size=40,
)  # fmt: skip


@given(PIECES, st.integers(0, 60), st.integers(1, 30))
def test_any_words_of_any_article_are_found_and_nothing_else_changes(
    pieces: list[str], start: int, length: int
) -> None:
    html = next(render_many(["x" + "".join(pieces)], Profile.POST))
    text = text_of(html)
    exact = text[start : start + length]
    found = annotate(html, (mark(exact),))
    marked = "".join(piece.html for piece in found.pieces)
    assert SPAN.sub("", marked) == SPAN.sub("", html)
    WellFormed(marked)
    assert found.lost == (() if exact.strip() else ("m",))
    if exact.strip():
        assert "".join(text_of(bit) for bit in marked_text(marked)).replace(" ", "") == (
            _first_as_in(text, exact)
        )


def _first_as_in(text: str, exact: str) -> str:
    place = Anchor(exact).find(text)
    assert place is not None
    return text[place[0] : place[1]].replace(" ", "")

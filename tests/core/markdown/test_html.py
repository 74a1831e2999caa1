"""Test rendering Markdown of authors and readers to HTML."""

# ruff: noqa: E501 - a row of a table is one line

import re
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core.markdown import html as markup
from core.markdown.html import (
    MarkupRefused,
    Profile,
    beginning,
    plain,
    render,
    render_many,
    shortened,
    trusted,
)
from core.markdown.refusal import MarkdownRefused, RefusalReason
from tests.services import ROOT

BOTH = [
    ("one *two* **three** ~~four~~ `five`", "<p>one <em>two</em> <strong>three</strong> <s>four</s> <code>five</code></p>"),
    ("one\ntwo  \nthree", "<p>one\ntwo<br>\nthree</p>"),
    ("> one\n\n***", "<blockquote>\n<p>one</p>\n</blockquote>\n<hr>"),
    ("3. one\n4. two", '<ol start="3">\n<li>one</li>\n<li>two</li>\n</ol>'),
    ("|a|b|\n|-|-:|\n|1|2|", '<div class="scroller" tabindex="0">\n<table>\n<thead>\n<tr>\n<th>a</th>\n<th class="align-right">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td class="align-right">2</td>\n</tr>\n</tbody>\n</table>\n</div>'),
    ("```\na < b\n```", '<pre tabindex="0"><code>a &lt; b\n</code></pre>'),
    ("```py extra\ndef f(): # x\n```", '<pre tabindex="0"><code class="language-python"><span class="hl-k">def</span> <span class="hl-nf">f</span>(): <span class="hl-c"># x</span>\n</code></pre>'),
    ("```klingon\nqapla\n```", '<pre tabindex="0"><code>qapla\n</code></pre>'),
    ("1986. What a season\n1987. that was.", '<ol start="1986" class="years">\n<li>What a season</li>\n<li>that was.</li>\n</ol>'),
    ("9999. one\n1. two", '<ol start="9999" class="numbers">\n<li>one</li>\n<li>two</li>\n</ol>'),
    ("99. one", '<ol start="99">\n<li>one</li>\n</ol>'),
    ("readme.md, www.a.example, a@b.example", "<p>readme.md, www.a.example, a@b.example</p>"),
    ("سلام *و* hello", "<p>سلام <em>و</em> hello</p>"),
]  # fmt: skip
COMMENTS = [
    ("# One *two*\n\nSix\n---", "<p><strong>One <em>two</em></strong></p>\n<p><strong>Six</strong></p>"),
    ("[a](/b) https://c.example/?d_e_f=1&g", '<p><a href="/b" rel="nofollow ugc noopener">a</a> <a href="https://c.example/?d_e_f=1&amp;g" rel="nofollow ugc noopener">https://c.example/?d_e_f=1&amp;g</a></p>'),
    ("![a *b*](/media/c.png)", '<p><a href="/media/c.png" rel="nofollow ugc noopener">a b</a></p>'),
    ("<a@b.example>", '<p><a href="mailto:a@b.example" rel="nofollow ugc noopener">a@b.example</a></p>'),
]  # fmt: skip
POSTS = [
    ("[a](/b) [c](https://d.example)", '<p><a href="/b">a</a> <a href="https://d.example" rel="noopener">c</a></p>'),
    ("![a *b*](/media/2026/c-1.png 'd')", '<p><img src="/media/2026/c-1.png" alt="a b" title="d"></p>'),
    ("# One\n### Two\n## *Three*\n# One", '<h2 id="h-one">One</h2>\n<h3 id="h-two">Two</h3>\n<h3 id="h-three"><em>Three</em></h3>\n<h2 id="h-one--2">One</h2>'),
    ("###### One\n## Two", '<h2 id="h-one">One</h2>\n<h2 id="h-two">Two</h2>'),
    ("# ![a *b*](/media/c.png)", '<h2 id="h-a-b"><img src="/media/c.png" alt="a b"></h2>'),
    ("#\n\nText", '<h2 id="h---1"></h2>\n<p>Text</p>'),
    ("# Ünï — *b* `c`\n", '<h2 id="h-ünï-b-c">Ünï — <em>b</em> <code>c</code></h2>'),
]  # fmt: skip


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize(("text", "html"), BOTH)
def test_what_anyone_may_write(text: str, html: str, profile: Profile) -> None:
    assert list(render_many([text], profile)) == [html + "\n"]


@pytest.mark.parametrize(("text", "html"), COMMENTS)
def test_what_readers_may_write(text: str, html: str) -> None:
    assert list(render_many([text], Profile.COMMENT)) == [html + "\n"]


@pytest.mark.parametrize(("text", "html"), POSTS)
def test_what_authors_may_write(text: str, html: str) -> None:
    assert list(render_many([text], Profile.POST)) == [html + "\n"]


def test_footnotes_lead_there_and_back() -> None:
    (html,) = render_many(["a[^x] b[^x] c^[in *place*]\n\n[^x]: note"], Profile.POST)
    assert html == (
        '<p>a<sup><a href="#fn-1" id="fn-ref-1" role="doc-noteref">1</a></sup>'
        ' b<sup><a href="#fn-1" id="fn-ref-1-2" role="doc-noteref">1</a></sup>'
        ' c<sup><a href="#fn-2" id="fn-ref-2" role="doc-noteref">2</a></sup></p>\n'
        '<section class="footnotes" role="doc-endnotes">\n<ol>\n'
        '<li id="fn-1"><p>note <a href="#fn-ref-1" role="doc-backlink">↩</a>'
        ' <a href="#fn-ref-1-2" role="doc-backlink">↩</a></p>\n</li>\n'
        '<li id="fn-2"><p>in <em>place</em> <a href="#fn-ref-2" role="doc-backlink">↩</a></p>\n'
        "</li>\n</ol>\n</section>\n"
    )


def test_no_footnote_is_lost() -> None:
    (html,) = render_many(["a[^x]\n\n[^x]: one\n\n[^x]: two\n\n[^y]: three"], Profile.POST)
    assert [word in html for word in ("one", "two", "three")] == [True] * 3
    assert html.count("doc-backlink") == 1


def test_long_or_dense_code_stays_plain_but_whole() -> None:
    source = "x = 'y'\n" * 700
    (html,) = render_many([f"```python\n{source}```"], Profile.POST)
    assert "<span" not in html
    assert html.count("x = 'y'") == 700


def test_render_gives_what_render_many_gives() -> None:
    for profile in Profile:
        texts = [text for text, _ in BOTH]
        assert [render(text, profile) for text in texts] == list(render_many(texts, profile))


def test_what_comes_out_is_safe_in_a_template() -> None:
    html = render("*a* & b", Profile.COMMENT)
    assert isinstance(html, SafeString)
    page = Template("{{ stored }}{{ html }}").render(
        Context({"html": html, "stored": trusted(str(html))})
    )
    assert page == "<p><em>a</em> &amp; b</p>\n" * 2


def test_a_refusal_says_why_in_the_language_of_the_reader() -> None:
    with pytest.raises(MarkupRefused) as refused:
        render("> " * 30 + "a", Profile.COMMENT)
    assert str(refused.value.message).startswith(
        "Quotations, lists or emphasis are nested too deeply"
    )
    with override("de"):
        assert str(refused.value.message)
    with pytest.raises(MarkupRefused):
        list(render_many(["[" * 99], Profile.POST))


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("text", ["---", "***\n\n___", "- \n-\n", "> ---", "[a]: /x"])
def test_a_text_that_shows_no_word_is_refused(text: str, profile: Profile) -> None:
    with pytest.raises(MarkupRefused, match="nothing"):
        render(text, profile)


def test_a_runaway_render_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def runaway(text: str, profile: str, limit: float, people: object) -> str:
        limits = markup.RENDER_LIMIT[Profile.COMMENT]
        assert (text, profile, limit, people) == ("a", "comment", limits, None)
        raise MarkdownRefused(RefusalReason.TIME)

    monkeypatch.setattr(markup._worker, "html", runaway)
    with pytest.raises(MarkupRefused, match="time"):
        render("a", Profile.COMMENT)


@pytest.mark.parametrize(
    ("html", "limit", "words"),
    [
        ("<p>One <em>two</em>.</p>\n<p>Three</p>", 99, "One two. Three"),
        ("<p>One two three</p>", 13, "One two three"),
        ("<p>One two three</p>", 12, "One two…"),
        ("<p>One two three</p>", 8, "One two…"),
        ("<p>One, two</p>", 6, "One…"),
        ("<p>Extraordinary</p>", 6, "Extra…"),
        ("<p>abce\u0301f</p>", 5, "abc…"),
        ("<p>a<br>b</p><ul><li>c</li><li>d</li></ul>", 99, "a b c d"),
        ("<p>a<strong>b</strong>c &lt;i&gt; &amp; d</p>", 99, "abc <i> & d"),
        ('<p>a<sup><a href="#fn-1">1</a></sup> b</p>', 99, "a b"),
        ("<p>“<bdi>Robin</bdi>” is a name</p>", 99, "“Robin” is a name"),
        ("", 10, ""),
        ("<p>abc</p>", 1, "…"),
    ],
)
def test_plain(html: str, limit: int, words: str) -> None:
    result = plain(html, limit)
    assert result == words
    assert len(result) <= limit
    assert not isinstance(result, SafeString)


def test_a_shortened_text_is_one_line_that_ends_after_a_word() -> None:
    assert shortened("Four nights.\n\nThere was a customer", 25) == "Four nights. There was a…"
    assert shortened("  Four\nnights ", 11) == "Four nights"
    assert shortened("Four nights. Then a fifth", 14) == "Four nights…"


@pytest.mark.parametrize(
    ("html", "limit", "cut"),
    [
        ("<p>One two three</p>", 40, "<p>One two three</p>"),
        ("<p>One two three</p>", 8, "<p>One two…</p>"),
        ("<p>One <em>twofold</em> three</p>", 8, "<p>One <em>…</em></p>"),
        ("<p>One <b>two</b> three</p>", 9, "<p>One <b>two</b>…</p>"),
        ("<p>One</p><p>" + "字" * 90 + "</p>", 60, "<p>One</p><p>" + "字" * 17 + "…</p>"),
        ("<p>One <em>two three</em></p>", 8, "<p>One <em>two…</em></p>"),
        (
            "<ul><li>a</li><li><p>b c d e f g</p></li></ul>",
            126,
            "<ul><li>a</li><li><p>b c d…</p></li></ul>",
        ),
        ("<p>a<br>b &amp; c d e f</p><hr><p>x</p>", 48, "<p>a<br>b &amp; c d…</p>"),
        ("<p>" + "w" * 30 + "</p>", 5, "<p>" + "w" * 5 + "…</p>"),
        (
            '<p><a href="/x?a=1&amp;b=2" rel="ugc">long words here</a> more</p>',
            9,
            '<p><a href="/x?a=1&amp;b=2" rel="ugc">long…</a></p>',
        ),
    ],
)
def test_the_beginning_of_a_text_is_whole_html(html: str, limit: int, cut: str) -> None:
    assert beginning(html, limit) == cut


@given(st.text(), st.integers(1, 200))
def test_the_beginning_of_anything_we_render_is_safe_and_closed(text: str, limit: int) -> None:
    source = f"{text}\n\n> * *{text}* `x`\n\n1. <b>{text}</b> & so on"
    try:
        html = render(source, Profile.COMMENT)
    except MarkupRefused:
        return
    cut = beginning(html, limit)
    closed = OpenElements()
    closed.feed(cut)
    assert closed.open == []
    assert cut == html or cut.count("…") > 0


class OpenElements(HTMLParser):
    """Tracks the open elements."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("br", "hr", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_text_is_cut_by_these_functions_alone() -> None:
    """Others end within a word: filters of Django, a slice with "…", and a limit of lines."""
    cuts = re.compile(r"\|truncatechars|\[:\w+\]\}?…|line-clamp")
    files = [
        path
        for folder, ending in (
            ("templates", "html"),
            ("comments", "py"),
            ("posts", "py"),
            ("site", "py"),
            ("site", "css"),
        )
        for path in (ROOT / folder).rglob(f"*.{ending}")
    ]
    assert len(files) > 100
    assert [path.name for path in files if cuts.search(path.read_text())] == []


def test_a_beginning_may_be_shown_in_a_template() -> None:
    shown = Template("{% load core_markup %}{{ html|beginning:9 }}")
    assert (
        shown.render(Context({"html": "<p>One <b>two</b> three</p>"})) == "<p>One <b>two</b>…</p>"
    )

"""Test that hostile texts are rendered harmless, the same each time, and without an exception."""

import json
import re
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.markdown.pipeline import Pipeline
from core.markdown.policy import Profile
from core.markdown.refusal import MarkdownRefused
from core.markdown.sanitizers import sanitizers

from .oracle import faults

HOSTILE = json.loads((Path(__file__).parents[2] / "data" / "hostile.json").read_text())
PROFILES = pytest.mark.parametrize("profile", list(Profile))

pipeline = cache(Pipeline)
gates = cache(sanitizers)


def check(text: str, profile: Profile) -> None:
    """Fail if `text` comes out as anything the oracle or a sanitizer would not have."""
    people = {"ada": "/@ada/"}
    try:
        html = pipeline(profile).html(text, people)
    except MarkdownRefused:
        return
    assert not faults(html, profile), text
    assert all(sanitize(html) == html for sanitize in gates(profile)), text
    assert len(html) <= 20 * len(text) + 10_000
    assert pipeline(profile).html(text, people) == html


@PROFILES
@pytest.mark.parametrize("syntax", HOSTILE["syntaxes"])
def test_no_hostile_address_gets_through(syntax: str, profile: Profile) -> None:
    for address in HOSTILE["addresses"]:
        check(syntax.replace("{}", address), profile)


@PROFILES
@pytest.mark.parametrize(
    "frame", ["{}", "a {} b", "@ada {} @ada", "> {}", "- {}", "[{}](/x)", "# {}", "|{}|\n|-|"]
)
def test_no_html_gets_through(frame: str, profile: Profile) -> None:
    for payload in HOSTILE["html"]:
        text = frame.replace("{}", payload)
        check(text, profile)
        html = pipeline(profile).html(text)
        assert "<script" not in html
        assert not re.search(r"<[^>]*\son\w+=", html), text


@PROFILES
def test_no_hostile_markdown_gets_through(profile: Profile) -> None:
    for one, other in product(HOSTILE["markdown"], ["", "\n\ntext *after* it"]):
        check(one + other, profile)


PIECES = st.sampled_from(
    [
        *"[](){}<>!*_`~#|:-\\\n\"'&;^ =+1ax",
        "\n\n",
        "](",
        "![",
        "[^",
        "]:",
        "```",
        "&#",
        "://",
        "\u202e",
    ]
    + ["javascript:", "https://a.b", "/media/a.png", "<a href=", "onclick=", "\ud800", "\x00", "é"]
)


@PROFILES
@settings(max_examples=400)
@given(parts=st.lists(PIECES, max_size=40))
def test_nothing_made_at_random_gets_through(profile: Profile, parts: list[str]) -> None:
    check("".join(parts), profile)


REL = ' rel="nofollow ugc noopener"'
EXACT = [
    ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ("[x](java\u200bscript:alert(1))", "<p>[x](java\u200bscript:alert(1))</p>"),
    ("[x](&#106;avascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ("[x](data:text/html,a)", "<p>[x](data:text/html,a)</p>"),
    ("[x](foo:bar)", "<p>[x](foo:bar)</p>"),
    ("[x](https:a.example)", "<p>[x](https:a.example)</p>"),
    ("[x](//a.example)", f'<p><a href="//a.example"{REL}>x</a></p>'),
    ("[x](/a \"b\")", f'<p><a href="/a" title="b"{REL}>x</a></p>'),
    ("[x](/a '&#8238;b')", f'<p><a href="/a"{REL}>x</a></p>'),
    ("<https://a.example/%E2%80%AEb>", f'<p><a href="https://a.example/%E2%80%AEb"{REL}>https://a.example/%E2%80%AEb</a></p>'),
    ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>"),
    ("&lt;i&gt; &amp; &copy;", "<p>&lt;i&gt; &amp; ©</p>"),
    ("&#8238;abc&#x301;", "<p>&amp;#8238;abc&amp;#x301;</p>"),
    ("a\x00b\ud800c", "<p>a\ufffdb\ufffdc</p>"),
    ("![alt](https://a.example/i.png)", f'<p><a href="https://a.example/i.png"{REL}>alt</a></p>'),
    ("![](https://a.example/i.png)", f'<p><a href="https://a.example/i.png"{REL}>https://a.example/i.png</a></p>'),
    ("[![alt](https://a.example/i.png)](/x)", f'<p><a href="/x"{REL}>alt</a></p>'),
    ("![alt](data:image/png;base64,AA)", "<p>![alt](data:image/png;base64,AA)</p>"),
    ("```js\" onclick=x\na<b\n```", '<pre tabindex="0"><code>a&lt;b\n</code></pre>'),
    ("# discussion", "<p><strong>discussion</strong></p>"),
    ("x[^1]\n\n[^1]: y z", "<p>x[^1]</p>\n<p>[^1]: y z</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "html"), EXACT)
def test_what_becomes_of_hostile_comments(text: str, html: str) -> None:
    assert pipeline(Profile.COMMENT).html(text).strip() == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# discussion", '<h2 id="h-discussion">discussion</h2>'),
        ("# \"><b id=x>", '<h2 id="h-b-id-x">"&gt;&lt;b id=x&gt;</h2>'),
        ("![x](/media/../a)", '<p><a href="/media/../a">x</a></p>'),
        ("![x](//a.example/b)", '<p><a href="//a.example/b" rel="noopener">x</a></p>'),
        ("![\"><b>](/media/a.png)", '<p><img src="/media/a.png" alt="&quot;&gt;&lt;b&gt;"></p>'),
    ],
)  # fmt: skip
def test_what_becomes_of_hostile_posts(text: str, html: str) -> None:
    assert pipeline(Profile.POST).html(text).strip() == html


def test_the_oracle_sees_what_is_wrong() -> None:
    bad = [
        "<script>x</script>",
        "<svg><a>x</a></svg>",
        "<p onclick=x>y</p>",
        "<p id=discussion>x</p>",
        '<a href="/x">y</a>',
        '<a href="java\u200bscript:x" rel="nofollow ugc noopener">y</a>',
        '<code class="masthead">x</code>',
        '<img src="/media/a.png">',
        "<!-- x -->",
    ]
    assert all(faults(html, "comment") for html in bad)
    assert faults('<img src="https://a.example/b.png">', "post")


@pytest.mark.parametrize("position", [0, 1])
@PROFILES
def test_each_sanitizer_alone_stops_what_the_parser_would_let_through(
    profile: Profile, position: int
) -> None:
    sanitize = sanitizers(profile)[position]
    for payload in HOSTILE["html"]:
        html = sanitize(f"<p>{payload}</p>")
        found = [fault for fault in faults(html, profile) if "without rel" not in fault]
        assert not found, payload

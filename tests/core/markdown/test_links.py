"""Test where a bare address ends, and which definitions are links and which are words."""

import re
from functools import cache

import pytest

from core.markdown.pipeline import Pipeline
from core.markdown.policy import Profile

pipeline = cache(Pipeline)

W = "https://example.org/w"
# A text, and what of it is linked.
BARE = [
    (f"See “{W}”, yes", [W]),
    (f"»{W}« «{W}» „{W}“ ‹{W}› ‘{W}’", [W] * 5),
    (f"{W}… {W}— {W}– {W}?!.. {W}... {W}?, {W}:", [W] * 7),
    (f"在{W}。还有（{W}）和「{W}」、{W}，{W}？{W}！", [W] * 6),
    (f"在 {W}。还有 （{W}）和「{W}」、 {W}，然后", [W] * 4),
    (f"_{W}_ __{W}__ *{W}* **{W}** ~~{W}~~", [W] * 5),
    (f"***{W}***, _see {W}_; **see {W}**. ~~no: {W}~~!", [W] * 4),
    (f"_a_ {W}_ and ~~b~~ {W}~", [f"{W}_", f"{W}~"]),
    (f"({W}) [{W}] ({W}_(b)) {W}_(c)", [W, W, f"{W}_(b)", f"{W}_(c)"]),
    (f"{W}&amp; {W}&copy; {W}?a=1&b=2; {W};", [W, W, f"{W}?a=1&b=2", W]),
    (f"{W}_b_c {W}~b {W}?a=b*c {W}/it’s", [f"{W}_b_c", f"{W}~b", f"{W}?a=b*c", f"{W}/it’s"]),
    ("https://xn--e1afmkfd.example/ https://пример.example/путь", ["https://xn--e1afmkfd.example/", "https://пример.example/путь"]),
    (f"`{W}` \\https://… https:// xhttps://a.example ftp://a.example {W}", [W]),
    (f"[{W}]({W}/b) <{W}>", [W, W]),
    (f"HTTPS://EXAMPLE.ORG/W {W}", ["HTTPS://EXAMPLE.ORG/W", W]),
]  # fmt: skip


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize(("text", "linked"), BARE)
def test_an_address_ends_where_a_reader_sees_its_end(
    text: str, linked: list[str], profile: Profile
) -> None:
    html = pipeline(profile).html(text)
    found = re.findall("<a [^>]*>(.*?)</a>", html)
    assert found == [address.replace("&", "&amp;") for address in linked]


def test_marks_around_an_address_are_emphasis() -> None:
    html = pipeline(Profile.POST).html(f"_{W}_ __{W}__ ~~{W}~~")
    link = f'<a href="{W}" rel="noopener">{W}</a>'
    assert html == f"<p><em>{link}</em> <strong>{link}</strong> <s>{link}</s></p>\n"


def test_thousands_of_marks_and_addresses_stay_cheap() -> None:
    """They are refused by their number or rendered, within the limit of a text either way."""
    html = pipeline(Profile.POST).html("*a* " * 10_000 + "_b " * 9 + f"{W}_ " * 500)
    assert html.count("<a ") == 500


WORDS = ["[^1]: Smith2019", "[Summary]: yes", "[a]: train.jpg", "[a]: <b>", "[a]: javascript:x()"]


@pytest.mark.parametrize("line", WORDS)
def test_a_definition_without_an_address_stays_words(line: str) -> None:
    html = pipeline(Profile.COMMENT).html(f"One [Summary] two[^1] [a].\n\n{line}")
    assert line.replace("<b>", "&lt;b&gt;") in html
    assert "<a " not in html


@pytest.mark.parametrize(
    "address", [W, f"<{W}>", "/posts/x/", "#discussion", "?a=b", "../x", "mailto:a@b.example"]
)
def test_a_definition_with_an_address_is_a_link(address: str) -> None:
    html = pipeline(Profile.COMMENT).html(f"One [two].\n\n[two]: {address} 'title'")
    assert f'<p>One <a href="{address.strip("<>")}" title="title"' in html
    assert "title'" not in html


def test_the_first_definition_of_a_name_counts_and_words_between_them_stay() -> None:
    html = pipeline(Profile.POST).html("[a]\n\n[a]: nothing\n\n[A]: /x\n[a]: /y")
    assert html == '<p><a href="/x">a</a></p>\n<p><a href="/x">a</a>: nothing</p>\n'


def test_a_footnote_of_a_comment_stays_visible() -> None:
    html = pipeline(Profile.COMMENT).html(f"One[^1].\n\n[^1]: {W}")
    assert "<p>One[^1].</p>\n<p>[^1]: <a " in html

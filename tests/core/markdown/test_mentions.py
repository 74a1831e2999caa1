"""Test which mentions in a comment become links."""

import re
from functools import cache

import pytest

from core.markdown import html as markup
from core.markdown.html import Profile, linked_in, mentioned_in, render
from core.markdown.pipeline import Pipeline

pipeline = cache(Pipeline)

PEOPLE = {handle: f"/@{handle}/" for handle in ("ada", "sam", "kim-l-33", "bob_smith_x", "o.o")}
# A text, and what of it is linked.
LINKED = [
    ("@ada", ["@ada"]),
    ("Yes, @Ada, and @SAM: both.", ["@Ada", "@SAM"]),
    ("(@ada) “@ada” .@ada @ada's @ada’s @ada? @ada... @ada- @ada/@o.o", ["@ada"] * 9),
    ("@kim-l-33 @bob_smith_x @o.o.", ["@kim-l-33", "@bob_smith_x", "@o.o"]),
    ("**@ada** _@sam_ ~~@ada~~ **so @ada**", ["@ada", "@sam", "@ada", "@ada"]),
    ("# @ada\n\n- @sam\n\n|@ada|b|\n|-|-|\n|c|@sam|", ["@ada", "@sam", "@ada", "@sam"]),
    ("你好@ada你好 سلام @adaسلام", ["@ada", "@ada"]),
    ("@ada@sam @ada@example.org me@ada x_@ada é@ada 1@ada", []),
    ("@adaß @adaé @adae\u0301 @ada1 @ada_b @ada.lovelace", []),
    ("@nobody @ @@ @1ada @-ada @ ada", []),
    ("\\@ada &#64;ada &commat;ada /@ada https://example.org/@ada", ["https://example.org/@ada"]),
    ("`@ada`\n\n```\n@ada\n```\n\n    @ada", []),
    ("> @ada\n> > @ada\n\n@sam\n\n> - @ada", ["@sam"]),
    ("- > @ada\n- @sam", ["@sam"]),
    ("[so @ada](/x) ![@ada](/y.png) <a@ada.example>", ["so @ada", "@ada", "a@ada.example"]),
    ("[@ada] [@nobody]", ["@ada"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "linked"), LINKED)
def test_a_mention_is_linked_where_it_stands_alone(text: str, linked: list[str]) -> None:
    html = pipeline(Profile.COMMENT).html(text, PEOPLE)
    assert re.findall("<a [^>]*>(.*?)</a>", html) == linked


def test_the_link_is_marked_as_every_other_and_has_the_given_address() -> None:
    html = render("Hi @Ada!", Profile.COMMENT, {"ada": "/@lovelace/"})
    link = '<a class="mention" href="/@lovelace/" rel="nofollow ugc noopener">@Ada</a>'
    assert html == f"<p>Hi {link}!</p>\n"


def test_without_known_people_and_in_articles_a_mention_stays_words() -> None:
    assert render("Hi @ada!", Profile.COMMENT) == "<p>Hi @ada!</p>\n"
    assert render("Hi @ada!", Profile.POST, PEOPLE) == "<p>Hi @ada!</p>\n"


def test_one_text_leaves_no_people_behind_for_the_next() -> None:
    render("@ada", Profile.COMMENT, PEOPLE)
    assert "<a" not in render("@ada", Profile.COMMENT)


def test_handles_are_found_in_the_text_and_in_its_html() -> None:
    text = "@Ada @sam `@code` > @ADA [@o.o](/x) ada@example.org"
    assert mentioned_in(text) == ["ada", "sam", "code", "o.o"]
    assert linked_in(render(text, Profile.COMMENT, PEOPLE)) == ["ada", "sam"]


@pytest.mark.parametrize(
    "text",
    [
        '<a class="mention" href="/@ada/">@ada</a>',
        '`<a class="mention" href="/@ada/">@ada</a>`',
        """[x](/y '<a class="mention" href="/@ada/">@ada</a>')""",
        '[x](</y"><a class="mention" href="/@ada/">@ada</a>)',
        '[@ada](/@ada/ "mention")',
    ],
)
def test_nobody_writes_a_mention_that_is_none(text: str) -> None:
    assert linked_in(pipeline(Profile.COMMENT).html(text)) == []


def test_thousands_of_mentions_stay_cheap() -> None:
    html = markup.render("@ada " * 2_000, Profile.COMMENT, PEOPLE)
    assert html.count("<a ") == 2_000

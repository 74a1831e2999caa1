"""Test reading articles from files, word for word."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exceptions import ActionRefused
from core.markdown.html import Profile, render_many
from posts.importing.articles import parse_article, read_article
from posts.text.html_text import text_of
from posts.text.plain_text import to_markdown

TEXT = Path("article.txt")
MARKDOWN = Path("article.md")


def shown(body: str) -> list[str]:
    return text_of(next(render_many([body], Profile.POST))).split()


HOSTILE_PARAGRAPHS = [
    "1986. A great year.",
    "- one\n- two\n- three",
    "1) first\n2) second",
    "# no heading",
    "Under\n=====",
    "Under\n---",
    "***",
    "* * *",
    "> said he",
    "    indented like code",
    "\tindented by a tab",
    "a*b*c and __dunder__ and snake_case_name",
    "5 < 6 & 7 > 3 &amp; &copy; <b>bold</b> <!-- hidden -->",
    "[a link](http://example.org) and ![an image](x.png) and [ref]",
    "[ref]: http://example.org 'title'",
    "[^1]: a note",
    "`code` and ``` and ~~~",
    "```\nfenced\n```",
    "| a | b |\n|---|---|\n| c | d |",
    "~~struck~~ and ~one~",
    "ends with a backslash\\\nand goes on",
    "two spaces at the end  \nof a line",
    "back\\slash \\* star",
    "http://example.org/a_b_c?x=1&y=2#z www.example.org me@example.org",
    "<http://example.org>",
    "tabs\there\u00a0and\u2003there",
    "מה ההבדל בין מנהל למנהיג",
    "“quotes” – dashes — and … dots...",
    "+ plus\n+ plus",
    ": definition",
    "a\n\\\nb",
]


@pytest.mark.parametrize("paragraph", HOSTILE_PARAGRAPHS)
def test_a_plain_paragraph_keeps_every_sign(paragraph: str) -> None:
    text = f"Before it.\n\n{paragraph}\n\nAfter it."
    assert shown(to_markdown(text)) == text.split()


def test_plain_paragraphs_stay_paragraphs_and_prose_stays_untouched() -> None:
    text = "It's a plain one, isn't it? (Yes.)\n\nAnother, with a dash - and 10% of *it* marked."
    body = to_markdown(text)
    assert body.startswith("It's a plain one, isn't it? (Yes.)\n\n")
    assert next(render_many([body], Profile.POST)).count("<p>") == 2


def test_the_lines_of_a_plain_list_stay_lines() -> None:
    html = next(render_many([to_markdown("- one\n- two")], Profile.POST))
    assert "<br>" in html
    assert "- one" in html


SIGNS = st.sampled_from(list("ab1.)-+*_#>`~[](){}|\\<&;:!=^\"'$% \t\n\n?é“א"))


@given(st.text(SIGNS, max_size=60))
def test_any_plain_text_is_kept_word_for_word(text: str) -> None:
    assert shown(to_markdown(text)) == text.split()


@pytest.mark.parametrize(
    ("text", "title", "first"),
    [
        ("# The title\n\nWords. Why?", "The title", "Words."),
        ("The title\n=====\n\nWords. Why?", "The title", "Words."),
        ('---\ntitle: "The title"\nslug: x\n---\nWords. Why?', "The title", "Words."),
        ("+++\ntitle = 'The title'\n+++\n\nWords. Why?", "The title", "Words."),
        ("Words at once. Why?", "Article", "Words"),
        ("## A section\n\nWords. Why?", "Article", "##"),
        ("# Why C# ##\n\nWords. Why?", "Why C#", "Words."),
        ("# Learning C#\n\nWords. Why?", "Learning C#", "Words."),
        (f"# a{' ' * 5_000}#\n\nWords. Why?", "a", "Words."),
    ],
)
def test_the_title_of_a_markdown_file(text: str, title: str, first: str) -> None:
    article = parse_article(text, MARKDOWN)
    assert article.title == title
    assert article.body.split()[0] == first


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Two words for one job\n\nWords. Why?", "Two words for one job"),
        ("Two words for one job?\n\nWords. Why?", "Two words for one job?"),
        ("A sentence that ends.\n\nWords. Why?", "Article"),
        ("One line\nthat goes on\n\nWords. Why?", "Article"),
        ("Only a line, why?", "Article"),
        ("x" * 121 + "\n\nWords. Why?", "Article"),
    ],
)
def test_the_title_of_a_plain_file(text: str, title: str) -> None:
    assert parse_article(text, TEXT).title == title


def test_the_name_of_the_file_is_a_title() -> None:
    assert parse_article("Words. Why?", Path("/x/two_words-for  one.txt")).title == (
        "Two words for one"
    )


def test_front_matter_says_more_than_the_title() -> None:
    text = "---\ntitle: T\ndescription: In short\nlang: de\nslug: kurz\ntags: [a]\n---\n\nWarum?"
    article = parse_article(text, MARKDOWN)
    assert (article.standfirst, article.language, article.slug) == ("In short", "de", "kurz")


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ("1984", "1984"),
        ("2026-01-02", "2026-01-02"),
        ("No", "No"),
        (">\n  Two lines\n  of it", "Two lines of it"),
        ("'It''s: so'", "It's: so"),
        ("T # a note", "T"),
    ],
)
def test_a_value_of_front_matter_is_text(value: str, title: str) -> None:
    assert parse_article(f"---\ntitle: {value}\n---\n\nWords.", MARKDOWN).title == title


@pytest.mark.parametrize(
    "value",
    [
        '"Yes: worth it; No"',
        "\n  - Yes: worth it\n  - No",
        "\n  Yes: worth it\n  No:",
        "[{Yes: worth it}, No]",
    ],
)
def test_front_matter_gives_answers(value: str) -> None:
    article = parse_article(f"---\ntitle: T\nanswers: {value}\n---\n\nWhy?", MARKDOWN)
    assert article.answers == "Yes: worth it; No"


BOMB = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in pairwise("abcdefghi")
)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ("title: Two words: one job", "cannot be read at line 2"),
        ('title: "Open', "cannot be read at line"),
        (f"title: T\n{BOMB}", "repeats values"),
        ("title: &t T\nslug: *t", "repeats values"),
        (f"title: T\nnote: {'x' * 10_000}", "longer than 10000"),
        (f"title: {'[' * 9_000}", "cannot be read"),
        ("title: !!python/object/apply:os.getcwd []\nb: :\n- c", "cannot be read"),
    ],
)
def test_front_matter_that_cannot_be_read_is_refused(fields: str, sentence: str) -> None:
    with pytest.raises(ActionRefused, match=sentence):
        parse_article(f"---\n{fields}\n---\n\nWords.", MARKDOWN)


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ('title: "a\\0b"', MARKDOWN),
        ('title: "a\\u202Eb"', MARKDOWN),
        ('title: "\\u3164"', MARKDOWN),
        ('title: "\\uD800"', MARKDOWN),
        ('title: T\nstandfirst: "a\\0"', MARKDOWN),
        ('title: T\nanswers: "a\\0; b"', MARKDOWN),
        ('title: T\nlanguage: "\\0"', MARKDOWN),
        ("note: x", Path("a\u202eb.md")),
    ],
)
def test_characters_that_nobody_sees_are_in_no_field(field: str, path: Path) -> None:
    with pytest.raises(ActionRefused, match="character|nothing to see|cannot be read"):
        parse_article(f"---\n{field}\n---\n\nWords.", path)


@pytest.mark.parametrize("value", ["['x']", f"{'[' * 9_000}", f"{'a.' * 20_000}a"])
def test_long_toml_is_refused_before_it_is_parsed(value: str) -> None:
    text = f"+++\ntitle = 'T'\n{value} = 1\nq = '{'x' * 10_000}'\n+++\n\nWords."
    with pytest.raises(ActionRefused, match="longer than 10000"):
        parse_article(text, MARKDOWN)


def test_toml_nested_too_deep_is_refused() -> None:
    with pytest.raises(ActionRefused, match="cannot be read"):
        parse_article(f"+++\ntitle = 'T'\n{'a.' * 2_000}a = 1\n+++\n\nWords.", MARKDOWN)


def test_a_tag_of_yaml_calls_nothing() -> None:
    text = "---\ntitle: !!python/name:os.system x\n---\n\nWords."
    assert parse_article(text, MARKDOWN).title == "x"


@pytest.mark.parametrize("between", ["Note: this: that", "*stressed* words", "- a\n- b", BOMB])
def test_between_rules_without_a_title_is_text(between: str) -> None:
    article = parse_article(f"---\n{between}\n---\n\nmore.", MARKDOWN)
    assert between.strip() in article.body


def test_a_rule_at_the_beginning_is_no_front_matter() -> None:
    article = parse_article("---\nWords, then\n---\n\nmore. Why?", MARKDOWN)
    assert "Words, then" in article.body


def test_a_question_that_is_the_last_paragraph_moves_below_the_text() -> None:
    article = parse_article("Why write? Because.\n\nMore.\n\nAre they *different*?", MARKDOWN)
    assert article.question == "Are they different?"
    assert article.body == "Why write? Because.\n\nMore."


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("First.\n\nAre they?\n\nWhy, or why not?", "First."),
        ("First. Are they?\n\nWhy, or why not?", "First. Are they?"),
        ("First.\n\nAre they?\n\nWhy, or why not? Well.", None),
    ],
)
def test_a_question_of_two_paragraphs_leaves_the_one_that_leads_up_to_it(
    text: str, body: str | None
) -> None:
    article = parse_article(text, MARKDOWN)
    assert article.question == "Are they? Why, or why not?"
    assert article.body == (text if body is None else body)


def test_a_question_inside_a_paragraph_stays_in_the_text() -> None:
    article = parse_article("First.\n\nSo I ask: are they? Tell me.\n\nThanks.", TEXT)
    assert article.question == "So I ask: are they?"
    assert article.body == "First.\n\nSo I ask: are they? Tell me.\n\nThanks."


def test_a_question_that_is_all_there_is_stays_in_the_text() -> None:
    article = parse_article("Are they different?", TEXT)
    assert article.body == article.question == "Are they different?"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is not a text file"),
        (b"text with a bell \x07 in it?", "is not a text file"),
        ("Größe?".encode("latin-1"), "is not in UTF-8"),
        (b"a" * 200_001, "is longer than"),
        (b"# Only a title\n", "has no text"),
        (b"words " * 80 + b"?", "The last question is longer"),
        (b"# " + b"t" * 201 + b"\n\nWhy?", "The title is longer"),
    ],
)
def test_a_file_that_is_no_article_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "article.md"
    path.write_bytes(content)
    with pytest.raises(ActionRefused, match=reason):
        read_article(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ActionRefused, match="There is no file"):
        read_article(tmp_path / "missing.txt")
    with pytest.raises(ActionRefused, match="is a folder"):
        read_article(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_that_editors_write(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes("Größe?\r\n\r\nJa.".encode(encoding))
    assert read_article(path).body == "Ja."

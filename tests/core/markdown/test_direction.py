"""Test that each block runs in the direction of its own words."""

# ruff: noqa: E501 - a row of a table is one line

from functools import cache

import pytest

from core.markdown.pipeline import Pipeline
from core.markdown.policy import Profile

pipeline = cache(Pipeline)

SHALOM = "שלום לכולם!"

# A text, and its HTML as the first letter of the whole decides what is around it.
TEXTS = [
    ("Hello\n\nfriends", "<p>Hello</p>\n<p>friends</p>"),
    (SHALOM, f"<p>{SHALOM}</p>"),
    (f"Hello friends\n\n{SHALOM}", f'<p>Hello friends</p>\n<p dir="rtl">{SHALOM}</p>'),
    (f"{SHALOM}\n\nHello", f'<p>{SHALOM}</p>\n<p dir="ltr">Hello</p>'),
    (f"12: {SHALOM}\n\n34", f"<p>12: {SHALOM}</p>\n<p>34</p>"),
    (f"Hello\n\n> {SHALOM}", f'<p>Hello</p>\n<blockquote dir="rtl">\n<p>{SHALOM}</p>\n</blockquote>'),
    (f"a\n\n> {SHALOM}\n>\n> b", f'<p>a</p>\n<blockquote dir="rtl">\n<p>{SHALOM}</p>\n<p dir="ltr">b</p>\n</blockquote>'),
    (f"a\n\n- {SHALOM}\n- b", f'<p>a</p>\n<ul dir="rtl">\n<li>{SHALOM}</li>\n<li dir="ltr">b</li>\n</ul>'),
    (f"a\n\n2. {SHALOM}", f'<p>a</p>\n<ol start="2" dir="rtl">\n<li>{SHALOM}</li>\n</ol>'),
    (f"*a* `b`\n\n**{SHALOM}**", f'<p><em>a</em> <code>b</code></p>\n<p dir="rtl"><strong>{SHALOM}</strong></p>'),
    (f"- a\n  - {SHALOM}\n- b", f'<ul>\n<li>a\n<ul dir="rtl">\n<li>{SHALOM}</li>\n</ul>\n</li>\n<li>b</li>\n</ul>'),
]  # fmt: skip


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize(("text", "html"), TEXTS)
def test_a_block_that_runs_another_way_says_so(text: str, html: str, profile: Profile) -> None:
    assert pipeline(profile).html(text) == html + "\n"


def test_headings_and_cells_have_a_direction_too() -> None:
    html = pipeline(Profile.POST).html(f"# a\n\n## {SHALOM}\n\n|b|{SHALOM}|\n|-|-|\n|c|d|")
    assert '<h3 dir="rtl" id=' in html
    assert f'<th dir="rtl">{SHALOM}</th>' in html
    assert html.count("dir=") == 2

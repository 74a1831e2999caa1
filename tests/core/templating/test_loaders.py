"""Test what is left of the white space of templates."""

import re

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template

from core.templating.loaders import squeezed

TEMPLATES = settings.BASE_DIR / "templates"


@pytest.mark.parametrize(
    ("source", "left"),
    [
        (
            "<ul>\n  <li>One</li>\n\n\n  <li>Two</li>\n</ul>\n",
            "<ul><li>One</li>\n<li>Two</li></ul>\n",
        ),
        (
            "One\n  {% if x %}\n    two\n  {% endif %}\nthree",
            "One\n{% if x %}two\n{% endif %}three",
        ),
        (
            "{% if x %}\n  {% for y in x %}\n  a\n{% endfor %}{% endif %}",
            "{% if x %}{% for y in x %}a\n{% endfor %}{% endif %}",
        ),
        ("a\n  {# why #}\n  b", "a\n{# why #}b"),
        (
            "a\n{% url 'x' %}\nb {% if c %} d {% endif %} e\n",
            "a\n{% url 'x' %}\nb {% if c %} d {% endif %} e\n",
        ),
        ('a\n{{ b }}\n{% translate "c" %}\nd', 'a\n{{ b }}\n{% translate "c" %}\nd'),
        ("<textarea>\n{{ a }}</textarea>", "<textarea>\n{{ a }}</textarea>"),
        ("{% ifchanged a %}\nb", "{% ifchanged a %}\nb"),
        # At the edges of blocks white space is not shown; beside elements in a line it is.
        ('<p class="a">\n  {{ b }}\n</p>\nc', '<p class="a">{{ b }}</p>\nc'),
        ("<p>\n{% if x %}\na\n{% endif %}\n</p>", "<p>{% if x %}a{% endif %}</p>"),
        ("<b>\na\n</b>\n<a>c</a>\n<i>d</i>", "<b>\na\n</b>\n<a>c</a>\n<i>d</i>"),
        ("<pre>\na</pre>\n<picture>\nb", "<pre>\na</pre>\n<picture>\nb"),
        ("<article>\na\n</article>\n<details>", "<article>a</article><details>"),
        ("<li>a</li>\n<li>b</li>", "<li>a</li>\n<li>b</li>"),
    ],
)
def test_a_line_break_is_left_of_more(source: str, left: str) -> None:
    assert squeezed(source) == left
    assert squeezed(left) == left


def test_words_apart_stay_apart() -> None:
    source = (
        "{% for x in '12' %}\n <b>{{ x }}</b>\n {% if x == '2' %}\n two\n {% endif %}{% endfor %}"
    )
    texts = [engines["django"].from_string(each).render() for each in (source, squeezed(source))]
    assert [text.split() for text in texts] == [["<b>1</b>", "<b>2</b>", "two"]] * 2


def test_no_template_has_text_whose_lines_are_shown() -> None:
    """What `pre` and `textarea` show is a variable: text of their own would lose its indent."""
    shown = [
        words
        for path in TEMPLATES.rglob("*.html")
        for words in re.findall(
            r"(?s)<(?:pre|textarea)\b[^<]*>(.*?)</(?:pre|text)", path.read_text()
        )
    ]
    assert len(shown) > 5
    assert [
        words for words in shown if not re.fullmatch(r"\n?(?:\{\{.*?\}\}|\{%.*?%\})*", words)
    ] == []


def test_mails_of_plain_text_are_loaded_as_they_are() -> None:
    text = next(TEMPLATES.rglob("*.txt"))
    template = get_template(text.relative_to(TEMPLATES).as_posix()).template  # type: ignore[attr-defined]
    assert template.source == text.read_text()

"""Test finding the closing question: the last run of questions in the author's own voice."""

import pytest

from posts.importing.closing_questions import closing_question
from posts.text.plain_text import shown_html

RUN = "Do you believe that walls and doors are different? Why, or why not?"
ASKED = "So: are they one?"


@pytest.mark.parametrize(
    ("body", "question"),
    [
        ("It is so. Are they different, and why?", "Are they different, and why?"),
        (f"Walls stand. {RUN}", RUN),
        (RUN, RUN),
        ("Really? No. Are they? Or not? I wonder.", "Are they? Or not?"),
        ("Mr. Smith and Dr. Jones, are they one?", "Mr. Smith and Dr. Jones, are they one?"),
        ("Are they *really* [different](https://x.example/?a)?", "Are they really different?"),
        ("He asked: “Are they?” Nobody knew.", ""),
        ('They said "Why?" and left. Is it so? He asked "Why?" and went.', "Is it so?"),
        ("Sind sie „verschieden?“ oder gleich? Warum?", None),
        ("Sont-ils différents ? Pourquoi ?", None),
        ("¿Son distintos? ¿Por qué?", None),
        ("経営とは何か。同じですか？", None),
        ("هل هما مختلفان؟ لماذا؟", None),
        (f"{ASKED}[^1]\n\n[^1]: Doe, *Do managers matter?* (2019).", ASKED),
        (f"{ASKED}\n\n[^1]: Doe, *Do managers matter?* (2019).", ASKED),
        (f"{ASKED}\n\n> And what did he say?\n>\n> Why?", ASKED),
        (f"{ASKED}\n\n## More?\n\n- Who?\n- When?", ASKED),
        (f"{ASKED}\n\n```\na?\n\nb?\n```", ASKED),
        (f"{ASKED}\n\nRead [Do managers matter?](https://x.example/) next.", ASKED),
        ("See example.org/?a=1 for more.", ""),
        ("", ""),
    ],
)
def test_the_closing_question_is_the_last_run_of_own_questions(
    body: str, question: str | None
) -> None:
    """Find `question`; None stands for the whole text."""
    assert closing_question(shown_html(body)) == (body if question is None else question)

"""Test finding the closing question: the last run of questions in the author's own voice."""

from time import process_time

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
        ("He asked: ‘Don’t they?’ Nobody knew. Don’t they? He asked 'Why?' then.", "Don’t they?"),
        ("The managers' question isn't 'Who am I?', is it?", None),
        ("Er fragte »Warum?« und ›Wann?‹ Aber ist es so?", "Aber ist es so?"),
        (
            "経営とは何か。同じですか？なぜですか？私は知らない。",
            "経営とは何か。同じですか？なぜですか？",
        ),
        ("彼は「なぜ？」と言った。管理和领导不同吗？", "管理和领导不同吗？"),
        ("Έτσι είναι. Είναι διαφορετικοί; Γιατί;", "Είναι διαφορετικοί; Γιατί;"),
        ("Walls, doors; all of it. Really?! Well.", "Really?!"),
        ("I built both.\n\nAre they one?\n\nWhy, or why not?", "Are they one? Why, or why not?"),
        ("I built both. Are they one?\n\nWhy? Tell me.", "Are they one? Why?"),
        ("Are they one? I wonder.\n\nWhy, or why not?", "Why, or why not?"),
        ("Are they one?\n\n## Why?\n\nIs it so?", "Is it so?"),
        (f"{ASKED}\n\nP.S. Have you read part one?", ASKED),
        (f"{ASKED}\n\nThanks for reading. Will you come back?", ASKED),
        (f"{ASKED}\n\n— Ada, who else?", ASKED),
        (f"{ASKED}\n\nI know what I say. Enjoyed this? Subscribe.", ASKED),
        (f"{ASKED}\n\nIs part two for you, too? Sign up for the newsletter.", ASKED),
        (f"{ASKED}\n\nBis bald! Lesen wir uns wieder?", ASKED),
        (f"{ASKED} I doubt it.\n\nWhat do you think?", ASKED),
        ("Thanks to managers, teams work. Do leaders help?", "Do leaders help?"),
        ("It is so. What do you think? Tell me.", "What do you think?"),
        ("Is a newsletter like a blog? Write to me.", "Is a newsletter like a blog?"),
        (f"{ASKED}\n\n![A wall](https://x.example/w.png)\n\n*Who built it?*", ASKED),
        (f"{ASKED}\n\n![A wall](https://x.example/w.png)\n*Who built it?*", ASKED),
        (f"{ASKED}\n\nFig. 2: Who built it?", ASKED),
        (f"{ASKED}\n\nQuelle: Doe, Wer baut?", ASKED),
        ("It is so.\n\n*Are they one?*", "Are they one?"),
        ("See example.org/?a=1 for more.", ""),
        ("", ""),
    ],
)
def test_the_closing_question_is_the_last_run_of_own_questions(
    body: str, question: str | None
) -> None:
    """Find `question`; None stands for the whole text."""
    assert closing_question(shown_html(body), 300) == (body if question is None else question)


def test_a_run_that_would_be_too_long_is_that_of_the_last_paragraph() -> None:
    html = shown_html(f"Is it {'so ' * 97}?\n\nWhy?")
    assert closing_question(html, 300) == "Why?"
    assert closing_question(html, 400).startswith("Is it so")


@pytest.mark.parametrize("mark", ["'a ", "?"])
def test_marks_that_are_never_closed_take_no_time(mark: str) -> None:
    started = process_time()
    asked = closing_question(f"<p>{mark * (24_000 // len(mark))}so. {ASKED}</p>", 300)
    assert process_time() - started < 3
    assert asked.endswith(ASKED)

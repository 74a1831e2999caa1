"""Test which answers an imported article gets: its own, or the site's if they fit its question."""

from dataclasses import replace
from unittest.mock import patch

import pytest

from core.exceptions import ActionRefused
from posts.actions import default_stances
from posts.importing.answers import answers_for, parse_answers
from posts.importing.articles import Article
from posts.importing.fitting import compares


def asked(question: str, language: str = "", answers: str = "") -> Article:
    return Article("T", "Words.", question, language=language, answers=answers)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Are managers and leaders different, and why?", "en"),
        ("Do you believe that walls and doors are different? Why, or why not?", "en"),
        ("So what do you say: is leading the same as managing?", "en"),
        ("Is a manager different from a leader?", "en"),
        ("Do managing and leading overlap?", "en"),
        ("Are they one thing, or two?", "en"),
        ("Is there a difference between a wall and a door?", "en"),
        ("Is a weekly meeting worth the hour it takes?", ""),
        ("Is remote work different, and why?", ""),
        ("Is a different approach and a new tool needed?", ""),
        ("Should managers and leaders be paid the same?", ""),
        ("Are managers and leaders paid the same?", ""),
        ("How are managers and leaders different?", ""),
        ("Why are walls and doors different?", ""),
        ("What is the difference between a wall and a door?", ""),
        ("What do you think?", ""),
        ("Sind Führen und Managen verschieden? Warum?", "de"),
        ("Glauben Sie, dass Mauern und Türen dasselbe sind?", "de"),
        ("Sind Chefs und Mitarbeiter gleich wichtig?", ""),
        ("Lohnt sich ein Wochentreffen?", ""),
        ("Diriger et gérer sont-ils différents ? Pourquoi ?", "fr"),
        ("Comment diriger et gérer sont-ils différents ?", ""),
        ("La réunion vaut-elle une heure ?", ""),
        ("¿Son distintos un gerente y un líder? ¿Por qué?", "es"),
        ("¿Vale la pena la reunión?", ""),
        ("Czy kierownik i przywódca to różne osoby?", ""),
        ("Zijn managers en leiders verschillend?", ""),
        ("何か。同じですか？", ""),
        ("Είναι διαφορετικοί;", ""),
        ("", ""),
    ],
)
def test_the_default_answers_fit_a_comparison_in_a_known_language(
    question: str, language: str
) -> None:
    """Find the language of a comparison; an empty one stands for a draft."""
    assert compares(question) == language
    found = answers_for(asked(question))
    assert bool(found.doubt) == (not language)
    assert [one.key for one in found.stances] == ["different", "same", "overlap"]
    assert (found.stances == default_stances()) == (language in {"", "en"})


@pytest.mark.django_db
def test_answers_that_the_site_words_itself_fit_its_own_language_only() -> None:
    own = [replace(one, word=one.word.upper()) for one in default_stances()]
    with patch("posts.importing.answers.default_stances", lambda: own):
        for question, fits in {"Are they one thing?": True, "Sind sie gleich?": False}.items():
            found = answers_for(asked(question))
            assert (found.doubt == "") == fits
            assert found.words == "DIFFERENT, SAME, OVERLAP"


def test_a_question_in_another_language_than_it_is_said_to_be_in_fits_nothing() -> None:
    assert answers_for(asked("Are walls and doors different?", "pl")).doubt
    assert not answers_for(asked("Sind Wand und Tür gleich?", "de-AT")).doubt


@pytest.mark.parametrize(
    ("question", "fits"),
    [
        ("Is a weekly meeting worth the hour it takes?", True),
        ("Is it a wall or a door?", False),
        ("How long should a meeting be?", False),
        ("Lohnt sich das?", False),
    ],
)
def test_yes_and_no_fit_a_question_that_begins_with_its_verb(question: str, fits: bool) -> None:
    with patch("posts.importing.answers.default_stances", lambda: parse_answers("Yes; No")):
        found = answers_for(asked(question))
    assert (found.doubt == "") == fits
    assert found.words == "Yes, No"


def test_answers_that_are_brought_fit_any_question() -> None:
    found = answers_for(asked("Worth it?", answers="Yes: worth it;  No ;\nIt depends：on; "))
    assert found.doubt == ""
    said = [(one.key, one.word, one.meaning) for one in found.stances]
    assert said == [
        ("yes", "Yes", "worth it"),
        ("no", "No", ""),
        ("it-depends", "It depends", "on"),
    ]
    assert len({one.shape for one in found.stances}) == 3
    assert len({one.colour for one in found.stances}) == 3
    assert [one.key for one in parse_answers("はい; いいえ")] == ["answer", "answer-2"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Yes", "two to five"),
        (";; ;", "two to five"),
        ("a;b;c;d;e;f", "two to five"),
        ("Yes; yes", "the same word"),
        (": worth it; No", "no word before its colon"),
        (f"{'y' * 31}; No", "longer than 30"),
        (f"Yes: {'y' * 121}; No", "longer than 120"),
    ],
)
def test_answers_that_cannot_be_read_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(ActionRefused, match=sentence):
        parse_answers(text)

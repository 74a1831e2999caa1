"""Test the sentences on the place of a comment and on its figures, at their borders."""

from types import SimpleNamespace
from typing import Any

import pytest

from comments import sentences
from comments.ranking.first_screen import Why
from comments.ranking.lift import StanceReactions

USUAL = 0.25
ANSWERS: list[Any] = [SimpleNamespace(word="Same"), SimpleNamespace(word="Other")]

AS_IF = "luck: as if 4 more had marked as usual, it"


@pytest.mark.parametrize(
    ("approvals", "chances", "said"),
    [
        (0, 1, "one reader who answers Same had a chance to read it and did not mark it."),
        (0, 6, "6 readers who answer Same had a chance to read it and none marked it."),
        (1, 1, "one reader who answers Same had a chance to read it and marked it: 100 %."),
        (1, 4, "4 readers who answer Same had a chance to read it and 1 marked it: 25 %."),
        (3, 4, "4 readers who answer Same had a chance to read it and 3 marked it: 75 %."),
    ],
)
def test_the_example_names_the_readers_and_the_marks(
    approvals: int, chances: int, said: str
) -> None:
    example = sentences.example("Same", StanceReactions(approvals, chances), USUAL)
    usual = " Of all comments here they mark 25 %. "
    assert example.replace("\N{NO-BREAK SPACE}", " ").startswith(f"For example: {said}{usual}")


@pytest.mark.parametrize(
    ("approvals", "chances", "said"),
    [
        # Ratio above, at and below the usual; the figure shown is nearer to 1 than the quotient.
        (
            3,
            4,
            f"about 3.0 times the usual. With 4 readers some of it may be {AS_IF} counts as 2.0",
        ),
        (1, 1, f"about 4.0 times the usual. One reader may be {AS_IF} counts as 1.6"),
        (1, 4, "That is about 1.0 times the usual"),
        (
            1,
            16,
            f"0.2 times the usual. With 16 readers some of it may be {AS_IF} counts as 0.4",
        ),
        (500, 1000, "That is about 2.0 times the usual"),
        (
            0,
            6,
            f"With 6 readers some of it may be {AS_IF} counts as 0.4 times the usual, not as 0",
        ),
        (0, 1, f"25 %. One reader may be {AS_IF} counts as 0.8 times the usual, not as 0"),
    ],
)
def test_the_example_says_why_a_figure_is_not_the_quotient(
    approvals: int, chances: int, said: str
) -> None:
    example = sentences.example("Same", StanceReactions(approvals, chances), USUAL)
    assert example.replace("\N{NO-BREAK SPACE}", " ").endswith(f"{said}.")


def test_the_figure_across_answers_names_its_bounds_only_where_they_apply() -> None:
    inside, above, below = (
        sentences.averaged(ratios) for ratios in ([0.34, 2.9], [1.0, 3.1], [0.32, 1.0])
    )
    assert inside.endswith("cancel out.")
    assert above == below
    assert above.endswith("A figure above 3.0 counts there as 3.0, one below 0.3 as 0.3.")


@pytest.mark.parametrize(
    ("why", "times", "said"),
    [
        (
            Why.STRONGEST,
            "2.0",
            "who answer Same marked it about 2.0 times as often as usual, and no",
        ),
        (Why.STRONGEST, "1.0", "who answer Same marked it about as often as usual, and no"),
        (
            Why.STRONGEST,
            "0.6",
            "who answer Same marked it about 0.6 times as often as usual, and no",
        ),
        (Why.STRONGEST, "", "who answer Same find no other thread for Same better argued."),
        (Why.CASE, "1.3", "does better with them. They are too few yet to call it"),
        (Why.CASE, "", "better argued. They are too few yet to call it"),
        (Why.BALANCE, "1.0", "nobody who counts has marked a thread for Same yet."),
    ],
)
def test_a_place_of_an_answer_has_its_figure_where_that_is_told(
    why: Why, times: str, said: str
) -> None:
    place = sentences.place(why, "Same", times)
    assert place.startswith("Each answer has one thread at the top, and this is the one for Same")
    assert said in place


def test_what_decides_is_told_where_a_thread_stands_high_with_a_low_figure() -> None:
    for why in (Why.STRONGEST, Why.CASE, Why.BALANCE):
        assert "but readers who answer Same decide this place." in sentences.despite(why, "Same")
    assert "does not decide this place" in sentences.despite(Why.SERVES, "")
    assert "drawn by lot" in sentences.despite(Why.UNHEARD, "")
    assert sentences.despite(Why.BRIDGE, "") == sentences.despite(None, "") == ""


def test_every_part_of_the_order_has_a_rule() -> None:
    rules = [sentences.rule(why, ANSWERS) for why in (Why.STRONGEST, Why.SERVES, Why.BRIDGE)]
    rules += [sentences.rule(Why.UNHEARD, []), sentences.rule(None, [])]
    assert rules[0].startswith(
        "One thread for each answer, in the order of the question: Same and Other."
    )
    assert len(set(rules)) == 5


def test_the_others_begin_after_the_first() -> None:
    assert sentences.place_after_first(0).startswith("From number 1 on,")
    assert sentences.place_after_first(5).startswith("From number 6 on,")

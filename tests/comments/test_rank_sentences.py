"""Test the sentences on the place of a comment and on its figures, at their borders."""

from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from comments import sentences
from comments.ranking import constants
from comments.ranking.first_screen import Why
from comments.ranking.lift import StanceReactions, speaks_for

USUAL = 0.25
RATES = (0.02, 0.15, 0.5, 0.9)
ANSWERS: list[Any] = [SimpleNamespace(word="Same"), SimpleNamespace(word="Other")]

ADDED = (
    "To be safe while few have read a comment, we add 4 imaginary readers to each answer, who mark "
    "as often as its readers usually do. For Same that"
)
BEST = "Best of each side"
TOP = "each answer has one thread at the top"


@pytest.mark.parametrize(
    ("approvals", "chances", "said"),
    [
        # Above, at and below the usual; the figure shown is nearer to 1 than the quotient.
        (3, 4, "lowers 3.0 (75 % against 25 %) to 2.0"),
        (1, 1, "lowers 4.0 (100 % against 25 %) to 1.6"),
        (1, 4, "leaves 1.0 (25 % against 25 %) as it is"),
        (1, 16, "raises 0.2 (6 % against 25 %) to 0.4"),
        (500, 1000, "leaves 2.0 (50 % against 25 %) as it is"),
        (0, 6, "raises 0.0 (0 % against 25 %) to 0.4"),
        (0, 1, "raises 0.0 (0 % against 25 %) to 0.8"),
    ],
)
def test_the_example_says_which_way_few_readers_move_a_figure(
    approvals: int, chances: int, said: str
) -> None:
    example = sentences.example("Same", StanceReactions(approvals, chances), USUAL)
    assert example.replace("\N{NO-BREAK SPACE}", " ") == f"{ADDED} {said}."


def test_the_figures_of_a_row_say_what_they_count() -> None:
    for approvals, chances, figures in (
        (0, 1, "“0 of 1”"),
        (1, 2, "“1 of 2”"),
        (3, 1400, "“3 of 1,400”"),
    ):
        said = sentences.counted("Same", StanceReactions(approvals, chances))
        assert said.startswith(f"{figures} at Same: of the readers who answered Same then, ")
        marked, chance = figures.strip("“”").split(" of ")
        assert f"{chance} had a chance to read it, and {marked} marked it;" in said


def test_one_imaginary_reader_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "PRIOR_READERS", 1)
    example = sentences.example("Same", StanceReactions(1, 4), USUAL)
    assert "we add 1 imaginary reader to each answer, who marks as often" in example


def test_the_figure_across_answers_names_its_bounds_only_where_they_apply() -> None:
    inside, above, below = (
        sentences.balanced(ratios) for ratios in ([0.34, 2.9], [1.0, 3.1], [0.32, 1.0])
    )
    assert inside.endswith("cancel out.")
    assert above == below
    assert above.endswith("a figure above 3.0 counts as 3.0, one below 0.3 as 0.3.")


def speaks(*figures: tuple[int, int, float]) -> list[str]:
    """Return what is said of a comment that the first of two answers marked most.

    `figures` are the marks, the chances and the usual rate of each answer.
    """
    words = {1: SimpleNamespace(pk=1, word="Same"), 2: SimpleNamespace(pk=2, word="Other")}
    sides = {key: StanceReactions(*each[:2]) for key, each in enumerate(figures, 1)}
    rates = {key: each[2] for key, each in enumerate(figures, 1)}
    row: Any = SimpleNamespace(
        has_badge=False, speaks_for_id=speaks_for(sides, rates), is_divisive=False
    )
    return list(sentences.badges(row, sides, rates, words))


@pytest.mark.parametrize(
    ("other", "is_said"),
    [((3, 40, 0.2), True), ((4, 14, 0.12), False), ((4, 14, 0.2), True)],
)
def test_it_speaks_for_an_answer_unless_the_table_has_a_higher_figure_for_another(
    other: tuple[int, int, float], *, is_said: bool
) -> None:
    said = (
        "It speaks for Same: of readers who answer Same, a larger share than usual marked it, and "
        "a larger one than of all others together."
    )
    sides = {1: StanceReactions(8, 13), 2: StanceReactions(*other[:2])}
    assert speaks_for(sides, {1: 0.35, 2: other[2]}) == 1
    assert speaks((8, 13, 0.35), other) == ([said] if is_said else [])


def test_what_it_says_of_shares_is_so() -> None:
    for marks, chances, others, rate in product(range(3, 13), (5, 8, 12), (0, 1, 6, 40), RATES):
        for other in range(others + 1):
            own = StanceReactions(min(marks, chances), chances)
            said = "".join(speaks((*own, rate), (other, others, 0.3)))
            if "It speaks for Same" not in said:
                continue
            share = own.approvals / own.chances
            assert share > rate
            assert not others or share > other / others


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        (0, ""),
        (1, "The number at the comment counts 1 further mark, which the table leaves out."),
        (3, "The number at the comment counts 3 further marks, which the table leaves out."),
        (-1, "The number at the comment is 1 lower than all these marks together."),
        (-3, "The number at the comment is 3 lower than all these marks together."),
    ],
)
def test_a_number_that_the_table_does_not_add_up_to_is_explained(marks: int, said: str) -> None:
    assert sentences.unranked(marks).startswith(said)
    assert bool(said) == bool(sentences.unranked(marks))
    assert ("only the first 3 marks" in sentences.unranked(marks)) == (marks > 0)


def test_of_one_mark_for_a_writer_it_speaks_as_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "REACTIONS_PER_WRITER", 1)
    assert sentences.unranked(2).endswith(
        "only the first mark of a reader for comments by one writer counts."
    )


@pytest.mark.parametrize(
    ("number", "why", "answer", "because"),
    [
        (1, Why.STRONGEST, ("Different", 1), f"{TOP}, and Different is the first answer of the q"),
        (2, Why.CASE, ("Same", 2), f"{TOP}, and Same is the second answer of the question"),
        (2, Why.BALANCE, ("Overlap", 3), f"{TOP}, and Overlap is the second answer that has a th"),
        (6, Why.STRONGEST, ("Sixth", 6), f"{TOP}, and this is the one for Sixth"),
        (3, Why.SIDE, None, TOP),
        (4, Why.BRIDGE, None, "it does best across answers, of all threads but those above it"),
        (5, Why.SERVES, None, "readers who marked none of the threads above marked this one"),
        (5, Why.UNHEARD, None, "this place is chosen at random"),
        (9, None, None, "from number 6 on threads follow by how often readers of all answers"),
    ],
)
def test_a_place_has_its_number_and_the_reason_for_it(
    number: int, why: Why | None, answer: tuple[str, int] | None, because: str
) -> None:
    place = sentences.place(
        sentences.PlaceTold(number, 24, BEST, why, 6),
        sentences.AnswerOfPlace(*answer) if answer else None,
    )
    said = f"It is number {number} of 24 threads in the order “{BEST}”, because {because}"
    assert place.startswith(said)
    assert place.endswith(".")


@pytest.mark.parametrize(
    ("threads", "said"),
    [(1, "of 1 thread in"), (499, "of 499 threads in"), (500, "of the first 500 threads")],
)
def test_there_may_be_more_threads_than_an_order_holds(threads: int, said: str) -> None:
    told = sentences.PlaceTold(1, threads, BEST, Why.UNHEARD, 2)
    assert f"number 1 {said}" in sentences.place(told)


@pytest.mark.parametrize(
    ("why", "times", "said"),
    [
        (
            Why.STRONGEST,
            "2.0",
            "Same marked most: about 2.0 times as often as usual",
        ),
        (
            Why.STRONGEST,
            "1.0",
            "Same marked most: about as often as usual",
        ),
        (
            Why.STRONGEST,
            "0.6",
            "Same marked most: about 0.6 times as often as usual",
        ),
        (Why.STRONGEST, "", "Same find none better argued"),
        (
            Why.CASE,
            "1.3",
            "Same marked most: about 1.3 times as often as usual. They are too few",
        ),
        (
            Why.CASE,
            "",
            "Same find none better argued. They are too few yet to call it the",
        ),
    ],
)
def test_the_choice_of_its_own_readers_has_their_figure_where_that_is_told(
    why: Why, times: str, said: str
) -> None:
    chosen = sentences.chosen(why, "Same", times)
    assert said in chosen
    assert chosen.startswith("Of the threads for Same, ")


def test_other_choices_are_explained_and_those_by_the_figure_across_answers_are_not() -> None:
    assert "has marked a thread for Same yet." in sentences.chosen(Why.BALANCE, "Same", "1.0")
    assert sentences.chosen(Why.SERVES, "").startswith("They are a fifth or more")
    assert sentences.chosen(Why.UNHEARD, "").startswith("So new threads are read too")
    assert {sentences.chosen(why, "") for why in (Why.SIDE, Why.BRIDGE, None)} == {""}


def test_what_decides_is_told_where_a_thread_stands_high_with_a_low_figure() -> None:
    for why in (Why.STRONGEST, Why.CASE, Why.BALANCE):
        assert "but readers who answer Same decide this place." in sentences.despite(why, "Same")
    assert "does not decide this place" in sentences.despite(Why.SERVES, "")
    assert "chosen at random" in sentences.despite(Why.UNHEARD, "")
    assert sentences.despite(Why.BRIDGE, "") == sentences.despite(None, "") == ""


def test_every_part_of_the_order_has_a_rule() -> None:
    rules = [sentences.rule(why, ANSWERS) for why in (Why.STRONGEST, Why.SERVES, Why.BRIDGE)]
    rules += [sentences.rule(Why.UNHEARD, []), sentences.rule(None, [])]
    assert rules[0].startswith(
        "One thread for each answer, in the order of the question: Same and Other. It is the one"
    )
    assert len(set(rules)) == 5

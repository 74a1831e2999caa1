"""Test how records become the answers that a reader held."""

import pytest

from comments.ranking.audience import HeldAnswer, Recorded, history

DIFFERENT, SAME, OVERLAP = 1, 2, 3


@pytest.mark.parametrize(
    ("records", "held"),
    [
        ([], []),
        # The comment gave the answer that it corrects.
        (
            [Recorded(1, SAME, 7), Recorded(2, OVERLAP, 7, is_correction=True)],
            [HeldAnswer(1, OVERLAP)],
        ),
        (
            [Recorded(1, SAME, 7), *(Recorded(at, at, 7, is_correction=True) for at in (2, 3))],
            [HeldAnswer(1, 3)],
        ),
        # It gave none, because its writer held that answer already.
        (
            [Recorded(1, DIFFERENT), Recorded(5, SAME, 7, is_correction=True)],
            [HeldAnswer(1, DIFFERENT), HeldAnswer(5, SAME)],
        ),
        (
            [Recorded(1, DIFFERENT, 6), Recorded(5, SAME, 7, is_correction=True)],
            [HeldAnswer(1, DIFFERENT), HeldAnswer(5, SAME)],
        ),
        # A second correction of that comment corrects the first.
        (
            [
                Recorded(1, DIFFERENT),
                Recorded(5, SAME, 7, is_correction=True),
                Recorded(6, OVERLAP, 7, is_correction=True),
            ],
            [HeldAnswer(1, DIFFERENT), HeldAnswer(5, OVERLAP)],
        ),
        # Moderators took it back, gave it again, and took it back where another stood before.
        ([Recorded(1, SAME, 7), Recorded(2, None, 7, is_correction=True)], []),
        (
            [
                Recorded(1, SAME, 7),
                Recorded(2, None, 7, is_correction=True),
                Recorded(3, SAME, 7, is_correction=True),
            ],
            [HeldAnswer(1, SAME)],
        ),
        (
            [
                Recorded(1, DIFFERENT),
                Recorded(5, SAME, 7),
                Recorded(6, DIFFERENT, 7, is_correction=True),
            ],
            [HeldAnswer(1, DIFFERENT)],
        ),
        # Another answer came between.
        (
            [
                Recorded(1, DIFFERENT, 7),
                Recorded(5, SAME),
                Recorded(6, OVERLAP, 7, is_correction=True),
            ],
            [HeldAnswer(1, DIFFERENT), HeldAnswer(5, SAME), HeldAnswer(6, OVERLAP)],
        ),
    ],
)
def test_a_correction_folds_into_the_answer_of_its_own_comment(
    records: list[Recorded], held: list[HeldAnswer]
) -> None:
    assert history(records) == held

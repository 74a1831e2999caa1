"""Test where the picture of a multiple of the usual is drawn: a fourth, once and four times."""

import pytest

from comments.rendering.explanations import RatioPicture


@pytest.mark.parametrize(
    ("ratio", "place"),
    [
        (0.25, "0.0%"),
        (0.5, "25.0%"),
        (1.0, "50.0%"),
        (2.0, "75.0%"),
        (4.0, "100.0%"),
        # Beyond the line it goes on, and ends in sight.
        (0.0, "-4.0%"),
        (0.01, "-4.0%"),
        (40.0, "104.0%"),
    ],
)
def test_the_scale_has_its_ends_at_a_fourth_and_at_four_times(ratio: float, place: str) -> None:
    assert RatioPicture(ratio, ratio, ratio).dot == place


def test_a_range_is_as_long_as_it_reaches() -> None:
    picture = RatioPicture(0.5, 2.0, 1.0)
    assert (picture.start, picture.width) == ("25.0%", "50.0%")

"""Test what the environment may set of the site profile."""

from typing import Any
from unittest import mock

import pytest

from config.profile import from_environment

WRONG = {
    "SITE_NAME": "x" * 300,
    "SITE_TAGLINE": "two\nlines",
    "SITE_CONTACT": "nobody",
    "SITE_LANGUAGE": "tlh",
    "SITE_TIME_ZONE": "Europe/Nowhere",
    "NEWCOMER_COMMENTS": "two",
}


def read(**variables: str) -> dict[str, tuple[str, Any]]:
    with mock.patch.dict("os.environ", variables):
        return from_environment(["en"])


def test_what_is_set_is_found_with_its_variable() -> None:
    assert read() == {}
    assert read(SITE_NAME=" The Rota ", SITE_TIME_ZONE="Europe/Dublin", NEWCOMER_COMMENTS="0") == {
        "name": ("SITE_NAME", "The Rota"),
        "time_zone": ("SITE_TIME_ZONE", "Europe/Dublin"),
        "newcomer_comments": ("NEWCOMER_COMMENTS", 0),
    }


@pytest.mark.parametrize("variable", WRONG)
def test_nonsense_stops_the_start_with_a_sentence_that_names_it(variable: str) -> None:
    with pytest.raises(SystemExit, match=f"Counterpoint cannot start: {variable} must be"):
        read(**{variable: WRONG[variable]})

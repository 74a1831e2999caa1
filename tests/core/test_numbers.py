"""Test reading numbers that people send."""

import pytest

from core.numbers import LARGEST, IdConverter, number


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", "١", "²", " 1", "1_0", "0x1", "9" * 5_000])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number(text) is None


def test_the_largest_number_is_that_of_a_column() -> None:
    assert number(str(LARGEST)) == LARGEST
    assert number(str(LARGEST + 1)) is None


def test_a_path_names_no_row_above_it() -> None:
    assert IdConverter().to_python("0012") == 12
    assert IdConverter().to_url(12) == "12"
    with pytest.raises(ValueError, match="9223372036854775808"):
        IdConverter().to_python("9223372036854775808")

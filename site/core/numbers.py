"""Read whole numbers that people send, none larger than a column holds; format them: "1,234"."""

from django.urls.converters import IntConverter
from django.utils.formats import number_format

# The largest number of a column, in SQLite and in PostgreSQL's bigint.
LARGEST = 2**63 - 1
# Digits of LARGEST.
MOST_DIGITS = 19
# No language groups the digits of smaller numbers, and almost all numbers are smaller.
_THOUSAND = 1_000


def number(text: str) -> int | None:
    """Return the number from 0 to LARGEST written as `text` in ASCII digits, or None."""
    if not text.isascii() or not text.isdigit() or len(text) > MOST_DIGITS:
        return None
    read = int(text)
    return read if read <= LARGEST else None


def grouped(number: int) -> str:
    """Return `number` with a separator between thousands, in the active language.

    For counts that people read; ids, attributes and figures for machines stay plain.
    """
    if -_THOUSAND < number < _THOUSAND:
        return str(number)
    return number_format(number, use_l10n=True, force_grouping=True)


class IdConverter(IntConverter):
    """The id of a row in a path: `<id:pk>`. A number that no row can have leads to a 404."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """Return `value` as a number; raises ValueError above LARGEST."""
        read = number(value)
        if read is None:
            raise ValueError(value)
        return read

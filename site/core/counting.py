"""Format numbers for readers: "1,234" in English."""

from django.utils.formats import number_format

# No language groups the digits of smaller numbers, and almost all numbers are smaller.
_THOUSAND = 1_000


def grouped(number: int) -> str:
    """Return `number` with a separator between thousands, in the active language.

    For counts that people read; ids, attributes and figures for machines stay plain.
    """
    if -_THOUSAND < number < _THOUSAND:
        return str(number)
    return number_format(number, use_l10n=True, force_grouping=True)

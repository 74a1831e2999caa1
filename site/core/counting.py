"""Numbers of people and of things as readers see them: "1,234", as their language writes it."""

from django.utils.formats import number_format

# Below it no language groups digits; almost all numbers are.
_THOUSAND = 1_000


def grouped(number: int) -> str:
    """Return `number` with its thousands apart, in the active language.

    For counts that are read; ids, attributes and figures for machines stay plain.
    """
    if -_THOUSAND < number < _THOUSAND:
        return str(number)
    return number_format(number, use_l10n=True, force_grouping=True)

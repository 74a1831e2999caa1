"""Give a password one spelling, however a keyboard composes its accents."""

import unicodedata

# Characters. Normalising sorts marks in quadratic time; nobody types a longer password.
NORMALISED_UP_TO = 1_000


def normal_form(password: str) -> str:
    """Return `password` in NFKC, the form that is hashed; a longer one as it is."""
    if len(password) > NORMALISED_UP_TO:
        return password
    return unicodedata.normalize("NFKC", password)


def spellings(password: str) -> list[str]:
    """Return the forms in which `password` may have been hashed: the normal one, then as typed.

    There are two if they differ. So the work of a check depends on what was typed alone, not on the
    account or on the form that matches.
    """
    return list(dict.fromkeys([normal_form(password), password]))

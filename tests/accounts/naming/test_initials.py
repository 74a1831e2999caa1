"""Test the initials that stand where a face would be."""

import pytest

from accounts.naming.initials import initials


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Tove Lind", "TL"),
        ("Ilse van der Hoeven", "IH"),
        ("robin", "R"),
        ("noor_j", "NJ"),
        ("both-2", "B2"),
        ("ßeta", "S"),
        ("Élodie O’Brien", "ÉO"),
        ("田中", "田"),
        ("  (June)  ", "J"),
        ("<b>", "B"),
        ("हिन्दी", "ह"),
        ("प्रिया शर्मा", "पश"),
        ("สวัสดี", "ส"),
        ("דָּוִד", "ד"),
        ("می\u200cخواهم", "م"),
        ("E\u0301mile", "É"),
        ("\u202e\u0301", ""),
        ("…", ""),
    ],
)
def test_initials(name: str, short: str) -> None:
    assert initials(name) == short

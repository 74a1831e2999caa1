"""Test the comparison of two texts: nothing is lost, nothing added, and it takes no time."""

from random import Random
from time import process_time
from unittest import TestCase

from comments.moderation.word_diff import TextPiece, compare
from core import limits

# Seconds of processor time for two hostile texts of the greatest length: the machine may be busy.
MOST = 3


class WordDiffTests(TestCase):
    """Pieces that both texts have, and pieces of one of them."""

    def assert_whole(self, old: str, new: str) -> None:
        pieces = compare(old, new)
        assert "".join(piece.text for piece in pieces if not piece.is_added) == old
        assert "".join(piece.text for piece in pieces if not piece.is_removed) == new

    def test_a_word_is_replaced(self) -> None:
        assert compare("You are all fools.", "You are all friends.") == [
            TextPiece("You are all "),
            TextPiece("fools", is_removed=True),
            TextPiece("friends", is_added=True),
            TextPiece("."),
        ]

    def test_texts_that_are_empty_or_equal(self) -> None:
        assert compare("", "") == []
        assert compare("", "New.") == [TextPiece("New.", is_added=True)]
        assert compare("Old.", "") == [TextPiece("Old.", is_removed=True)]
        assert compare("The same.", "The same.") == [TextPiece("The same.")]

    def test_nothing_is_lost_whatever_the_texts(self) -> None:
        chance = Random(15)
        signs = ["a", "b", "fool", " ", "\n", "\n\n", ".", "*", "\u202e", "\u200b", "é", "e\u0301"]
        for length in (1, 2, 5, 50, 300):
            for _ in range(20):
                self.assert_whole(
                    "".join(chance.choices(signs, k=length)),
                    "".join(chance.choices(signs, k=length)),
                )

    def test_hostile_texts_take_no_time(self) -> None:
        chance = Random(15)
        for kinds in (2, 60, 100, 105, 5000):
            words = [chr(0x4E00 + number) for number in range(kinds)]
            for between in ("", " "):
                length = limits.COMMENT_MAX // (1 + len(between))
                old, new = (between.join(chance.choices(words, k=length)) for _ in range(2))
                started = process_time()
                self.assert_whole(old, new)
                assert process_time() - started < MOST

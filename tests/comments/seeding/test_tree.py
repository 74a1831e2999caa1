"""Test the shape of generated discussions."""

from random import Random

from comments.seeding.tree import NEWEST, GeneratedPlace, GeneratedTree
from comments.tree import paths

DEEPEST = 18


def grown(
    count: int, *, share: float = 0.1, first: int = 1, long: list[GeneratedPlace]
) -> list[GeneratedPlace]:
    """Return the places of `count` comments, their ids from `first` on."""
    ids = ((pk, pk) for pk in range(first, first + count))
    return GeneratedTree(Random(1), long, share, DEEPEST).grow(ids)


def test_every_comment_stands_under_an_earlier_one() -> None:
    for place in grown(500, long=[]):
        above = place.parent.path if place.parent else ""
        assert place.path == paths.child(above, place.pk)
        assert place.depth == paths.depth(place.path) <= DEEPEST
        assert place.thread.pk == paths.row_ids(place.path)[0]
        assert place.parent is None or place.parent.pk < place.pk


def test_the_figures_are_what_a_count_finds() -> None:
    places = grown(500, long=[])
    for place in places:
        assert place.replies == sum(other.parent is place for other in places)
        expected = sum(other.root is place for other in places)
        assert place.size == (0 if place.root else expected)


def test_the_long_thread_goes_on() -> None:
    root = GeneratedPlace(1, paths.child("", 1), 0, 1, None, None)
    places = grown(1_000, share=0.2, first=2, long=[root])
    assert root.size == sum(place.root is root for place in places) > 100
    assert root.replies == sum(place.parent is root for place in places)


def test_it_begins_with_the_first_comment() -> None:
    long: list[GeneratedPlace] = []
    places = grown(1_000, share=0.2, long=long)
    assert long[0] is places[0]
    assert len(long) == places[0].size + 1 > NEWEST

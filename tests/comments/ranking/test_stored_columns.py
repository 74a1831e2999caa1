"""Test the text formats of columns: they are parsed as written, and old rows stay readable."""

from typing import Any

from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from comments.closings.status import ClosingOutcome
from comments.closings.summary import Summary
from comments.models.closing_status import ClosingStatus
from comments.ranking.first_screen import FirstScreenPlace, Why
from comments.ranking.lift import StanceReactions
from comments.ranking.stored_columns import (
    NO_ANSWER,
    CountsByAnswer,
    FirstScreenPlaces,
    FrontPage,
    RatesByAnswer,
    SidesByAnswer,
    ThreadIds,
    VerdictCount,
)

ids = st.integers(min_value=1, max_value=2**62)
answers = st.integers(min_value=NO_ANSWER, max_value=2**62)
numbers = st.integers(min_value=0, max_value=2**31)
some_answers = st.lists(ids, unique=True, max_size=6).map(tuple)
places = st.builds(FirstScreenPlace, id=ids, why=st.sampled_from(Why), stance=st.none() | ids)
rates = st.floats(min_value=0, max_value=1)


@st.composite
def front_pages(draw: st.DrawFn) -> FrontPage:
    """Return a first screen of threads, the first of them with a place."""
    threads = draw(st.lists(ids, unique=True, max_size=30))
    first = [
        draw(places)._replace(id=thread) for thread in threads[: draw(st.integers(0, len(threads)))]
    ]
    size, has_sides = draw(st.integers(1, 30)), draw(st.booleans())
    return FrontPage.of(draw(numbers), draw(numbers), threads, first, size, has_sides=has_sides)


outcomes = st.one_of(
    st.builds(ClosingOutcome, st.just(ClosingStatus.CONTESTED), contested_by=some_answers),
    st.builds(
        ClosingOutcome,
        st.just(ClosingStatus.DRAFT),
        waits_for=some_answers,
        uncited=some_answers,
    ),
    st.just(ClosingOutcome(ClosingStatus.FINAL)),
)
values = st.one_of(
    st.dictionaries(answers, st.integers(1, 2**31)).map(CountsByAnswer),
    st.dictionaries(answers, st.builds(StanceReactions, numbers, numbers)).map(SidesByAnswer),
    st.dictionaries(answers, rates).map(RatesByAnswer),
    st.just(VerdictCount()) | st.builds(VerdictCount, numbers, st.integers(1, 2**31)),
    st.lists(ids).map(ThreadIds),
    st.lists(places).map(FirstScreenPlaces),
    front_pages(),
    st.builds(Summary, outcomes, st.text()),
)
CLASSES: tuple[Any, ...] = (
    CountsByAnswer,
    SidesByAnswer,
    RatesByAnswer,
    VerdictCount,
    ThreadIds,
    FirstScreenPlaces,
    FrontPage,
    Summary,
)


@given(values)
def test_a_value_is_parsed_from_its_text(value: Any) -> None:
    parsed = type(value).parse(str(value))
    assert parsed == value
    assert type(parsed) is type(value)


class StoredTextTests(SimpleTestCase):
    """Texts as databases in use store them."""

    def test_each_text_is_written_to_the_byte(self) -> None:
        place = FirstScreenPlace(9, Why.STRONGEST, 12)
        for value, text in (
            (CountsByAnswer({13: 6, 12: 16, 14: 0}), "12:16 13:6"),
            (SidesByAnswer({13: StanceReactions(6, 12)}), "13:6/12"),
            (RatesByAnswer({12: 0.1, 13: 1 / 3}), "12:0.1 13:0.3333333333333333"),
            (VerdictCount(5, 6), "5/6"),
            (VerdictCount(), ""),
            (ThreadIds([9, 7]), "9 7"),
            (FirstScreenPlaces([place]), "9:strongest:12"),
            (FrontPage.of(5, 3, [9, 7, 8], [place], 2), "5 3 1 9:strongest:12 7"),
            (FrontPage.of(5, 3, [9], [FirstScreenPlace(9, Why.BRIDGE)], 2), "5 3 0 9:bridge:0"),
            (FrontPage.of(5, 3, [9, 7], [], 1, has_sides=False), "5 3 3 9"),
            (FrontPage.of(5, 3, [9], [], 1, has_sides=False), "5 3 2 9"),
            (Summary(ClosingOutcome(ClosingStatus.DRAFT, (), (4, 5)), "A\nb"), "draft 4 5\nA\nb"),
        ):
            with self.subTest(text):
                self.assertEqual(str(value), text)

    def test_an_empty_column_is_nothing(self) -> None:
        for kind in CLASSES:
            with self.subTest(kind.__name__):
                self.assertFalse(kind.parse("") and any(kind.parse("")))

    def test_another_text_is_refused(self) -> None:
        for kind in CLASSES:
            for text in ("nonsense", "1:", ":1", "1/x", "7:nowhere:1"):
                with self.subTest(kind.__name__, text=text), self.assertRaises(ValueError):
                    kind.parse(text)

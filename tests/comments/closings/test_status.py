"""Test the arithmetic of a closing's status: final, or contested by an answer."""

from unittest import mock

from comments.closings.status import ClosingOutcome, Judged
from comments.closings.summary import Summary
from comments.models.closing_status import ClosingStatus
from comments.ranking import constants

FEW, FAIR, UNFAIR = Judged(2, 2), Judged(2, 3), Judged(1, 3)


def test_the_mean_has_one_more_of_both_kinds() -> None:
    assert Judged(0, 0).fairness == 0.5
    assert Judged(2, 3).fairness == 0.6
    assert Judged(4, 5).fairness == 5 / 7


def test_the_bound_itself_is_enough() -> None:
    assert FAIR.finds_it_fair
    assert not FAIR.contests_it
    assert UNFAIR.contests_it
    assert Judged(2, 4).contests_it


def test_two_judges_say_nothing() -> None:
    for judged in (FEW, Judged(0, 2)):
        assert not judged.finds_it_fair
        assert not judged.contests_it
        assert judged.still_needed == 1


def test_every_side_decides() -> None:
    assert ClosingOutcome.of({1: FAIR, 2: FAIR}) == ClosingOutcome(ClosingStatus.FINAL)
    assert ClosingOutcome.of({2: FEW, 1: FAIR}) == ClosingOutcome(ClosingStatus.DRAFT, (), (2,))
    assert ClosingOutcome.of({3: UNFAIR, 1: FEW, 2: UNFAIR}) == ClosingOutcome(
        ClosingStatus.CONTESTED, (2, 3), (1,)
    )


def test_who_contested_it_last_is_asked_again() -> None:
    contested, nobody = {1: UNFAIR}, {1: FEW}
    for earlier, asked in (
        ([contested], (1,)),
        ([nobody, contested], (1,)),
        ([{1: FAIR}, contested], ()),
        ([{}, {1: FEW._replace(contested_before=True)}], (1,)),
        ([], ()),
    ):
        assert ClosingOutcome.of({1: FEW}, earlier).asked_again == asked
    assert ClosingOutcome.of({1: FAIR}, [contested]).asked_again == ()
    gone = FEW._replace(is_given=False)
    assert ClosingOutcome.of({1: gone, 2: FEW}, [contested]).asked_again == ()


def test_without_sides_nothing_is_final() -> None:
    assert ClosingOutcome.of({}).status == ClosingStatus.DRAFT


def test_the_numbers_can_be_set() -> None:
    with mock.patch.object(constants, "CLOSING_JUDGES", 2):
        assert FEW.finds_it_fair
    with mock.patch.object(constants, "CLOSING_FAIR", 0.7):
        assert FAIR.contests_it


def test_what_is_stored_is_read_again() -> None:
    lost = FAIR._replace(is_cited=False)
    again = FEW._replace(contested_before=True)
    for sides in (
        {1: FAIR},
        {1: FEW, 7: FEW},
        {4: UNFAIR, 5: UNFAIR},
        {1: lost, 2: again, 3: FEW},
        {4: UNFAIR, 5: lost},
        {4: UNFAIR, 5: again, 6: lost},
    ):
        standing = ClosingOutcome.of(sides)
        read = Summary.parse(str(Summary(standing, "First words\nof two lines.")))
        assert read is not None
        assert (read.outcome, read.beginning) == (standing, "First words\nof two lines.")
    assert Summary.parse("") is None

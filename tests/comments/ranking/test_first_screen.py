"""Test what a place on the first screen takes: its own side's approval, two sides to bridge."""

from django.test import Client, SimpleTestCase
from django.urls import reverse

from comments.ranking.first_screen import Candidate, FirstScreenPlace, Why, first_screen
from comments.ranking.lift import StanceReactions
from tests.comments.test_deliberation import DAY, DeliberationCase

SAME, OTHER = 1, 2


def case(pk: int, approvals: int, chances: int, stance: int = SAME) -> Candidate:
    """Return a thread with a side of its own answer, which readers press as usual."""
    return Candidate(pk, stance, own=StanceReactions(approvals, chances), rate=0.15)


class StrongestTests(SimpleTestCase):
    """The best thread of an answer, and what is said of it."""

    def strongest(self, *cases: Candidate) -> int:
        places = first_screen(cases, [SAME], 0)
        return next(place.id for place in places if place.why == Why.STRONGEST)

    def test_few_readers_decide_little(self) -> None:
        self.assertEqual(self.strongest(case(1, 1, 1), case(2, 14, 40)), 2)
        self.assertEqual(self.strongest(case(1, 1, 8), case(2, 2, 8)), 2)

    def test_a_thread_that_its_side_approves_of_comes_before_unread_ones(self) -> None:
        self.assertEqual(self.strongest(case(1, 0, 0), case(2, 1, 20)), 2)

    def test_what_is_said_goes_by_the_approvals_of_its_own_side(self) -> None:
        place = FirstScreenPlace(7, Why.STRONGEST, SAME)
        for approvals, chances, why in (
            (0, 0, Why.BALANCE),
            (0, 12, Why.BALANCE),
            (1, 1, Why.CASE),
            (1, 5, Why.CASE),
            (2, 4, Why.CASE),
            (2, 5, Why.STRONGEST),
        ):
            with self.subTest(approvals=approvals, chances=chances):
                sides = {SAME: StanceReactions(approvals, chances), OTHER: StanceReactions(9, 9)}
                self.assertEqual(place.shown_why(sides), why)
        self.assertEqual(FirstScreenPlace(7, Why.BRIDGE).shown_why({}), Why.BRIDGE)

    def test_a_bridge_has_two_sides(self) -> None:
        one = Candidate(1, None, lift=1.4, live=1)
        two = Candidate(2, None, lift=1.1, live=2)
        bridges = [each.id for each in first_screen([one, two], [], 0) if each.why == Why.BRIDGE]
        self.assertEqual(bridges, [2])


class SidesTests(DeliberationCase):
    """Readers of one answer, and then of two."""

    def test_common_ground_takes_two_live_answers(self) -> None:
        different, same = self.people("different", 12), self.people("same", 5)
        self.now += DAY
        threads = [self.silent_comment("overlap") for _thread in range(7)]
        self.now += 2 * DAY
        self.press(different, threads[0])
        self.press(different[:1], threads[1])
        self.rank()
        page = self.page()
        self.assertIn("Best of each side", page)
        self.assertNotIn("Common ground", page)
        self.assertNotIn("Most divisive", page)
        self.press(same, threads[0])
        self.rank()
        for words in ("Common ground", "Most divisive"):
            self.assertIn(words, self.page())
        self.send(same[0], "well-argued-withdrawal", threads[0].pk)
        self.rank()
        self.assertNotIn("Common ground", self.page())

    def test_a_case_becomes_the_strongest_in_every_form(self) -> None:
        readers = self.people("same", 6)
        self.now += DAY
        threads = [self.silent_comment(key) for key in ("same", "different") * 3]
        self.now += 2 * DAY
        stances = reverse("comments:stances", args=[self.post.slug])

        def page() -> str:
            self.now += 2 * DAY
            self.rank()
            return Client().get(stances).text

        self.press(readers[:1], threads[0])
        first = page()
        self.assertIn("A case for Same", first)
        self.assertNotIn("strongest case for Same", first)
        self.assertNotIn("case for Different", first)
        self.assertIn("nobody who counts has marked a thread for Different", self.why(threads[1]))
        self.assertIn("too few yet to call it the strongest", self.why(threads[0]))
        self.press(readers[1:], threads[0])
        then = page()
        self.assertIn("the comment that its own readers find best argued.</p>", then)
        self.assertNotIn("A case for Same", then)
        told = r"marked most: [^.]*\d\.\d[^.]*\.<"
        self.assertRegex(self.why(threads[0]), told)

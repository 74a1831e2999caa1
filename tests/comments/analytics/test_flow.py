"""Test what the flow between answers hides, so that it gives nobody away."""

from django.test import SimpleTestCase

from comments import sentences
from comments.analytics.flow import Flow, Pair
from posts.models import Stance

YES, NO, PERHAPS = 1, 2, 3
WORDS = {YES: "Yes", NO: "No", PERHAPS: "Perhaps"}


def flow_of(cells: dict[Pair, int], *named: Pair, answers: int = 2) -> Flow:
    stances = [Stance(pk=pk, word=word) for pk, word in WORDS.items()][:answers]
    return Flow(tuple(stances), cells, frozenset(named))


class TwoAnswersTests(SimpleTestCase):
    """With two answers, one cell and the totals tell the others."""

    def test_nothing_is_told_by_answer_while_a_cell_is_hidden(self) -> None:
        for few, hides in ((1, True), (2, True), (3, False)):
            flow = flow_of({(YES, YES): 10, (YES, NO): few, (NO, YES): 12, (NO, NO): 9})
            with self.subTest(few=few):
                self.assertEqual((flow.is_withheld, flow.shows_table), (hides, not hides))
                self.assertEqual(flow.is_drawn, not hides)

    def test_a_third_answer_that_nobody_gave_makes_no_difference(self) -> None:
        cells = {(YES, YES): 10, (YES, NO): 1, (NO, YES): 12, (NO, NO): 9}
        self.assertTrue(flow_of(cells | {(PERHAPS, PERHAPS): 0}, answers=3).is_withheld)
        self.assertFalse(flow_of(cells | {(PERHAPS, YES): 4}, answers=3).is_withheld)

    def test_a_cell_that_somebody_told_in_a_comment_is_not_hidden(self) -> None:
        cells = {(YES, YES): 10, (YES, NO): 1, (NO, YES): 12, (NO, NO): 9}
        flow = flow_of(cells, (YES, NO))
        self.assertTrue(flow.shows_table)
        self.assertIn("1 of the 11 who began with Yes", sentences.moves(flow))

    def test_the_sentence_tells_how_many_and_not_which_way(self) -> None:
        flow = flow_of({(YES, YES): 10, (YES, NO): 1, (NO, YES): 12, (NO, NO): 9})
        said = sentences.moves(flow)
        self.assertTrue(said.startswith("13 of 32 readers changed their answer. Which way"))
        self.assertNotIn("Yes", said)
        self.assertEqual(sentences.left_out(flow), "")


class LeavingTests(SimpleTestCase):
    """How many left an answer, where the table hides where they went."""

    def test_so_few_that_a_hidden_cell_follows_are_not_counted(self) -> None:
        cells = {(YES, YES): 20, (YES, NO): 1, (NO, NO): 3, (NO, YES): 9, (PERHAPS, NO): 5}
        for more, told in (({}, None), ({(YES, PERHAPS): 1}, None), ({(YES, PERHAPS): 2}, 3)):
            flow = flow_of(cells | more, answers=3)
            with self.subTest(more=more):
                self.assertEqual(flow.leaving[0].left, told)
                self.assertEqual(bool(flow.leaving[0].share), told is not None)
                self.assertIn("We leave out groups of one or two readers", sentences.left_out(flow))
        said = sentences.left(flow_of(cells, answers=3).leaving[0])
        self.assertEqual(said, "fewer than 3 of 21 left Yes")

    def test_nothing_is_left_out_where_nothing_is_hidden(self) -> None:
        flow = flow_of({(YES, YES): 20, (YES, NO): 3, (NO, YES): 9, (PERHAPS, NO): 5}, answers=3)
        self.assertEqual(sentences.left_out(flow), "")

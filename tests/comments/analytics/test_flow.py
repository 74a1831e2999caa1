"""Test what the flow between answers hides, so that it gives nobody away."""

from itertools import product
from random import Random

from django.test import SimpleTestCase

from comments import sentences
from comments.analytics.flow import Flow
from comments.ranking.audience import HeldAnswer
from posts.models import Stance

from . import attack
from .attack import Pair, Published

YES, NO, PERHAPS = 1, 2, 3
WORDS = {YES: "Yes", NO: "No", PERHAPS: "Perhaps"}
# Readers of each answer now, at most, by the number of answers: as many tables as can be listed.
ATTACKED = {2: 8, 3: 4, 4: 2}
# One reader went from Perhaps to No, and says so nowhere.
FOUR_WAYS = {
    (YES, YES): 9,
    (YES, NO): 2,
    (YES, PERHAPS): 4,
    (NO, YES): 4,
    (NO, NO): 4,
    (NO, PERHAPS): 5,
    (PERHAPS, YES): 3,
    (PERHAPS, NO): 1,
    (PERHAPS, PERHAPS): 9,
}


def flow_of(cells: dict[Pair, int], *named: Pair, answers: int = 3) -> Flow:
    stances = [Stance(pk=pk, word=word) for pk, word in WORDS.items()][:answers]
    return Flow(tuple(stances), cells, frozenset(named))


class AttackTests(SimpleTestCase):
    """Somebody who knows all published figures, and lists all tables that agree with them."""

    def test_no_hidden_number_follows(self) -> None:
        random = Random(1988)
        told = set()
        for case in range(60):
            answers = 2 + case % 3
            now = [random.randint(0, ATTACKED[answers]) for _answer in range(answers)]
            pairs = [(first, last) for first in range(answers) for last in range(answers)]
            named = frozenset(random.sample(pairs, random.choice((0, 0, 1, 3))))
            every = [
                (cells, attack.flow_of(cells, answers, named)) for cells in attack.tables_of(now)
            ]
            for cells, flow in random.sample(every, min(len(every), 25)):
                if flow.readers >= 5 and flow.changes:
                    told.add((flow.shows_table, flow.hides_moves))
                    self.assert_hides(cells, flow, [other for other, _flow in every], named)
        self.assertLessEqual({(True, False), (True, True), (False, True)}, told)

    def assert_hides(
        self,
        cells: attack.Cells,
        flow: Flow,
        tables: list[dict[Pair, int]],
        named: frozenset[Pair],
    ) -> None:
        """Fail if a number of one or two silent readers is told, or has no other possible value."""
        if flow.shows_table and not flow.hides_moves:
            self.assertFalse([pair for pair in cells if attack.is_few(cells, pair, named)], cells)
            return
        published = Published.of(flow)
        agreeing = [table for table in tables if published.agrees(table)]
        self.assertIn(cells, agreeing)
        for pair in cells:
            if attack.is_few(cells, pair, named):
                self.assertGreater(len({table[pair] for table in agreeing}), 1, (pair, cells))
        for place, (_first, left, _few) in enumerate(published.answers):
            if left is None:
                stayed = {table[place, place] for table in agreeing}
                self.assertGreater(len(stayed), 1, (place, cells))

    def test_the_rule_itself_tells_nothing_more(self) -> None:
        """A table is one of several that the site would publish so, while none hides who left."""
        for now in ((4, 4, 3), (3, 4, 4), (2, 4, 3), (4, 0, 4), (6, 3, 2)):
            published: dict[Published, list[dict[Pair, int]]] = {}
            for cells in attack.tables_of(now):
                flow = attack.flow_of(cells, len(now))
                if flow.shows_table and flow.hides_moves and not flow.hides_stays:
                    published.setdefault(Published.of(flow), []).append(cells)
            for tables in published.values():
                for cells, pair in product(tables, tables[0]):
                    if attack.is_few(cells, pair, frozenset()):
                        self.assertGreater(len({each[pair] for each in tables}), 1, (pair, cells))

    def test_no_table_is_withheld_without_need(self) -> None:
        """Where every answer was left, and kept, by more, only what follows is withheld."""
        random, seen = Random(7), set()
        for _case in range(400):
            rows = [[random.choice((0, 1, 3, 4)) for _now in range(3)] for _first in range(3)]
            cells = {(first, now): rows[first][now] for first, now in product(range(3), repeat=2)}
            flow = attack.flow_of(cells, 3)
            if not flow.hides_moves or flow.hides_stays or flow.changes < 5:
                continue
            left = [answer.left or 0 for answer in flow.answers]
            came = [answer.came or 0 for answer in flow.answers]
            tables = list(attack.tables(left, came))
            follows = any(
                attack.is_few(cells, (first, now), frozenset())
                and len({table[first][now] for table in tables}) == 1
                for first, now in cells
            )
            self.assertEqual(flow.is_withheld, follows, cells)
            seen.add(follows)
        self.assertEqual(seen, {True, False})


class HiddenMovesTests(SimpleTestCase):
    """One cell of one or two readers hides all moves, and the sums that do not tell it stay."""

    def test_all_moves_are_hidden_and_the_sums_are_told(self) -> None:
        flow = flow_of(FOUR_WAYS)
        self.assertTrue(flow.shows_table and flow.is_drawn and flow.hides_moves)
        self.assertEqual(
            [counts for _stance, counts in flow.rows],
            [[9, None, None], [None, 4, None], [None, None, 9]],
        )
        self.assertEqual(
            [(each.first, each.left, each.stayed, each.came, each.now) for each in flow.answers],
            [(15, 6, 9, 7, 16), (13, 9, 4, 3, 7), (13, 4, 9, 9, 18)],
        )

    def test_also_those_that_nobody_went_are_listed_so_that_none_is_told(self) -> None:
        cells = FOUR_WAYS | {(NO, YES): 0, (YES, PERHAPS): 8}
        del cells[NO, YES]
        hidden = [pair for pair, readers in flow_of(cells).shown_cells if readers is None]
        self.assertEqual(len(hidden), 6)

    def test_nothing_is_hidden_if_a_comment_says_it_or_three_readers_do(self) -> None:
        few = ((YES, NO), (PERHAPS, NO))
        for flow in (flow_of(FOUR_WAYS, *few), flow_of(FOUR_WAYS | dict.fromkeys(few, 3))):
            self.assertFalse(flow.hides_moves)
            self.assertEqual(flow.rows[0][1][1], flow.cells[YES, NO])
            self.assertEqual((sentences.left_out(flow), flow.hides_stays), ("", False))
            self.assertIn("Strong bands moved", sentences.about_drawing(flow))

    def test_empty_cells_are_told_only_where_all_are(self) -> None:
        cells = FOUR_WAYS | {(YES, NO): 3, (PERHAPS, NO): 0}
        del cells[PERHAPS, NO]
        flow = flow_of(cells)
        self.assertEqual(flow.rows[2][1], [3, 0, 9])
        self.assertNotIn(((PERHAPS, NO), 0), flow.shown_cells)

    def test_the_sentence_says_that_moves_are_not_told_apart(self) -> None:
        flow = flow_of(FOUR_WAYS)
        self.assertTrue(sentences.left_out(flow).startswith("We do not show which way each group"))
        self.assertEqual(sentences.about_drawing(flow), "Faint bands are readers who stayed.")
        self.assertEqual(sentences.pooled(flow), "moves we do not split up")
        self.assertIn("4 of 13 with Perhaps (31\N{NO-BREAK SPACE}%)", sentences.moves(flow))


class TwoAnswersTests(SimpleTestCase):
    """With two answers, one cell and the totals tell the others."""

    def test_nothing_is_told_by_answer_while_a_cell_is_hidden(self) -> None:
        for few, hides in ((1, True), (2, True), (3, False)):
            cells = {(YES, YES): 10, (YES, NO): few, (NO, YES): 12, (NO, NO): 9}
            flow = flow_of(cells, answers=2)
            with self.subTest(few=few):
                self.assertEqual((flow.is_withheld, flow.shows_table), (hides, not hides))
                self.assertEqual(flow.is_drawn, not hides)

    def test_a_third_answer_that_nobody_moved_to_makes_no_difference(self) -> None:
        cells = {(YES, YES): 10, (YES, NO): 1, (NO, YES): 12, (NO, NO): 9}
        for more in ({(PERHAPS, PERHAPS): 0}, {(PERHAPS, PERHAPS): 6}, {(PERHAPS, YES): 4}):
            self.assertTrue(flow_of(cells | more).is_withheld)
        self.assertFalse(flow_of(cells | {(PERHAPS, NO): 4, (YES, PERHAPS): 3}).is_withheld)

    def test_a_cell_that_somebody_told_in_a_comment_is_not_hidden(self) -> None:
        cells = {(YES, YES): 10, (YES, NO): 1, (NO, YES): 12, (NO, NO): 9}
        flow = flow_of(cells, (YES, NO), answers=2)
        self.assertTrue(flow.shows_table)
        self.assertIn("1 of the 11 who began with Yes", sentences.moves(flow))

    def test_the_sentence_tells_how_many_and_not_which_way(self) -> None:
        flow = flow_of({(YES, YES): 10, (YES, NO): 1, (NO, YES): 12, (NO, NO): 9}, answers=2)
        said = sentences.moves(flow)
        self.assertTrue(said.startswith("13 of 32 readers changed their answer. Which way"))
        self.assertNotIn("Yes", said)
        self.assertEqual(sentences.left_out(flow), "")


class ChangesTests(SimpleTestCase):
    """The number of changes, which tells a cell where hardly anything else is left to tell."""

    def test_not_where_all_give_one_answer_now_and_one_or_two_kept_it(self) -> None:
        for stayed, told in ((1, None), (2, None), (3, 8)):
            cells = {(YES, YES): stayed, (NO, YES): 3, (PERHAPS, YES): 5}
            self.assertEqual(flow_of(cells).told_changes, told)
        said = sentences.moves(flow_of({(YES, YES): 1, (NO, YES): 3, (PERHAPS, YES): 5}))
        self.assertTrue(said.startswith("Some readers changed their answer. How many is not shown"))

    def test_not_where_all_crossed_between_two_answers(self) -> None:
        for cells, told in (
            ({(YES, NO): 2, (NO, YES): 7}, None),
            ({(YES, NO): 2, (NO, YES): 7, (NO, NO): 1}, None),
            ({(YES, NO): 2, (NO, YES): 7, (NO, NO): 3}, 9),
            ({(YES, NO): 3, (NO, YES): 7}, 10),
            ({(YES, YES): 8, (NO, YES): 1}, None),
            ({(YES, YES): 8, (NO, YES): 3}, 3),
            ({(YES, YES): 8, (NO, NO): 4, (NO, YES): 1}, 1),
        ):
            self.assertEqual(flow_of(cells, answers=2).told_changes, told, cells)

    def test_not_of_fewer_than_five_readers(self) -> None:
        self.assertIsNone(flow_of({(YES, NO): 4}).told_changes)
        self.assertEqual(sentences.moves(flow_of({(YES, NO): 4})), "")


class LeavingTests(SimpleTestCase):
    """How many left an answer, or kept it, where these are one or two."""

    # Two left Yes, one left Perhaps: three together, so which is which stays open.
    cells = {  # noqa: RUF012
        (YES, YES): 10,
        (YES, NO): 1,
        (YES, PERHAPS): 1,
        (NO, NO): 33,
        (NO, YES): 2,
        (NO, PERHAPS): 5,
        (PERHAPS, PERHAPS): 7,
        (PERHAPS, YES): 1,
    }

    def test_numbers_of_one_or_two_are_hidden_and_all_that_tells_them(self) -> None:
        flow = flow_of(self.cells)
        self.assertEqual([each.left for each in flow.leaving], [None, 7, None])
        self.assertEqual(
            [(each.stayed, each.came, each.share) for each in flow.leaving],
            [(None, None, ""), (33, 1, "18"), (None, None, "")],
        )
        self.assertEqual(flow.rows[0][1], [None, None, None])
        self.assertEqual(sentences.left(flow.leaving[0]), "fewer than 3 of 12 left Yes")
        self.assertEqual(sentences.pooled(flow), "readers we do not split up")

    def test_one_alone_follows_from_the_others_so_nothing_is_told(self) -> None:
        self.assertTrue(flow_of(self.cells | {(PERHAPS, YES): 4}).is_withheld)
        self.assertTrue(flow_of(self.cells | {(YES, NO): 0, (PERHAPS, YES): 1}).is_withheld)

    def test_one_or_two_who_stayed_are_hidden_in_the_number_who_left(self) -> None:
        cells = self.cells | {(NO, NO): 1, (YES, PERHAPS): 4}
        flow = flow_of(cells)
        self.assertEqual([each.left for each in flow.leaving], [5, None, None])
        self.assertEqual(sentences.left(flow.leaving[1]), "all but one or two of 8 left No")
        self.assertIn(
            "all but one or two of 8 with No, fewer than 3 of 8 with Perhaps.",
            sentences.moves(flow),
        )

    def test_answers_that_nobody_gave_first_have_no_rate(self) -> None:
        flow = flow_of({(YES, YES): 20, (YES, PERHAPS): 3, (NO, YES): 9})
        self.assertEqual([each.stance.word for each in flow.leaving], ["Yes", "No"])
        self.assertEqual(len(flow.answers), 3)


class OfferedTests(SimpleTestCase):
    """The answers of a flow."""

    def test_an_answer_no_longer_offered_stays_while_somebody_gave_it_first(self) -> None:
        stances = [Stance(pk=pk, word=word) for pk, word in WORDS.items()]
        stances[NO - 1].is_offered = stances[PERHAPS - 1].is_offered = False
        flow = Flow.of(stances, {1: [HeldAnswer(1, NO), HeldAnswer(2, YES)]})
        self.assertEqual([stance.word for stance in flow.stances], ["Yes", "No"])

"""Test what the flow between answers hides, so that it gives nobody away."""

from collections import Counter
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


def flow_of(cells: dict[Pair, int], *commented: Pair, answers: int = 3) -> Flow:
    """Return the flow of `cells`, with a reader who wrote a comment for each of `commented`."""
    stances = [Stance(pk=pk, word=word) for pk, word in WORDS.items()][:answers]
    return Flow(tuple(stances), cells, Counter(commented))


class AttackTests(SimpleTestCase):
    """Somebody who knows all published figures, and lists all tables that agree with them."""

    def test_no_hidden_number_follows(self) -> None:
        random = Random(1988)
        told = set()
        for case in range(60):
            answers = 2 + case % 3
            now = [random.randint(0, ATTACKED[answers]) for _answer in range(answers)]
            every = list(attack.tables_of(now))
            for cells in random.sample(every, min(len(every), 25)):
                open_cells = {
                    pair: random.randint(0, readers) if random.random() < case % 4 / 4 else 0
                    for pair, readers in cells.items()
                }
                flow = attack.flow_of(cells, answers, open_cells)
                if flow.readers >= 5 and flow.changes:
                    told.add((flow.shows_table, flow.hides_moves))
                    self.assert_hides(cells, flow, every, open_cells)
        self.assertLessEqual({(True, False), (False, True)}, told)

    def assert_hides(
        self,
        cells: attack.Cells,
        flow: Flow,
        tables: list[dict[Pair, int]],
        open_cells: attack.Cells,
    ) -> None:
        """Fail if a number of one or two silent readers is told, or has no other possible value."""
        few = [pair for pair in cells if attack.is_few(cells, pair, open_cells)]
        if all(first == now or open_cells[first, now] == cells[first, now] for first, now in cells):
            few = []  # no silent reader moved
        if flow.shows_table and not flow.hides_moves:
            self.assertEqual(few, [], cells)
            return
        published = Published.of(flow)
        agreeing = [
            table
            for table in tables
            if published.agrees(table)
            and all(table[pair] >= readers for pair, readers in open_cells.items())
        ]
        self.assertIn(cells, agreeing)
        for pair in few:
            self.assertGreater(len({table[pair] for table in agreeing}), 1, (pair, cells))

    def test_the_rule_itself_tells_nothing_more(self) -> None:
        """A table is one of several that the site would publish so."""
        hidden = 0
        for now in ((4, 4, 3), (3, 4, 4), (2, 4, 3), (4, 0, 4), (6, 3, 2)):
            published: dict[Published, list[dict[Pair, int]]] = {}
            for cells in attack.tables_of(now):
                flow = attack.flow_of(cells, len(now))
                if flow.shows_table and flow.hides_moves:
                    published.setdefault(Published.of(flow), []).append(cells)
            hidden += len(published)
            for tables in published.values():
                for cells, pair in product(tables, tables[0]):
                    if attack.is_few(cells, pair, {}):
                        self.assertGreater(len({each[pair] for each in tables}), 1, (pair, cells))
        self.assertGreater(hidden, 0)

    def test_no_table_is_withheld_without_need(self) -> None:
        """Withhold only sums of one or two readers, and those that tell a cell of so few."""
        random, seen = Random(7), set()
        for _case in range(400):
            rows = [[random.choice((0, 1, 3, 4)) for _now in range(3)] for _first in range(3)]
            cells = {(first, now): rows[first][now] for first, now in product(range(3), repeat=2)}
            flow = attack.flow_of(cells, 3)
            left = [answer.left for answer in flow.answers]
            came = [answer.came for answer in flow.answers]
            sums = {*left, *came, *(answer.stayed for answer in flow.answers)}
            if not flow.hides_moves or flow.changes < 5 or sums & {1, 2}:
                self.assertEqual(flow.is_withheld, flow.hides_moves and bool(sums & {1, 2}))
                continue
            tables = list(attack.tables(left, came))
            follows = any(
                attack.is_few(cells, (first, now), {})
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
        all_said = flow_of(FOUR_WAYS, *few)
        for flow in (all_said, flow_of(FOUR_WAYS | dict.fromkeys(few, 3))):
            self.assertFalse(flow.hides_moves)
            self.assertEqual(flow.rows[0][1][1], flow.cells[YES, NO])
            self.assertEqual(sentences.left_out(flow), "")
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
        more = {(PERHAPS, NO): 4, (YES, PERHAPS): 3}
        self.assertFalse(flow_of(cells | more).is_withheld)

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
    """How many left an answer, kept it, or came to it."""

    def test_nothing_is_told_by_answer_where_one_or_two_left_stayed_or_came(self) -> None:
        for few in (
            {(YES, NO): 1, (YES, PERHAPS): 0},  # left Yes
            {(NO, NO): 2},  # stayed with No
            {(YES, NO): 0, (PERHAPS, NO): 1},  # came to No
        ):
            flow = flow_of(FOUR_WAYS | few)
            self.assertTrue(flow.is_withheld, few)
            self.assertFalse(flow.shows_table or flow.is_drawn, few)
            self.assertNotIn("Perhaps", sentences.moves(flow))

    def test_who_says_so_in_a_comment_is_no_hidden_reader_but_can_be_subtracted(self) -> None:
        self.assertFalse(flow_of(FOUR_WAYS | {(NO, NO): 2}, (NO, NO)).is_withheld)
        # All who left Yes say so: the one beside them who came to No left Perhaps.
        cells = FOUR_WAYS | {(YES, NO): 3}
        left_yes = [(YES, NO)] * 3 + [(YES, PERHAPS)] * 4
        self.assertFalse(flow_of(cells).is_withheld)
        self.assertTrue(flow_of(cells, *left_yes).is_withheld)

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

"""Test where charts put their labels: none over another, a word where it fits, else a glyph."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from random import Random
from types import SimpleNamespace
from typing import Any

from django.test import SimpleTestCase

from comments.analytics import charts
from comments.analytics.flow import Flow
from comments.analytics.trend import Point

LONG = "a" * 40


def answers(*words: str) -> list[Any]:
    return [SimpleNamespace(pk=place, word=word) for place, word in enumerate(words)]


class ChartTests(SimpleTestCase):
    """Drawings of many discussions, as narrow as they get."""

    def test_labels_of_the_flow_keep_clear_of_each_other(self) -> None:
        random = Random(18)
        stances = answers("Same", LONG, "Overlap", "Yes", LONG)
        pairs = list(product(range(5), range(5)))
        for _case in range(200):
            cells = Counter(random.choices(pairs, k=random.randint(10, 900)))
            drawn = charts.draw_flow(Flow(tuple(stances), cells))
            self.assertTrue(drawn.needs_legend)
            for labels in (drawn.first_labels, drawn.now_labels):
                self.assertLessEqual(labels[-1].x, 95)
                self.assertEqual(
                    [label.has_word for label in labels if LONG in label.stance.word], [False] * 2
                )
                for one, other in pairwise(labels):
                    word = one.stance.word if one.has_word else ""
                    length = charts._length(one.readers, word) * 100 / charts.NARROWEST
                    self.assertGreaterEqual(other.x - one.x, length)

    def test_an_answer_without_readers_has_no_label(self) -> None:
        drawn = charts.draw_flow(Flow(tuple(answers("Same", "Other")), {(0, 0): 8, (1, 0): 12}))
        self.assertEqual([label.readers for label in drawn.now_labels], [20])
        self.assertFalse(drawn.needs_legend)

    def test_labels_of_lines_keep_clear_of_each_other_and_inside(self) -> None:
        first = datetime(2026, 1, 1, tzinfo=UTC)
        for counts in ((1, 1, 1, 1, 20), (0, 0, 0, 0, 0), (9, 9, 9, 9, 9)):
            points = [Point(first, (1, 2, 1, 1, 0)), Point(first + timedelta(days=30), counts)]
            drawn = charts.draw_trend(answers("a", "b", "c", "d", LONG), points)
            heights = sorted(line.label.y for line in drawn.lines)
            self.assertLessEqual(heights[-1], charts.TREND_HEIGHT)
            self.assertTrue(all(b - a >= charts.LINE_ROOM for a, b in pairwise(heights)))
            self.assertTrue(drawn.needs_legend)

    def test_time_passes_evenly_along_the_lines(self) -> None:
        first = datetime(2026, 1, 1, tzinfo=UTC)
        for days, lines, dates in (
            ((0, 7, 14, 20), "0 350 700 1000", [0, 7, 14, 20]),
            ((0, 7, 14, 17), "0 412 824 1000", [0, 7, 14, 17]),
            ((0, 7, 14, 15), "0 467 933 1000", [0, 7, 15]),
            ((0, 0), "0 0", [0, 0]),
        ):
            points = [Point(first + timedelta(days=day), (1, 2)) for day in days]
            drawn = charts.draw_trend(answers("a", "b"), points)
            across = [place.split(",")[0] for place in drawn.lines[0].points.split()]
            self.assertEqual(" ".join(across), lines)
            self.assertEqual([(each.at - first).days for each in drawn.dates], dates)
            self.assertEqual(drawn.dates[0].x, charts.TREND_LEFT)

    def test_a_date_names_its_month_where_that_changes(self) -> None:
        first = datetime(2026, 11, 17, 12, tzinfo=UTC)
        points = [Point(first + timedelta(days=day), (1, 2)) for day in (0, 7, 14, 19)]
        dates = charts.draw_trend(answers("a", "b"), points).dates
        self.assertEqual([date.names_month for date in dates], [True, False, True, False])
        points.append(Point(first + timedelta(days=90), (1, 2)))
        self.assertEqual(
            [date.names_year for date in charts.draw_trend(answers("a", "b"), points).dates],
            [True, True, True],
        )

    def test_a_line_is_never_above_the_highest_level(self) -> None:
        first = datetime(2026, 1, 1, tzinfo=UTC)
        for most in (0, 1, 4, 5, 16, 18, 20, 21, 101, 1234):
            points = [Point(first + timedelta(days=day), (most, 0)) for day in (0, 30)]
            drawn = charts.draw_trend(answers("a", "b"), points)
            self.assertGreaterEqual(drawn.levels[-1].readers, max(most, 1))
            self.assertEqual((drawn.levels[0].readers, drawn.levels[-1].y), (0, 0))
            self.assertLessEqual(len(drawn.levels), charts.LEVELS_MOST + 1)
            self.assertLess(drawn.levels[-2].readers, max(most, 1))

    def test_levels_are_round_and_few(self) -> None:
        for most, step in (
            (1, 1),
            (4, 1),
            (5, 2),
            (8, 2),
            (20, 5),
            (21, 10),
            (90, 50),
            (1234, 500),
        ):
            self.assertEqual(charts._level_step(most), step, most)


class BandTests(SimpleTestCase):
    """The bands between first answers and present ones."""

    def test_each_has_its_number_where_it_fits(self) -> None:
        cells = {(0, 0): 60, (0, 1): 3, (1, 0): 12, (1, 1): 25}
        drawn = charts.draw_flow(Flow(tuple(answers("Same", "Other")), cells))
        self.assertIsNone(drawn.pool)
        self.assertEqual([band.readers for band in drawn.bands], [60, 3, 12, 25])
        self.assertEqual([band.stays for band in drawn.bands], [True, False, False, True])
        places = [band.x for band in drawn.bands]
        self.assertEqual((places[0], places[1]), (29.6, None))
        for band in drawn.bands:
            if band.x is not None:
                starts = float(band.path[1:].split()[0]) / 10
                self.assertGreater(band.x, starts)

    def test_hidden_moves_meet_in_one_bar_that_tells_nothing_of_their_ways(self) -> None:
        cells = {(0, 0): 20, (0, 1): 1, (0, 2): 9, (1, 0): 8, (1, 1): 20, (1, 2): 4, (2, 0): 5}
        cells |= {(2, 1): 6, (2, 2): 20}
        stances = tuple(answers("Same", "Other", "Third"))
        drawn = charts.draw_flow(Flow(stances, cells))
        self.assertEqual([(band.readers, band.stays) for band in drawn.bands], [(20, True)] * 3)
        assert drawn.pool is not None
        self.assertEqual((drawn.pool.readers, len(drawn.pool.paths)), (33, 6))
        self.assertAlmostEqual(drawn.pool.x * 2 + drawn.pool.width, charts.FLOW_WIDTH, places=0)
        # Other moves, of which one is hidden too, with the same sums.
        other = cells | {(0, 1): 2, (1, 2): 5, (2, 0): 6, (0, 2): 8, (1, 0): 7, (2, 1): 5}
        self.assertEqual(charts.draw_flow(Flow(stances, other)), drawn)

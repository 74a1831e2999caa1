"""Test where charts put their labels: none over another, a word where it fits, else a glyph."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from random import Random
from types import SimpleNamespace
from typing import Any

from django.test import SimpleTestCase

from comments.analytics import charts
from comments.analytics.flow import Flow, Point

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
            ((0, 7, 14, 15), "0 467 933 1000", [0, 7, 15]),
            ((0, 0), "0 0", [0, 0]),
        ):
            points = [Point(first + timedelta(days=day), (1, 2)) for day in days]
            drawn = charts.draw_trend(answers("a", "b"), points)
            across = [place.split(",")[0] for place in drawn.lines[0].points.split()]
            self.assertEqual(" ".join(across), lines)
            self.assertEqual([(each.at - first).days for each in drawn.dates], dates)
            self.assertEqual(drawn.dates[0].x, charts.TREND_LEFT)

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

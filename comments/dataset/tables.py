"""Make the files of a discussion: its comments with their figures, answers, badges, constants.

No row is about a reader. Of comments whose tally is not shown yet there is only the number, and so
of those that are too old to be weighed by a ranking. Sums, lift and evidence are those of the
listed comments alone: else a hidden tally would follow from the sums by subtraction.
"""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from core import limits
from posts.models import Post, Stance

from ..analytics import minimums
from ..analytics.page import StancePage
from ..models import Appraisal, BadgeChange, Comment, Ranking
from ..querysets import is_readable
from ..ranking import constants
from ..ranking.appraisals import DIGITS
from ..ranking.evidence import careful_rates, evidence
from ..ranking.inputs import WEIGHED_MOST
from ..ranking.lift import NOBODY, StanceReactions, base_rate, lift
from ..ranking.stored_columns import FirstScreenPlaces, SidesByAnswer, ThreadIds

RECOMPUTE = Path(__file__).with_name("recompute.py")
_COLUMNS = (
    "comment_id",
    "comment__thread_id",
    "comment__parent_id",
    "comment__stance_id",
    "comment__argues_for_id",
    "comment__created_at",
    "sides",
    "badge_sides",
    "evidence",
    "has_badge",
    "speaks_for_id",
    "is_divisive",
)


@dataclass(frozen=True)
class Dataset:
    """The files by name, and when the next comment is a day old and joins them; None for none."""

    files: dict[str, str]
    next_tally: datetime | None

    @classmethod
    def of(cls, post: Post, now: datetime) -> "Dataset":
        """Return the files of `post`, which asks a question and shows its totals to everybody."""
        return _Tables(post, now).dataset()


class _Tables:
    """The rows of one discussion."""

    def __init__(self, post: Post, now: datetime) -> None:
        self.post = post
        self.stances: list[Stance] = list(post.question.stances.all())
        self.keys = {stance.pk: stance.key for stance in self.stances}
        answers = sum(stance.answer_count for stance in self.stances)
        self.shows_sides = minimums.show_counts(answers)
        self.ranking = Ranking.objects.filter(post=post).first()
        after = timedelta(seconds=limits.TALLY_AFTER)
        appraised = self._appraised()
        self.shown = [row for row in appraised if row["comment__created_at"] <= now - after]
        self.totals = self._totals()
        self.rates = {key: base_rate(*total) for key, total in self.totals.items()}
        times = [row["comment__created_at"] for row in appraised]
        self.next_tally = min((at + after for at in times if at > now - after), default=None)

    def _appraised(self) -> list[dict[str, Any]]:
        """Return the readable comments that the newest ranking weighed, the oldest first."""
        newest = Comment.objects.for_post(self.post).readable().order_by("-pk").values("pk")
        rows = Appraisal.objects.filter(is_readable("comment__"), post=self.post)
        if oldest := newest[WEIGHED_MOST - 1 : WEIGHED_MOST].first():
            rows = rows.filter(comment__gte=oldest["pk"])
        return list(rows.order_by("comment").values(*_COLUMNS))

    def _totals(self) -> dict[int, StanceReactions]:
        """Return the sums over the comments that are listed, by stance id."""
        every = [SidesByAnswer.parse(row["sides"]) for row in self.shown]
        of_each = {
            stance.pk: [sides.get(stance.pk, NOBODY) for sides in every] for stance in self.stances
        }
        return {
            key: StanceReactions(sum(a for a, _n in counts), sum(n for _a, n in counts))
            for key, counts in of_each.items()
        }

    def dataset(self) -> Dataset:
        files = {
            "README.txt": self._readme(),
            "comments.csv": _csv(self._comment_columns(), self._comments()),
            "answers.csv": _csv(("key", "word", "a", "n", "rate"), self._answers()),
            "badges.csv": _csv(("comment", "at", "change"), self._badges()),
            "stances.json": _json(StancePage.of(self.post).data()),
            "constants.json": _json(_constants()),
            "recompute.py": RECOMPUTE.read_text(encoding="utf-8"),
        }
        return Dataset(files, self.next_tally)

    def _readme(self) -> str:
        older = max(self.post.comment_count - WEIGHED_MOST, 0)
        return render_to_string(
            "comments/dataset/readme.txt",
            {
                "post": self.post,
                "address": settings.SITE_URL + self.post.get_absolute_url(),
                "ranked_at": self.ranking.made_at if self.ranking else None,
                "shows_sides": self.shows_sides,
                "least": limits.TOTALS_DOTS_FROM,
                "shown": len(self.shown),
                "left_out": max(self.post.comment_count - older - len(self.shown), 0),
                "older": older,
                "weighed": WEIGHED_MOST,
                "hours": limits.TALLY_AFTER // constants.HOUR,
                "enough": constants.BADGE_EVIDENCE,
            },
        )

    def _comment_columns(self) -> list[str]:
        letters = ("a", "n", "badge_a", "badge_n")
        each = [f"{letter}_{stance.key}" for stance in self.stances for letter in letters]
        return [
            "comment",
            "thread",
            "parent",
            "kind",
            "answer",
            "writer_answers",
            "posted_at",
            "lift",
            "evidence",
            "place",
            "first_screen",
            "badge",
            "speaks_for",
            "divides",
            *each,
        ]

    def _comments(self) -> Iterable[Sequence[object]]:
        threads = ThreadIds.parse(self.ranking.threads if self.ranking else "")
        opening = FirstScreenPlaces.parse(self.ranking.opening if self.ranking else "")
        places = {pk: number for number, pk in enumerate(threads, 1)}
        reasons = {place.id: place for place in opening}
        for row in self.shown:
            pk, argues_for = row["comment_id"], row["comment__argues_for_id"]
            sides = SidesByAnswer.parse(row["sides"])
            of_badge = SidesByAnswer.parse(row["badge_sides"]) or sides
            counts = [
                number
                for stance in self.stances
                for figures in (sides, of_badge)
                for number in figures.get(stance.pk, NOBODY)
            ]
            told = sides if self.shows_sides else None
            yield (
                pk,
                row["comment__thread_id"],
                row["comment__parent_id"] or "",
                "best reason" if argues_for else "answer" if row["comment__stance_id"] else "note",
                self._key(argues_for or row["comment__stance_id"]),
                self._key(row["comment__stance_id"]),
                row["comment__created_at"].isoformat(timespec="seconds"),
                *self._if_enough(
                    round(lift(sides, self.rates), DIGITS), self._evidence(row, sides, of_badge)
                ),
                places.get(pk, ""),
                reasons[pk].shown_why(told).value if pk in reasons else "",
                *self._if_enough(
                    int(row["has_badge"]),
                    self._key(row["speaks_for_id"]),
                    int(row["is_divisive"]),
                    *counts,
                ),
            )

    def _if_enough(self, *cells: object) -> Sequence[object]:
        """Return `cells`, empty while too few readers answer to say anything by answer."""
        return cells if self.shows_sides else [""] * len(cells)

    def _evidence(
        self, row: dict[str, Any], sides: SidesByAnswer, of_badge: SidesByAnswer
    ) -> float | str:
        """Return the evidence by the listed comments; "" where the ranking has none."""
        if row["evidence"] is None:
            return ""
        own = row["comment__argues_for_id"] or row["comment__stance_id"]
        careful = careful_rates(self.rates, self.totals, sides)
        return float(f"{evidence(of_badge, self.rates, careful, own).product:.{DIGITS}g}")

    def _key(self, stance: int | None) -> str:
        return self.keys.get(stance or 0, "")

    def _answers(self) -> Iterable[Sequence[object]]:
        for stance in self.stances:
            figures = self._if_enough(*self.totals[stance.pk], self.rates[stance.pk])
            yield stance.key, stance.word, *figures

    def _badges(self) -> Iterable[Sequence[object]]:
        shown = {row["comment_id"] for row in self.shown if self.shows_sides}
        changes = BadgeChange.objects.filter(comment__post=self.post).order_by("pk")
        for pk, at, is_earned in changes.values_list("comment", "at", "is_earned"):
            if pk in shown:
                yield pk, at.isoformat(timespec="seconds"), "earned" if is_earned else "lost"


def _constants() -> dict[str, float]:
    """Return every constant of the ranking by name; times are in seconds."""
    numbers = {name: getattr(constants, name) for name in dir(constants) if name.isupper()}
    return {**numbers, "TALLY_AFTER": limits.TALLY_AFTER}


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"

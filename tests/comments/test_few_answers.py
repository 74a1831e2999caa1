"""Test that nothing is said by answer, in any output, while fewer readers answer than it takes."""

import csv
import io
import json
import re
import zipfile
from datetime import timedelta
from typing import ClassVar
from unittest.mock import patch

from django.urls import reverse
from django.utils import timezone

from comments.actions import comments, reactions
from comments.actions.changes_of_mind import Credit, give
from comments.actions.comments import Draft, post_comment
from comments.models import Appraisal, ChangeKind, Comment
from comments.ranking import tasks
from core import limits
from tests.cast import Cast
from tests.factories import make_comment, make_user

DAY = timedelta(days=1)
ANSWERED = 6


class FewAnswersTests(Cast):
    """Six readers, two of each answer; comments, marks, a change of mind, a summary."""

    out_for = 60 * DAY
    comments: ClassVar[dict[str, Comment]]
    steelman: ClassVar[Comment]

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        at = timezone.now() - 30 * DAY
        people = {
            key: [make_user(is_demo=True, joined_at=at - 9 * DAY) for _each in range(2)]
            for key in cls.stances
        }
        cls.comments = {
            key: make_comment(cls.post, pair[0], cls.stances[key], now=at)
            for key, pair in people.items()
        }
        for key, pair in people.items():
            make_comment(cls.post, pair[0], cls.stances[key], now=at + DAY / 2)
        question = cls.post.question
        for key, pair in people.items():
            comments.answer_question(
                reader=pair[1], question=question, stance=cls.stances[key], now=at
            )
        for comment in cls.comments.values():
            for _one, other in people.values():
                reactions.press(comment, by=other, now=at + 2 * DAY)
        draft = Draft(
            author=people["same"][0],
            post=cls.post,
            body="The best reason for the others.",
            argues_for=cls.stances["different"],
        )
        cls.steelman = post_comment(draft, now=at + DAY).comment
        Comment.objects.filter(pk=cls.steelman.pk).update(verdicts="5/5")
        change = Credit(
            giver=people["overlap"][1],
            post=cls.post,
            kind=ChangeKind.MOVED,
            words="I had never thought of the rota in this way before, I have to say.",
            was=cls.stances["overlap"],
            to=cls.stances["same"],
            comment=cls.comments["same"],
        )
        give(change, now=at + 3 * DAY)
        cls.post.refresh_from_db()
        tasks.rank(cls.post)
        Appraisal.objects.filter(comment=cls.comments["different"]).update(
            has_badge=True,
            earned_at=at,
            evidence=20,
            speaks_for=cls.stances["same"],
            is_divisive=True,
        )

    def read(self, name: str, *args: object) -> str:
        answer = self.client.get(reverse(f"comments:{name}", args=args))
        self.assertEqual(answer.status_code, 200, name)
        return re.sub(r"(<svg.*?</svg>|<[^>]*>|\s)+", " ", answer.text)

    def said(self, least: int) -> dict[str, bool]:
        """Return for each output whether it says something by answer, where that takes `least`."""
        slug = self.post.slug
        self.post.bump_page_version()
        with patch.object(limits, "TOTALS_DOTS_FROM", least):
            page = re.sub(r"<[^>]*>", "", self.client.get(self.post.get_absolute_url()).text)
            data = self.client.get(reverse("comments:data", args=[slug])).content
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                files = {
                    entry.filename.rpartition("/")[2]: archive.read(entry).decode()
                    for entry in archive.infolist()
                }
            rows = list(csv.DictReader(io.StringIO(files["comments.csv"])))
            by_answer = ("a_same", "n_same", "badge_n_same", "lift", "evidence", "speaks_for")
            sums = csv.DictReader(io.StringIO(files["answers.csv"]))
            table = csv.reader(io.StringIO(self.read("stances-csv", slug)))
            reasons = self.read("well-argued", self.comments["same"].pk)
            return {
                "badge on a card": "Respected across answers" in page,
                "best thread of an answer": "Best argued for Same" in page,
                "fair on a card": "5 of 5" in page,
                "split": "Same 1 of " in self.read("well-argued-split", self.comments["same"].pk),
                "rank": "Times the usual" in reasons and "Across answers" in reasons,
                "verdicts": "5 of 5" in self.read("verdict", self.steelman.pk),
                "stance page": "2 Different" in self.read("stances", slug),
                "case on it": "case for" in self.read("stances", slug),
                "JSON": bool(
                    json.loads(self.client.get(f"/posts/{slug}/stances.json").content)["stances"]
                ),
                "CSV": any("same" in row for row in table),
                "zip, comments": any(row[column] for row in rows for column in by_answer),
                "zip, answers": any(row["n"] for row in sums),
                "zip, answers now": bool(json.loads(files["stances.json"])["stances"]),
                "zip, no explanation": "Fewer than" not in files["README.txt"],
            }

    def test_it_is_one_number_in_every_output(self) -> None:
        self.assertEqual(set(self.said(ANSWERED).values()), {True}, self.said(ANSWERED))
        self.assertEqual(set(self.said(ANSWERED + 1).values()), {False}, self.said(ANSWERED + 1))
        with patch.object(limits, "TOTALS_DOTS_FROM", ANSWERED + 1):
            page = self.client.get(self.post.get_absolute_url())
            self.assertContains(page, "Well argued <b>3</b>")
            for name in ("well-argued", "well-argued-split"):
                reasons = self.read(name, self.comments["same"].pk)
                self.assertIn("3 readers find it well argued.", reasons)
                self.assertIn(f"From {ANSWERED + 1} answers on you see what", reasons)

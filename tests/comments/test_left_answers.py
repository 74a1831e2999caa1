"""Test that verdicts count only while their reader gives the answer they judged for."""

from datetime import datetime, timedelta
from unittest.mock import patch

from django.db.models import Exists
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from comments.actions.settling import account_counts_from
from comments.integrity import faults
from comments.models import Closing, Comment
from comments.ranking import accounts, constants
from core.jobs.periodic import run_all
from tests.factories import make_comment, make_user

from .closings.cases import WORDS, ClosingCase

DAY = timedelta(days=1)


class LeftAnswersCase(ClosingCase):
    """Judges who leave their answer, take it back, and return, at times that the test sets."""

    now: datetime

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(patch.object(constants, "SETTLED_AFTER", constants.DAY))
        self.now = timezone.now() + 2 * DAY
        self.enterContext(patch("django.utils.timezone.now", lambda: self.now))

    def answers(self, person: User, key: str) -> None:
        url = reverse("comments:answer", args=[self.post.slug])
        data = {"stance": key, "wish": "answer", "reason": "I see it otherwise now."}
        assert self.send(person, url, data).status_code == 302

    def leaves(self, person: User) -> None:
        url = reverse("comments:withdrawal", args=[self.post.slug])
        assert self.send(person, url, {}).status_code == 302

    def status(self) -> str:
        run_all()
        self.assertEqual(list(faults()), [])
        return Closing.objects.latest("pk").status


class LeftAnswersTests(LeftAnswersCase):
    """Verdicts of readers who left."""

    def test_a_verdict_counts_while_its_reader_gives_the_answer(self) -> None:
        self.write()
        self.all_judge("different", "fair", "fair", "fair")
        self.all_judge("same", *["not_quite"] * 3)
        self.assertEqual(self.status(), "contested")
        version = self.post.__class__.objects.get(pk=self.post.pk).page_version
        self.answers(self.people["same"][0], "different")
        self.assertEqual(self.status(), "draft")
        self.assertIn("1 more reader who answers Same has to say.", self.page())
        self.assertGreater(self.post.__class__.objects.get(pk=self.post.pk).page_version, version)
        self.now += DAY / 2
        self.answers(self.people["same"][0], "same")
        self.now += DAY / 2
        self.assertEqual(self.status(), "draft")
        self.now += DAY
        self.assertEqual(self.status(), "contested")

    def test_so_does_one_on_a_best_reason(self) -> None:
        url = reverse("comments:answer", args=[self.post.slug])
        data = {"stance": "different", "argues_for": "same", "body": "One reason."}
        self.send(self.people["different"][0], url, data)
        steelman = Comment.objects.latest("pk")
        judged = reverse("comments:verdict", args=[steelman.pk])
        for person in self.people["same"]:
            self.send(person, judged, {"is_fair": "yes"})
        self.assertEqual(Comment.objects.get(pk=steelman.pk).verdicts, "5/5")
        self.leaves(self.people["same"][0])
        run_all()
        self.assertEqual(Comment.objects.get(pk=steelman.pk).verdicts, "4/4")
        self.assertNotIn("Fair, say", Client().get(self.post.get_absolute_url()).text)
        self.assertEqual(list(faults()), [])


class SidesNowTests(LeftAnswersCase):
    """Sides that nobody gives any more, and those whose citation is gone."""

    def judge_all(self) -> None:
        self.write()
        for key in ("different", "same"):
            self.all_judge(key, "fair", "fair", "fair")
        self.assertEqual(self.status(), "final")

    def test_nobody_left_on_a_side(self) -> None:
        self.judge_all()
        for person in self.people["same"]:
            self.leaves(person)
        self.assertEqual(self.status(), "final")
        self.assertIn("Nobody answers Same now.", self.page())
        self.assertNotIn("who answer Same find it fair", self.page())
        for person in self.people["different"]:
            self.leaves(person)
        self.assertEqual(self.status(), "draft")
        self.assertIn("Draft.", self.page())

    def test_accounts_of_today_that_withdraw_keep_no_summary_waiting(self) -> None:
        fresh = [self.person("overlap") for _number in range(4)]
        self.write(**self.cites("overlap"))
        for key in ("different", "same"):
            self.all_judge(key, "fair", "fair", "fair")
        self.assertEqual(self.status(), "draft")
        for person in (*fresh, *self.people["overlap"]):
            self.leaves(person)
        self.assertEqual(self.status(), "final")
        self.assertIn("Nobody answers Overlap now.", self.page())
        self.answers(fresh[0], "overlap")
        self.assertEqual(self.status(), "final")
        self.assertIn("does not wait for them", self.page())
        self.now += DAY
        self.assertEqual(self.status(), "draft")

    def test_without_its_only_citation_of_a_side_it_is_final_no_longer(self) -> None:
        self.judge_all()
        cited = self.comments["same"]
        url = reverse("comments:deletion", args=[cited.pk])
        assert self.send(cited.author, url, {}).status_code == 302
        self.assertEqual(self.status(), "draft")
        self.assertIn("Draft. It cites nobody for Same any more", self.page())
        self.assertIn("Draft.", self.post_page())


class ContestedBeforeTests(LeftAnswersCase):
    """Edits of a summary that a side contested."""

    def test_an_edit_does_not_hide_that_a_side_contested_it(self) -> None:
        self.write()
        self.all_judge("same", *["not_quite"] * 3)
        told = "An earlier version was contested by Same; they are asked again."
        self.assertNotIn(told, self.page())
        for number in (1, 2):
            self.write(body=f"{WORDS} {number}.", based_on=str(number))
            self.assertIn(told, self.page())
        self.all_judge("same", *["fair"] * 3, version=3)
        self.assertNotIn(told, self.page())


class WhatJudgesReadTests(LeftAnswersCase):
    """What a page tells a judge whose verdict does not count."""

    def test_no_date_is_in_the_past_and_a_way_back_is_told(self) -> None:
        self.write()
        judge = self.people["same"][0]
        self.all_judge("same", "fair")
        self.assertNotIn("It counts from", self.page(judge))
        self.leaves(judge)
        run_all()
        page = self.page(judge)
        self.assertIn("It does not count, since you do not give that answer now.", page)
        self.assertNotIn("It counts from", page)
        self.now += 3 * DAY
        self.answers(judge, "same")
        until = timezone.localtime(self.now + DAY)
        self.assertIn(f"It counts from {date_format(until, 'j F Y, H:i')}", self.page(judge))
        self.now += DAY + timedelta(hours=1)
        soon = timezone.localtime(self.now + timedelta(minutes=1))
        self.assertIn(f"It counts from {date_format(soon, 'j F Y, H:i')}", self.page(judge))
        run_all()
        self.assertNotIn("It counts from", self.page(judge))


class PublishedCommentTests(LeftAnswersCase):
    """Accounts of today that count by a comment."""

    def test_a_comment_that_is_deleted_or_removed_settles_nobody(self) -> None:
        person = make_user(is_demo=True, joined_at=self.now)
        self.assertIsNotNone(account_counts_from(person.pk, person.joined_at, self.now))
        for column in ({"deleted_at": self.now}, {"state": "removed", "removed_reason": "spam"}):
            written = make_comment(self.post, person, self.stances["same"])
            self.assertIsNone(account_counts_from(person.pk, person.joined_at, self.now))
            Comment.objects.filter(pk=written.pk).update(**column)
            self.assertIsNotNone(account_counts_from(person.pk, person.joined_at, self.now))
            self.assertFalse(User.objects.filter(Exists(accounts.published()), pk=person.pk))

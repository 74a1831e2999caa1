"""Test that verdicts count only while their reader gives the answer they judged for."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from unittest.mock import patch

from django.db import connection
from django.db.models import Exists, F, OuterRef
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from comments.actions.settling import account_counts_from
from comments.closings import judging, rounds
from comments.integrity import faults
from comments.models import Closing, ClosingSide, Comment, CurrentStance
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
        self.assertIn("1 more reader who answered Same has to judge it.", self.page())
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
        self.assertIn("From 5 answers on you see", self.page())
        self.assertNotIn("Draft", self.page() + self.post_page())
        self.show_sides_at_once()
        self.post.bump_page_version()
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
        for page in (self.page(), self.post_page()):
            self.assertIn("Draft. It no longer quotes anybody for Same", page)

    def test_a_side_that_no_round_has_looked_at_is_a_fault(self) -> None:
        self.judge_all()
        wrong = ClosingSide.objects.filter(stance=self.stances["same"])
        for facts in ({"is_given": False}, {"is_cited": False}):
            wrong.update(**facts)
            found = [fault for fault in faults() if "closing side" in str(fault)]
            self.assertEqual(len(found), 1, facts)
            assert found[0].repair is not None
            list(found[0].repair.do([found[0].key]))
            self.assertEqual(list(faults()), [])

    def test_what_the_next_round_will_find_is_no_fault(self) -> None:
        self.judge_all()
        for person in self.people["same"]:
            self.leaves(person)
        self.assertEqual(list(faults()), [])
        run_all()
        self.assertFalse(CurrentStance.objects.changed().exists())
        self.assertFalse(ClosingSide.objects.get(stance=self.stances["same"]).is_given)

    def test_an_answer_that_changes_during_a_round_is_looked_at_by_the_next(self) -> None:
        self.judge_all()
        leaving = self.people["same"][0]
        self.leaves(leaving)

        def meanwhile(ids: Iterable[int], now: datetime) -> None:
            settle(ids, now)
            self.answers(leaving, "different")

        settle = judging.settle
        with patch.object(judging, "settle", meanwhile):
            rounds.settle_due()
        self.assertEqual(CurrentStance.objects.changed().get().reader, leaving)
        self.assertEqual(self.status(), "draft")

    def test_a_round_without_changes_reads_no_verdict_that_counts(self) -> None:
        self.judge_all()
        with CaptureQueriesContext(connection) as queries:
            rounds.settle_due()
        asked = [query["sql"] for query in queries if "verdict" in query["sql"].split("WHERE")[0]]
        self.assertEqual(len(asked), 2)
        for sql in asked:
            self.assertIn('"settled_at" IS NULL', sql)

    def test_a_verdict_that_no_round_looked_at_is_a_fault(self) -> None:
        self.judge_all()
        self.leaves(self.people["same"][0])
        CurrentStance.objects.update(followed=F("record"))
        (fault,) = faults()
        self.assertIn("it counts, and its reader has left the answer", str(fault))
        assert fault.repair is not None
        list(fault.repair.do([fault.key]))
        self.assertEqual(self.status(), "draft")


class ContestedBeforeTests(LeftAnswersCase):
    """Edits of a summary that a side contested."""

    def test_an_edit_does_not_hide_that_a_side_contested_it(self) -> None:
        self.write()
        self.all_judge("same", *["not_quite"] * 3)
        self.assert_told(told=False)
        for number in (1, 2):
            self.write(body=f"{WORDS} {number}.", based_on=str(number))
            self.assert_told()
        self.all_judge("same", *["fair"] * 3, version=3)
        self.assert_told(told=False)

    def test_nor_does_one_of_a_comment_that_it_cites(self) -> None:
        self.write()
        self.all_judge("same", *["not_quite"] * 3)
        for number in (1, 2):
            self.edits_cited(f"A case that says something else, for the {number}. time.")
            self.assert_told()
        self.write(body=f"{WORDS} Anew.", based_on="1")
        self.assert_told()
        self.all_judge("same", *["fair"] * 3, version=2)
        self.assert_told(told=False)
        self.edits_cited("A case that says a third thing, after it was found to be fair.")
        self.assert_told(told=False)

    def edits_cited(self, body: str) -> None:
        cited = self.comments["different"]
        Comment.objects.filter(pk=cited.pk).update(created_at=self.now - DAY / 2)
        edited = self.send(cited.author, reverse("comments:edit", args=[cited.pk]), {"body": body})
        self.assertEqual(edited.status_code, 302)

    def assert_told(self, *, told: bool = True) -> None:
        """Compare what the summary's page and the post's box say."""
        said = "Before its last change it was contested by Same; they are asked again."
        for page in (self.page(), self.post_page()):
            self.assertEqual(said in page, told)
        self.status()
        statuses = [
            re.search(r'class="closing-status"[^>]*>([^<]*)<', page)
            for page in (self.page(), self.post_page())
        ]
        box, own = (found[1] for found in statuses if found)
        # Only the page says how many more readers it takes of each answer.
        self.assertEqual(
            *(
                re.findall(r"Draft|Final|Different|Same|contested|quotes", each)
                for each in (box, own)
            )
        )


class WhatJudgesReadTests(LeftAnswersCase):
    """What a page tells a judge whose verdict does not count."""

    def said_to(self, judge: User) -> str:
        """Return the words of the page without tags: a time is an element."""
        return re.sub(r"<[^>]*>", "", self.page(judge))

    def test_no_date_is_in_the_past_and_a_way_back_is_told(self) -> None:
        self.write()
        judge = self.people["same"][0]
        self.all_judge("same", "fair")
        self.assertNotIn("It counts from", self.page(judge))
        self.leaves(judge)
        run_all()
        page = self.page(judge)
        self.assertIn("It does not count, because you do not give that answer now.", page)
        self.assertNotIn("It counts from", page)
        self.now += 3 * DAY
        self.answers(judge, "same")
        until = timezone.localtime(self.now + DAY)
        self.assertIn(f"It counts from {date_format(until, 'j F Y, H:i')}", self.said_to(judge))
        self.now += DAY + timedelta(hours=1)
        soon = timezone.localtime(self.now + timedelta(minutes=1))
        self.assertIn(f"It counts from {date_format(soon, 'j F Y, H:i')}", self.said_to(judge))
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
            self.assertFalse(
                User.objects.filter(Exists(accounts.published(OuterRef("pk"))), pk=person.pk)
            )

"""Test the demonstration: complete in an empty site, and refused in any other."""

import re
from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from accounts.models import Role, User
from comments.actions import settling
from comments.models import (
    Appraisal,
    ChangeOfMind,
    Closing,
    ClosingVerdict,
    Comment,
    CommentState,
    StanceRecord,
)
from comments.models.moderation import Flag
from comments.seeding.demo import ACCOUNTS
from notifications.models import Notification, Outgoing
from posts.importing.demo import publication_time
from posts.models import Announcement, Part, Post, Promise, SealedAnswer, Series
from posts.pages.promise_notes import prose_of
from tests.factories import make_user

PASSWORD = "a password for this test"


def seed(*arguments: str) -> str:
    out = StringIO()
    call_command("seed_demo", *arguments, stdout=out)
    return out.getvalue()


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
    }


@override_settings(DEBUG=True, DEMO_PASSWORD=PASSWORD)
class DemonstrationTest(TestCase):
    """Its content, and its derived figures."""

    said: ClassVar[str]
    post: ClassVar[Post]
    second: ClassVar[Post]

    @classmethod
    def setUpTestData(cls) -> None:
        with override_settings(DEBUG=True, DEMO_PASSWORD=PASSWORD):
            cls.said = seed()
        cls.post = Post.objects.get(slug="management-and-leadership")
        cls.second = Post.objects.get(slug="the-two-duties")

    def test_a_second_time_changes_nothing(self) -> None:
        before = everything()
        assert "loaded already" in seed()
        assert seed("--if-empty") == ""
        assert everything() == before

    def test_the_accounts_sign_in(self) -> None:
        for account in ACCOUNTS:
            assert account.email in self.said
            person = User.objects.get(email=account.email)
            assert person.check_password(PASSWORD)
            assert person.emailaddress_set.get().verified  # type: ignore[attr-defined]
        assert PASSWORD in self.said
        roles = {user.handle: user.roles for user in User.objects.filter(email__isnull=False)}
        assert roles == {
            "reader": frozenset(),
            "author": {Role.AUTHOR},
            "moderator": {Role.MODERATOR},
            "admin": {Role.ADMIN},
        }

    def test_the_publication(self) -> None:
        words = len(self.post.live_revision.body.split())  # type: ignore[union-attr]
        assert 450 <= words <= 700
        assert self.post.is_published()
        assert self.post.title == "Management and leadership"
        assert (Series.objects.count(), Part.objects.count()) == (1, 6)
        states = [part.state() for part in Part.objects.all()]
        assert states == ["published", "published", "draft", None, None, None]
        assert all(promise.parts.exists() for promise in Promise.objects.all())
        assert {promise.state() for promise in Promise.objects.all()} == {"kept", "drafting"}
        prose = prose_of(self.post, self.post.promises.all(), timezone.now())
        assert prose.lost == []
        assert sum(len(span.notes) for span in prose.spans) == 2

    def test_part_two_quotes_its_readers_three_weeks_later(self) -> None:
        revision = self.second.live_revision
        assert revision is not None
        assert 400 <= len(revision.body.split()) <= 600
        assert self.second.published_at - self.post.published_at == timedelta(weeks=3)  # type: ignore[operator]
        quoted = [int(number) for number in re.findall(r"\(/comments/(\d+)/\)", revision.body)]
        assert len(quoted) == 3
        for number in quoted:
            comment = Comment.objects.get(pk=number)
            assert comment.post == self.post
            said = comment.body.replace("'", "’")
            assert any(line[2:] in said for line in revision.body.splitlines() if line[:1] == ">")
        assert len(self.second.question.offered) == 3
        assert 18 <= self.second.comment_count <= 26

    def test_marks_that_are_old_enough_count(self) -> None:
        assert not settling.REACTIONS.waiting(timezone.now()).exists()

    def test_the_discussion(self) -> None:
        comments = Comment.objects.filter(post=self.post)
        assert 60 <= comments.filter(state=CommentState.PUBLISHED).count() <= 75
        assert max(comments.values_list("depth", flat=True)) == 6
        stances = comments.filter(stance__isnull=False).values_list("stance__key", flat=True)
        assert set(stances) == {"different", "same", "overlap"}
        assert comments.filter(state=CommentState.HELD).exists()
        assert comments.filter(state=CommentState.REMOVED).exists()
        assert comments.filter(deleted_at__isnull=False).exists()
        bodies = Comment.objects.values_list("body", flat=True)
        assert len(set(bodies)) == len(bodies)

    def test_readers_change_their_answers_over_four_weeks(self) -> None:
        records = StanceRecord.objects.filter(question__post=self.post)
        readers = records.exclude(reader__handle="author")
        assert readers.values("reader").distinct().count() == 40
        changed = readers.filter(supersedes__isnull=False)
        assert changed.values("reader").distinct().count() >= 12
        weeks = {(record.recorded_at - self.post.published_at).days // 7 for record in changed}  # type: ignore[operator]
        assert weeks == {0, 1, 2, 3}
        assert ChangeOfMind.objects.filter(comment__isnull=False).count() >= 6

    def test_what_is_rare_is_there_to_see(self) -> None:
        sealed = SealedAnswer.objects.get()
        assert sealed.opened_at is not None
        assert not sealed.late_sealings.exists()
        badges = Appraisal.objects.filter(comment__post=self.post, has_badge=True)
        assert 1 <= badges.count() <= 3
        reader = User.objects.get(handle="reader")
        assert reader.notifications.filter(read_at=None).count() >= 3

    def test_the_moderator_has_something_to_do(self) -> None:
        held = Comment.objects.filter(state=CommentState.HELD)
        assert held.values("post").distinct().count() == 2
        flagged = Flag.objects.values("comment").distinct()
        assert flagged.count() == 3
        oldest = min(comment.created_at for comment in held)
        assert timezone.now() - oldest < timedelta(days=2)

    def test_no_fault_is_stored(self) -> None:
        out = StringIO()
        call_command("check_integrity", stdout=out)
        assert "No faults" in out.getvalue()

    def test_best_reasons_for_other_answers(self) -> None:
        found = Comment.objects.filter(kind="steelman").order_by("created_at")
        assert [steelman.verdicts for steelman in found] == ["5/6", "1/2"]
        page = self.client.get(self.post.get_absolute_url())
        self.assertContains(page, "Fair, say readers who answer Same: 5 of 6", count=1)

    def test_the_closing_was_contested_and_is_final(self) -> None:
        contested, final = Closing.objects.all()
        assert (contested.status, final.status) == ("contested", "final")
        assert self.post.closing.startswith("final\n")
        cited = final.citations.values_list("comment__stance__key", flat=True)
        assert Counter(cited) == {"different": 2, "same": 2, "overlap": 2}
        against = [side.stance.key for side in contested.sides.all() if side.fair * 2 < side.judges]
        assert against == ["same"]
        assert all(comment.is_readable for comment in Comment.objects.filter(citations__gt=0))

    def test_nothing_lies_in_the_future_or_before_the_article(self) -> None:
        written = Comment.objects.values_list("created_at", flat=True)
        judged = ClosingVerdict.objects.values_list("judged_at", flat=True)
        for moment in (*written, *judged):
            assert self.post.published_at < moment <= timezone.now()  # type: ignore[operator]

    def test_answers_are_told_with_their_times(self) -> None:
        told = Notification.objects.filter(recipient__handle="author", kind="reply")
        assert told.exists()
        for notification in told:
            reply = Comment.objects.get(pk=notification.subject_id)
            assert notification.created_at == reply.published_at

    def test_nobody_is_mailed_of_it(self) -> None:
        assert not Outgoing.objects.exists()

    def test_nor_ten_minutes_later_are_those_who_begin_to_follow_it(self) -> None:
        """Articles were published long ago, so what followers get of them is over."""
        assert Announcement.objects.count() == 2
        assert not Announcement.objects.filter(
            due_at__gt=timezone.now() - timedelta(days=1)
        ).exists()

    def test_sample_readers_cannot_be_signed_in_as(self) -> None:
        for reader in User.objects.filter(email__isnull=True):
            assert not reader.has_usable_password()
            assert reader.claimed_at is not None


@pytest.mark.django_db
@override_settings(DEBUG=True, DEMO_PASSWORD="")
def test_without_a_password_of_ones_own_one_is_made_up() -> None:
    with patch("comments.management.commands.seed_demo.load_demonstration") as load:
        load.return_value.get_absolute_url.return_value = "/"
        said = seed()
    password = said.split("and the password ")[1].split()[0]
    assert len(password) >= 10
    assert load.call_args.args[0] == password


@pytest.mark.django_db
@override_settings(DEBUG=False)
def test_never_with_debug_off() -> None:
    with pytest.raises(CommandError, match="DEBUG off"):
        seed()
    assert seed("--if-empty") == ""
    assert not User.objects.exists()


@pytest.mark.django_db
@override_settings(DEBUG=True)
def test_never_over_what_is_there() -> None:
    make_user("somebody")
    with pytest.raises(CommandError, match="something here already"):
        seed()
    assert seed("--if-empty") == ""
    assert not Post.objects.exists()


def test_the_discussion_never_reaches_into_the_future() -> None:
    wished = "2026-11-02T08:00:00Z"
    moment = datetime.fromisoformat(wished)
    assert publication_time(wished, moment + timedelta(days=28)) == moment
    for day in (-100, 0, 27):
        now = moment + timedelta(days=day)
        assert publication_time(wished, now) == now - timedelta(days=28)

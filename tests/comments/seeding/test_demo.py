"""Test the demonstration: complete in an empty site, and refused in any other."""

from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from accounts.models import Role, User
from comments.models import (
    Closing,
    ClosingVerdict,
    Comment,
    CommentState,
    CurrentStance,
    StanceRecord,
)
from comments.seeding.demo import ACCOUNTS
from notifications.models import Notification
from posts.importing.demo import publication_time
from posts.models import Part, Post, Promise, Series, Stance
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

    @classmethod
    def setUpTestData(cls) -> None:
        with override_settings(DEBUG=True, DEMO_PASSWORD=PASSWORD):
            cls.said = seed()
        cls.post = Post.objects.get()

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
        assert self.post.question.offered == list(Stance.objects.order_by("position"))
        assert (Series.objects.count(), Part.objects.count()) == (1, 6)
        assert [part.post_id is None for part in Part.objects.all()] == [False, *[True] * 5]
        assert all(promise.parts.exists() for promise in Promise.objects.all())
        prose = prose_of(self.post, self.post.promises.all(), timezone.now())
        assert prose.lost == []
        assert sum(len(span.notes) for span in prose.spans) == 2

    def test_the_discussion(self) -> None:
        comments = Comment.objects.all()
        assert 55 <= comments.filter(state=CommentState.PUBLISHED).count() <= 70
        assert max(comments.values_list("depth", flat=True)) == 6
        stances = comments.filter(stance__isnull=False).values_list("stance__key", flat=True)
        assert set(stances) == {"different", "same", "overlap"}
        assert 20 <= comments.values("author").distinct().count() <= 35
        assert comments.filter(state=CommentState.HELD).exists()
        assert comments.filter(state=CommentState.REMOVED).exists()
        assert comments.filter(deleted_at__isnull=False).exists()

    def test_best_reasons_for_other_answers(self) -> None:
        found = Comment.objects.filter(kind="steelman").order_by("created_at")
        assert [steelman.verdicts for steelman in found] == ["5/6", "1/2"]
        page = self.client.get(self.post.get_absolute_url())
        self.assertContains(page, "Fair, say those who answer Same: 5 of 6", count=1)

    def test_the_closing_waits_for_one_answer_and_cites_all(self) -> None:
        closing = Closing.objects.get()
        assert closing.status == "draft"
        assert self.post.closing.startswith("draft ")
        cited = closing.citations.values_list("comment__stance__key", flat=True)
        assert Counter(cited) == {"different": 2, "same": 2, "overlap": 2}
        waiting = closing.sides.get(judges__lt=3)
        assert (waiting.stance.key, waiting.fair, waiting.judges) == ("same", 1, 2)
        assert all(comment.is_readable for comment in Comment.objects.filter(citations__gt=0))

    def test_nothing_lies_in_the_future_or_before_the_article(self) -> None:
        written = Comment.objects.values_list("created_at", flat=True)
        judged = ClosingVerdict.objects.values_list("judged_at", flat=True)
        for moment in (*written, *judged):
            assert self.post.published_at < moment <= timezone.now()  # type: ignore[operator]

    def test_derived_figures_are_right(self) -> None:
        standing = list(Comment.objects.readable())
        assert self.post.comment_count == len(standing)
        shown = Counter(Comment.objects.shown().values_list("parent_id", flat=True))
        sizes = Counter(c.thread_id for c in standing if not c.is_root)
        for comment in Comment.objects.all():
            assert comment.reply_count == shown[comment.pk]
            assert comment.is_shown == (comment.is_readable or comment.reply_count > 0)
            if comment.is_root:
                assert comment.thread_size == sizes[comment.pk]
        for stance in Stance.objects.all():
            assert stance.answer_count == CurrentStance.objects.filter(stance=stance).count()

    def test_the_ledger_is_a_chain(self) -> None:
        records = StanceRecord.objects.order_by("id")
        assert records.filter(source="comment").exists()
        assert records.filter(source="bare").exists()
        assert records.filter(supersedes__isnull=False).exists()
        for current in CurrentStance.objects.select_related("record"):
            newest = records.filter(reader=current.reader).last()
            assert current.record == newest
            assert current.stance_id == current.record.stance_id

    def test_answers_are_told_with_their_times(self) -> None:
        told = Notification.objects.filter(recipient__handle="author")
        assert told.exists()
        for notification in told:
            reply = Comment.objects.get(pk=notification.subject_id)
            assert notification.created_at == reply.published_at

    def test_sample_readers_cannot_be_signed_in_as(self) -> None:
        for reader in User.objects.filter(email__isnull=True):
            assert not reader.has_usable_password()
            assert reader.claimed_at is not None


@pytest.mark.django_db
@override_settings(DEBUG=True, DEMO_PASSWORD="")
def test_without_a_password_of_ones_own_one_is_made_up() -> None:
    said = seed()
    password = said.split("and the password ")[1].split()[0]
    assert len(password) >= 10
    assert User.objects.get(handle="reader").check_password(password)


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
    assert publication_time(wished, moment + timedelta(days=20)) == moment
    for day in (-100, 0, 19):
        now = moment + timedelta(days=day)
        assert publication_time(wished, now) == now - timedelta(days=20)

"""Test saving drafts and publishing posts."""

from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from comments.integrity import faults
from comments.integrity.storage import missing_triggers
from core.exceptions import ActionRefused
from core.markdown.html import MarkupRefused
from posts import actions
from posts.models import Post, PostState

from .cases import BODY, AuthorCase


class SaveDraftTest(AuthorCase):
    """Saved text adds revisions, which no reader sees."""

    def save(self, post: Post | None = None, **words: str | int) -> Post:
        fields = {"title": "Two words", "body": BODY} | words
        return actions.save_draft(post, by=self.author, **fields)  # type: ignore[arg-type]

    def test_a_new_post_has_an_author_an_address_and_no_readers(self) -> None:
        assert self.draft.byline == [self.author]
        assert self.draft.slug == "two-words"
        assert self.draft.state() == PostState.DRAFT

    def test_changed_words_are_a_new_revision(self) -> None:
        post = self.save(self.draft, body="Other words.")
        assert post.newest_revision is not None
        assert post.newest_revision.number == 2
        assert post.newest_revision.body_html == "<p>Other words.</p>\n"

    def test_unchanged_words_are_not(self) -> None:
        self.save(self.draft, body=BODY.replace("\n", "\r\n"))
        assert self.draft.revisions.count() == 1

    def test_what_readers_see_stays_until_it_is_published(self) -> None:
        actions.publish(self.draft, by=self.author)
        post = self.save(self.draft, title="Other title")
        assert post.title == "Two words"
        assert post.has_unpublished_changes

    def test_addresses_differ(self) -> None:
        assert self.save().slug == "two-words-2"
        assert self.save().slug == "two-words-3"
        assert self.save(title="?!").slug == "post"
        assert len(self.save(title="x" * 200).slug) == 80
        assert len(self.save(title="x" * 200).slug) == 80

    def test_the_address_can_change_until_the_post_is_out(self) -> None:
        assert self.save(self.draft, slug="other").slug == "other"
        actions.publish(self.draft, by=self.author)
        with self.assertRaisesMessage(ActionRefused, "cannot change"):
            self.save(self.draft, slug="another")

    def test_an_address_belongs_to_one_post(self) -> None:
        other = self.save()
        with self.assertRaisesMessage(ActionRefused, "Another article"):
            self.save(other, slug="two-words")

    def test_a_title_is_needed(self) -> None:
        with self.assertRaisesMessage(ActionRefused, "needs a title"):
            self.save(title="  ")
        assert Post.objects.count() == 1

    def test_text_that_cannot_be_shown_is_refused_and_writes_nothing(self) -> None:
        with self.assertRaises(MarkupRefused):
            self.save(body=">" * 200 + " deep")
        assert Post.objects.count() == 1

    def test_nobody_overwrites_words_they_have_not_seen(self) -> None:
        self.save(self.draft, body="By the first.", based_on=1)
        with self.assertRaisesMessage(ActionRefused, "Somebody else saved") as refused:
            self.save(self.draft, body="By the second.", based_on=1)
        assert refused.exception.status == 409
        assert self.draft.revisions.count() == 2


class PublishTest(AuthorCase):
    """The visibility of a post by its time."""

    def test_now_and_at_a_time(self) -> None:
        now = timezone.now()
        post = actions.publish(self.draft, by=self.author, at=now + timedelta(hours=1))
        assert post.state(now) == PostState.SCHEDULED
        assert post.state(now + timedelta(hours=1)) == PostState.PUBLISHED

    def test_publishing_changes_keeps_the_time(self) -> None:
        at = timezone.now() - timedelta(days=3)
        actions.publish(self.draft, by=self.author, at=at)
        actions.save_draft(self.draft, by=self.author, title="Better", body=BODY)
        post = actions.publish(self.draft, by=self.author)
        assert post.published_at == at
        assert post.title == "Better"

    def test_a_post_that_is_out_cannot_be_scheduled(self) -> None:
        actions.publish(self.draft, by=self.author)
        with self.assertRaisesMessage(ActionRefused, "has been published before"):
            actions.publish(self.draft, by=self.author, at=timezone.now() + timedelta(days=1))

    def test_published_again_it_keeps_its_first_time(self) -> None:
        at = timezone.now() - timedelta(days=3)
        actions.publish(self.draft, by=self.author, at=at)
        for _round in range(2):
            actions.unpublish(self.draft, by=self.author)
            later = timezone.now() + timedelta(days=1)
            with self.assertRaisesMessage(ActionRefused, "has been published before"):
                actions.publish(self.draft, by=self.author, at=later)
            post = actions.publish(self.draft, by=self.author)
            assert post.published_at == at
        assert f"<published>{at:%Y-%m-%dT%H:%M:%S}" in self.client.get("/feeds/posts/").text
        self.assertEqual(list(faults()), [])

    def test_a_time_to_come_may_change_until_it_has_passed(self) -> None:
        now = timezone.now()
        for days in (3, 1, 2):
            at = now + timedelta(days=days)
            assert actions.publish(self.draft, by=self.author, at=at).published_at == at
        actions.unpublish(self.draft, by=self.author)
        post = actions.publish(self.draft, by=self.author, at=now + timedelta(days=5))
        assert post.first_published_at is None
        passed = now - timedelta(hours=1)
        Post.objects.update(published_at=passed)
        post = actions.unpublish(self.draft, by=self.author)
        assert post.first_published_at == passed
        assert actions.publish(self.draft, by=self.author).published_at == passed

    def test_the_database_keeps_the_first_time_whatever_writes(self) -> None:
        at = timezone.now() - timedelta(days=3)
        actions.publish(self.draft, by=self.author, at=at)
        rows = Post.objects.filter(pk=self.draft.pk)
        other = timezone.now() - timedelta(days=1)
        self.refused(lambda: rows.update(published_at=other))
        self.refused(lambda: rows.update(published_at=timezone.now() + timedelta(days=1)))
        rows.update(published_at=None)
        assert rows.get().first_published_at == at
        self.refused(lambda: rows.update(published_at=other))
        self.refused(lambda: rows.update(first_published_at=None))
        rows.update(published_at=at)

    def test_a_missing_trigger_is_found(self) -> None:
        table = " ON posts_post" if connection.vendor == "postgresql" else ""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER posts_post_first_time_kept{table}")
            [fault] = missing_triggers()
            assert "posts_post_first_time_kept" in str(fault)
            transaction.set_rollback(True)

    def refused(self, write: Callable[[], object]) -> None:
        with self.assertRaises(IntegrityError), transaction.atomic():
            write()

    def test_a_post_without_text_is_not_published(self) -> None:
        empty = actions.save_draft(None, by=self.author, title="T", body=" ")
        with self.assertRaisesMessage(ActionRefused, "has no text"):
            actions.publish(empty, by=self.author)

    def test_taken_back_it_is_a_draft_with_its_newest_words(self) -> None:
        actions.publish(self.draft, by=self.author)
        actions.save_draft(self.draft, by=self.author, title="Better", body=BODY)
        post = actions.unpublish(self.draft, by=self.author)
        assert (post.state(), post.title) == (PostState.DRAFT, "Better")

"""Test who may end a lock or a closing: its author, unless a moderator made it."""

from typing import Any, ClassVar

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from comments.models import Comment
from comments.moderation import actions
from tests.factories import make_user

from .cases import Moderated


class EndedByModeratorsTests(Moderated):
    """What a moderator locked or closed is for moderators to end; authors end their own."""

    co_author: ClassVar[User]

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.co_author = make_user("cora", "author", is_demo=True)
        cls.post.authorships.create(user=cls.co_author)

    def end(self, what: str, by: User) -> Any:
        self.sign_in(by)
        data = {"reason": "settled"}
        if what == "thread":
            return self.send("unlock", self.quiet, data)
        return self.send("discussion-open", self.post.slug, data)

    def begin(self, what: str, by: User) -> None:
        if what == "thread":
            actions.lock(self.quiet, by=by, reason="heated")
        else:
            actions.close_discussion(self.post, by=by, reason="finished")

    def begun(self, what: str) -> bool:
        self.quiet.refresh_from_db()
        self.post.refresh_from_db()
        return (self.quiet.locked_at if what == "thread" else self.post.closed_at) is not None

    def test_who_may_end_it(self) -> None:
        writes_too = make_user("mira", "author", "moderator", is_demo=True)
        self.post.authorships.create(user=writes_too)
        for what in ("thread", "discussion"):
            for begun_by, ended_by, may in (
                (self.author, self.author, True),
                (self.author, self.co_author, True),
                (self.author, self.moderator, True),
                (self.moderator, self.author, False),
                (self.moderator, self.admin, True),
                (writes_too, self.author, False),
                (writes_too, writes_too, True),
            ):
                with self.subTest(what, by=begun_by, ended_by=ended_by), transaction.atomic():
                    self.begin(what, begun_by)
                    response = self.end(what, ended_by)
                    assert response.status_code == (302 if may else 403)
                    assert self.begun(what) is not may
                    if not may:
                        text = "Only moderators can end it. Nothing was changed."
                        self.assertContains(response, text, status_code=403)
                    transaction.set_rollback(True)

    def test_its_page_says_so_and_has_no_form(self) -> None:
        pages = (("thread", "lock", self.quiet.pk), ("discussion", "discussion-close", None))
        for what, route, about in pages:
            self.begin(what, self.moderator)
            url = reverse(f"comments:{route}", args=[about or self.post.slug])
            self.sign_in(self.author)
            page = self.client.get(url)
            self.assertContains(page, "so only a moderator can")
            self.assertNotContains(page, 'name="reason"')
            self.sign_in(self.admin)
            page = self.client.get(url)
            self.assertNotContains(page, "so only a moderator can")
            self.assertContains(page, 'name="reason"')

    def test_a_moderator_who_lost_the_role_locked_it_as_one(self) -> None:
        self.begin("discussion", self.moderator)
        self.moderator.role_grants.all().delete()
        assert self.end("discussion", self.author).status_code == 403

    def test_a_branch_taken_out_of_a_locked_thread_stays_locked(self) -> None:
        self.begin("thread", self.moderator)
        self.sign_in(self.author)
        assert self.send("detachment", self.flagged).status_code == 302
        assert Comment.objects.get(pk=self.flagged.pk).locked_at is not None
        assert self.send("unlock", self.flagged, {"reason": "settled"}).status_code == 403
        self.sign_in(self.moderator)
        assert self.send("unlock", self.flagged, {"reason": "settled"}).status_code == 302

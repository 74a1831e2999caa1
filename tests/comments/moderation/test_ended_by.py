"""Test who may end a lock or a closing: its author, unless a moderator made it."""

from typing import Any, ClassVar

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from comments.integrity import faults
from comments.models import Comment
from comments.moderation import actions, cases
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

    def begin_on_page(self, what: str, by: User, **data: str) -> Any:
        self.sign_in(by)
        route, about = self.page_of(what)
        reason = "reviewed" if what == "thread" else "besieged"
        return self.client.post(
            reverse(f"comments:{route}", args=[about]), {"reason": reason, **data}
        )

    def page_of(self, what: str) -> tuple[str, Any]:
        if what == "thread":
            return "lock", self.quiet.pk
        return "discussion-close", self.post.slug

    def test_a_moderators_takes_the_place_of_an_authors(self) -> None:
        """The log has both; a second press, and an author's, change nothing."""
        for what in ("thread", "discussion"):
            with self.subTest(what), transaction.atomic():
                self.begin(what, self.author)
                for by in (self.co_author, self.moderator, self.moderator, self.admin, self.author):
                    assert self.begin_on_page(what, by).status_code == 302
                first, second = self.decisions()
                assert (first.by, second.by) == (self.author, self.moderator)
                assert second.state_before == second.state_after == first.state_after
                assert self.end(what, self.author).status_code == 403
                assert self.begun(what)
                assert [str(fault) for fault in faults()] == []
                assert self.end(what, self.moderator).status_code == 302
                assert not self.begun(what)
                transaction.set_rollback(True)

    def test_it_is_offered_to_moderators_on_the_page(self) -> None:
        """With what they typed, if it is refused; not to authors, nor over a moderator's."""
        for what in ("thread", "discussion"):
            self.begin(what, self.author)
            route, about = self.page_of(what)
            url = reverse(f"comments:{route}", args=[about])
            form = f'<form class="form" method="post" action="{url}">'
            self.sign_in(self.author)
            self.assertNotContains(self.client.get(url), form)
            self.sign_in(self.moderator)
            self.assertContains(self.client.get(url), form)
            page = self.begin_on_page(what, self.moderator, reason="", note="Typed with care.")
            self.assertContains(page, form, status_code=422)
            self.assertContains(page, "Typed with care.", status_code=422)
            self.begin_on_page(what, self.moderator)
            self.assertNotContains(self.client.get(url), form)

    def test_it_has_no_undo_but_an_end(self) -> None:
        """An undo would end what the author began, too."""
        for what in ("thread", "discussion"):
            self.begin(what, self.author)
            self.begin_on_page(what, self.moderator)
            decision = self.decisions()[-1]
            assert decision.by == self.moderator
            assert cases.with_undo(decision).url is None

    def test_a_branch_taken_out_of_it_has_the_moderators(self) -> None:
        self.begin("thread", self.author)
        self.begin_on_page("thread", self.moderator)
        self.sign_in(self.author)
        assert self.send("detachment", self.flagged).status_code == 302
        assert self.send("unlock", self.flagged, {"reason": "settled"}).status_code == 403

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

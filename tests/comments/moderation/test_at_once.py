"""Test simultaneous moderation: one decision, one flag, and at least one admin left."""

from django.test import TransactionTestCase

from accounts.models import Role, RoleGrant, User
from comments.models import Comment, StanceRecord
from comments.models.moderation import Decision, Flag
from comments.moderation import actions
from core.exceptions import ActionRefused
from posts.models import Post, Stance
from tests.at_once import at_once
from tests.factories import make_comment, make_post, make_question, make_user


class SimultaneousTests(TransactionTestCase):
    """Requests that a lock has to serialize."""

    def setUp(self) -> None:
        self.moderator = make_user("june", Role.MODERATOR)
        self.admin = make_user("ines", Role.ADMIN)
        self.post = make_post(make_user("ada", Role.AUTHOR))
        make_question(self.post)
        self.held = make_comment(self.post, make_user("nell"))

    def test_two_moderators_approve_once(self) -> None:
        outcomes = at_once(
            *(
                lambda by=by: actions.approve(self.held, by=by)
                for by in (self.moderator, self.admin) * 3
            )
        )
        assert sum(outcome.is_new for outcome in outcomes) == 1
        assert Decision.objects.count() == StanceRecord.objects.count() == 1
        assert Post.objects.get().comment_count == 1
        assert sum(stance.answer_count for stance in Stance.objects.all()) == 1

    def test_one_approves_and_one_removes_and_the_later_is_told(self) -> None:
        seen = actions.seen_token(self.held, None)
        outcomes = at_once(
            lambda: actions.approve(self.held, by=self.moderator, seen=seen),
            lambda: actions.remove(self.held, by=self.admin, reason="spam", seen=seen),
        )
        refused = [outcome for outcome in outcomes if isinstance(outcome, ActionRefused)]
        assert len(refused) == Decision.objects.count() == 1
        assert "this comment" in str(refused[0].message)
        state = Decision.objects.get().state_after
        assert Comment.objects.get(pk=self.held.pk).state == state

    def test_a_double_click_raises_one_flag(self) -> None:
        actions.approve(self.held, by=self.moderator)
        outcomes = at_once(
            *[lambda: actions.raise_flag(self.held, by=self.admin, reason="spam")] * 6
        )
        assert sum(outcome.is_new for outcome in outcomes) == Flag.objects.count() == 1

    def test_two_admins_cannot_leave_at_the_same_moment(self) -> None:
        other = make_user("ivan", Role.ADMIN)
        at_once(
            lambda: actions.revoke_role(self.admin, by=other, role=Role.ADMIN),
            lambda: actions.revoke_role(other, by=self.admin, role=Role.ADMIN),
        )
        assert RoleGrant.objects.filter(role=Role.ADMIN).count() == 1
        assert User.objects.filter(role_grants__role=Role.ADMIN).count() == 1

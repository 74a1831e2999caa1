"""Give tests a cast of people with every role, and a published post with a question."""

from datetime import timedelta
from typing import ClassVar
from unittest.mock import patch

from django.test import TestCase
from django.utils import timezone

from accounts.models import Role, User
from comments.ranking import constants
from core import limits
from posts.models import Post, Stance

from .factories import make_post, make_question, make_user, stances_by_key


class Cast(TestCase):
    """A test with people of every role, and a published post that asks a question.

    `reader` and `stranger` are published at once, comments of `newcomer` are held; `author` wrote
    the post, `other_author` did not; `suspended` may write nothing.
    """

    reader: ClassVar[User]
    stranger: ClassVar[User]
    newcomer: ClassVar[User]
    author: ClassVar[User]
    other_author: ClassVar[User]
    moderator: ClassVar[User]
    admin: ClassVar[User]
    suspended: ClassVar[User]
    # How long ago the post came out.
    out_for: ClassVar[timedelta] = timedelta(days=1)
    post: ClassVar[Post]
    stances: ClassVar[dict[str, Stance]]

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the people and the post, once for all tests of the class."""
        cls.reader = make_user("robin", is_demo=True)
        cls.stranger = make_user("sam", is_demo=True)
        cls.newcomer = make_user("nell")
        cls.author = make_user("ada", Role.AUTHOR)
        cls.other_author = make_user("otto", Role.AUTHOR)
        cls.moderator = make_user("june", Role.MODERATOR)
        cls.admin = make_user("ines", Role.ADMIN)
        cls.suspended = make_user("sven", is_demo=True)
        cls.suspended.suspended_until = timezone.now() + timedelta(days=3)
        cls.suspended.save(update_fields=["suspended_until"])
        cls.post = make_post(cls.author, published_at=timezone.now() - cls.out_for)
        make_question(cls.post)
        cls.stances = stances_by_key(cls.post)

    def settle_at_once(self) -> None:
        """Let reactions and verdicts count from the moment at which their readers answer."""
        self.enterContext(patch.object(constants, "SETTLED_AFTER", 0))

    def show_sides_at_once(self) -> None:
        """Let pages say from the first answer on what the readers of each answer think."""
        self.enterContext(patch.object(limits, "TOTALS_DOTS_FROM", 0))

    def sign_in(self, user: User) -> None:
        """Sign the test's client in as `user`."""
        self.client.force_login(user)

"""Make an author with a draft for tests of the authors' actions."""

from typing import ClassVar

from django.test import TestCase

from accounts.models import Role, User
from posts import actions
from posts.models import Post
from tests.factories import make_user

BODY = "Some people manage.\n\nMore will come. Others lead. More will come."


class AuthorCase(TestCase):
    """A test with an author and a draft."""

    author: ClassVar[User]
    draft: ClassVar[Post]

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the author and the draft, once for all tests of the class."""
        cls.author = make_user("ada", Role.AUTHOR)
        cls.draft = actions.save_draft(None, by=cls.author, title="Two words", body=BODY)

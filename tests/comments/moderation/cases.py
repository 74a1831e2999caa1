"""Make comments to moderate, and send moderators' forms."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import reverse

from comments.models import Comment
from comments.models.moderation import Decision, Flag
from tests.cast import Cast
from tests.factories import make_comment

HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


class Moderated(Cast):
    """The cast with a held comment, a flagged one, and one without a flag."""

    held: ClassVar[Comment]
    flagged: ClassVar[Comment]
    quiet: ClassVar[Comment]
    flag: ClassVar[Flag]

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the comments, once for all tests of the class."""
        super().setUpTestData()
        cls.quiet = make_comment(cls.post, cls.reader, cls.stances["same"], body="A quiet word.")
        cls.held = make_comment(cls.post, cls.newcomer, cls.stances["overlap"], body="My first.")
        cls.flagged = make_comment(
            cls.post, cls.reader, cls.stances["different"], parent=cls.quiet, body="You fool."
        )
        cls.flag = Flag.objects.create(
            comment=cls.flagged, reporter=cls.stranger, reason="attack", note="It calls me names."
        )

    def send(
        self, name: str, about: Any, data: Mapping[str, Any] | None = None, **extra: Any
    ) -> Any:
        """POST `data` to the resource `name` of a comment or a person."""
        about = about.pk if isinstance(about, Comment) else about
        return self.client.post(reverse(f"comments:{name}", args=[about]), data or {}, **extra)

    def get(self, name: str, *args: Any, **query: Any) -> Any:
        """GET a page of the discussion."""
        return self.client.get(reverse(f"comments:{name}", args=args), query)

    def decisions(self, **about: Any) -> list[Decision]:
        """Return the rows of the moderation log, oldest first."""
        return list(Decision.objects.filter(**about).order_by("id"))

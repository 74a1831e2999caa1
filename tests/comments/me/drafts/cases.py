"""Provide requests about drafts under one post, and their addresses."""

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast
from tests.factories import make_comment

WORDS = "Half a thought, and half of another."
SAVE = reverse("comments:draft")
THROW_AWAY = reverse("comments:draft-removal")
BRING_BACK = reverse("comments:draft-removal-undo")
LIST = reverse("comments:my-drafts")


class DraftCase(Cast):
    """Requests about drafts under the post of the cast."""

    def setUp(self) -> None:
        cache.clear()
        self.root = make_comment(self.post, self.stranger)
        lately = timezone.now() - timedelta(minutes=2)
        self.own = make_comment(self.post, self.reader, body="As it was posted.", now=lately)
        self.answer = reverse("comments:answer", args=[self.post.slug])
        self.sign_in(self.reader)

    def save(self, form: str = "", **typed: Any) -> Any:
        return self.client.post(SAVE, {"form": form or self.answer, "body": WORDS, **typed})

    def throw_away(self, form: str = "", **typed: Any) -> Any:
        return self.client.post(THROW_AWAY, {"form": form or self.answer, **typed})

    def bring_back(self, form: str = "", **typed: Any) -> Any:
        return self.client.post(BRING_BACK, {"form": form or self.answer, **typed})

    def queries_of(self, page: str) -> int:
        self.client.get(page)
        with CaptureQueriesContext(connection) as captured:
            self.client.get(page)
        return len(captured)

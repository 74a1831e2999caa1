"""The case of the tests of the composer: requests to its address."""

from typing import Any
from uuid import uuid4

from django.urls import reverse

from comments.models import Comment, StanceRecord
from tests.cast import Cast


class AnswerCase(Cast):
    """Requests to the composer's address."""

    def setUp(self) -> None:
        self.url = reverse("comments:answer", args=[self.post.slug])

    def send(self, *, htmx: bool = False, **changes: object) -> Any:
        data = {
            "stance": "different",
            "body": "Because of the rota.",
            "form_key": uuid4(),
            **changes,
        }
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(self.url, data, headers=headers)

    def assert_nothing_written(self) -> None:
        self.assertIs(Comment.objects.exists(), False)
        self.assertIs(StanceRecord.objects.exists(), False)

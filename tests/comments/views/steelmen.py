"""Make people and send forms for tests of steelmen."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from comments.models import Comment
from tests.cast import Cast
from tests.factories import make_comment, make_user

REASON = "One job, for whoever leads has to manage first."


class SteelmanCase(Cast):
    """The stranger answered Different months ago, and argues for Same."""

    def setUp(self) -> None:
        make_comment(self.post, self.stranger, self.stances["different"])
        self.url = reverse("comments:answer", args=[self.post.slug])

    def send(self, person: User, **changes: object) -> Any:
        """Send the composer as `person`."""
        client = Client()
        client.force_login(person)
        data = {"stance": "different", "argues_for": "same", "body": REASON, **changes}
        return client.post(self.url, data)

    def steelman(self, **changes: object) -> Comment:
        """Return a steelman for Same by the stranger, who answers Different."""
        assert self.send(self.stranger, **changes).status_code == 302
        return Comment.objects.select_related("author", "post").latest("pk")

    def holder(self, key: str = "same") -> User:
        """Return a new reader who answers `key`."""
        person = make_user(is_demo=True)
        client = Client()
        client.force_login(person)
        client.post(self.url, {"stance": key, "wish": "answer"})
        return person

    def public(self, url: str = "") -> str:
        return Client().get(url or self.post.get_absolute_url()).text

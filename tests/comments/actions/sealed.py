"""The case of tests about sealed answers."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.caching.pages import store
from posts.models import Authorship, SealedAnswer, Stance
from posts.pages import post_page
from tests.cast import Cast
from tests.factories import make_user
from tests.reauthenticated import client_of


class SealedCase(Cast):
    """Two authors, the first with a sealed answer, and readers who answer."""

    def setUp(self) -> None:
        Authorship.objects.create(post=self.post, user=self.other_author, position=1)
        self.url = self.post.get_absolute_url()
        self.studio = reverse("posts:studio-sealed-answer", args=[self.post.pk])
        self.answering = reverse("comments:answer", args=[self.post.slug])
        self.moment = timezone.now() + timedelta(days=30)
        store.clear()
        post_page.holed_pages.clear()

    def client_of(self, person: User | None) -> Client:
        return client_of(person) if person else Client()

    def seal(self, key: str, after: int | None = None) -> None:
        """Seal an answer of the author, by default for a month."""
        data = {"stance": key, "opens_at": f"{self.moment:%Y-%m-%dT%H:%M}"}
        if after:
            data = {"stance": key, "opens_after": str(after)}
        answer = self.client_of(self.author).post(self.studio, data)
        self.assertEqual(answer.status_code, 302)

    def let_the_moment_pass(self) -> None:
        now = timezone.now()
        SealedAnswer.objects.update(
            opens_at=now - timedelta(hours=1), sealed_at=now - timedelta(hours=2)
        )

    def answer(self, key: str = "same", person: User | None = None) -> User:
        """Let somebody answer without a comment."""
        person = person or make_user(is_demo=True)
        client = self.client_of(person)
        answer = client.post(self.answering, {"stance": key, "wish": "answer"})
        self.assertEqual(answer.status_code, 302)
        return person

    def total(self, key: str) -> int:
        return Stance.objects.get(pk=self.stances[key].pk).answer_count

    def page(self, person: User | None = None) -> str:
        return self.client_of(person).get(self.url).text

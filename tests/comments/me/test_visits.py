"""Test how visits that a browser remembers join the account of somebody who signs in."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.reading import visits
from core import limits
from posts.models import Post, Visit
from tests.cast import Cast
from tests.factories import make_comment, make_post


class JoinTests(Cast):
    """The browser hands over page versions by slug."""

    def setUp(self) -> None:
        for _comment in range(5):
            make_comment(self.post, self.stranger)
        self.post.refresh_from_db()
        self.url = reverse("comments:my-visits")
        self.sign_in(self.reader)

    def join(self, *seen: str) -> list[str]:
        answer = self.client.post(self.url, {"seen": "\n".join(seen)})
        self.assertEqual(answer.status_code, 200)
        changed: list[str] = answer.json()["changed"]
        return changed

    def known(self) -> int:
        """Return up to which version nothing is new at a visit that begins now."""
        return Visit.objects.get().seen

    def test_what_the_browser_saw_is_not_new_to_the_account(self) -> None:
        self.assertEqual(self.join(f"3 {self.post.slug}"), [self.post.slug])
        page = self.client.get(self.post.get_absolute_url())
        self.assertContains(page, "2 new comments since your last visit")

    def test_the_later_one_wins(self) -> None:
        ended = timezone.now() - timedelta(seconds=limits.VISIT_ENDS + 1)
        visits.read_up_to(self.post, 4, by=self.reader, now=ended)
        self.assertEqual(self.join(f"2 {self.post.slug}"), [])
        self.assertEqual(self.known(), 4)
        self.assertEqual(self.join(f"5 {self.post.slug}"), [self.post.slug])
        self.assertEqual(self.known(), 5)
        self.assertEqual(self.join(f"5 {self.post.slug}"), [])

    def test_it_does_not_begin_a_visit(self) -> None:
        self.join(f"3 {self.post.slug}")
        visits.read_up_to(self.post, 5, by=self.reader)
        self.assertEqual((Visit.objects.get().before, Visit.objects.get().seen), (3, 5))

    def test_many_at_once_and_no_more_than_a_browser_has(self) -> None:
        other = make_post(self.author)
        make_comment(other, self.stranger)
        self.join(f"1 {self.post.slug}", f"1 {other.slug}")
        self.assertEqual(Visit.objects.count(), 2)
        Visit.objects.all().delete()
        self.join(*["1 nowhere"] * 200, f"1 {self.post.slug}")
        self.assertFalse(Visit.objects.exists())

    def test_what_it_does_not_understand_it_passes_over(self) -> None:
        draft = make_post(self.author, published_at=None)
        bad = ("", "x", f"x {self.post.slug}", "1 ", "1", f"-1 {self.post.slug}", "1 \0", "9" * 40)
        self.assertEqual(self.join(*bad, f"1 {draft.slug}"), [])
        self.assertFalse(Visit.objects.exists())

    def test_a_version_that_no_page_had_hides_nothing(self) -> None:
        self.join(f"{2**62} {self.post.slug}")
        self.assertEqual(self.known(), Post.objects.get(pk=self.post.pk).page_version)

    def test_somebody_signed_out_and_other_methods(self) -> None:
        self.assertEqual(Client().post(self.url, {"seen": "1 x"}).status_code, 403)
        self.assertEqual(self.client.get(self.url).status_code, 405)

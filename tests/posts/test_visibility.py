"""Test the visibility of posts and series on every page, before and after publication."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.utils import timezone

from posts import actions
from posts.actions import PartInput
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_post, make_question, make_series

SECRET = "sentinel-of-an-unpublished-post"
PUBLIC_PAGES = (
    *("/", "/archive/", "/archive/?by=series", "/series/", "/series/s/"),
    *("/feeds/posts/", "/sitemap.xml", "/about/"),
)


class PostVisibilityTest(Cast):
    """Draft, scheduled and published posts, for every role."""

    draft: ClassVar[Post]
    scheduled: ClassVar[Post]

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        tomorrow = timezone.now() + timedelta(days=1)
        words = {"title": SECRET, "body": SECRET, "standfirst": SECRET}
        cls.draft = make_post(cls.author, slug=f"{SECRET}-a", published_at=None, **words)
        cls.scheduled = make_post(cls.author, slug=f"{SECRET}-b", published_at=tomorrow, **words)
        make_question(cls.scheduled, text=SECRET)
        series = make_series(cls.author, slug="s", title="A series")
        actions.set_parts(
            series,
            [
                PartInput("Published part", post_id=cls.post.pk),
                PartInput("Announced part", post_id=cls.draft.pk),
                PartInput("Another announced part", post_id=cls.scheduled.pk),
            ],
        )

    def status(self, post: Post) -> int:
        return self.client.get(post.get_absolute_url()).status_code

    def test_everyone_sees_what_is_published(self) -> None:
        assert self.status(self.post) == 200
        for person in (self.reader, self.other_author, self.moderator, self.suspended):
            self.sign_in(person)
            assert self.status(self.post) == 200

    def test_nobody_else_sees_what_is_not(self) -> None:
        for post in (self.draft, self.scheduled):
            assert self.status(post) == 404
            for person in (self.reader, self.newcomer, self.other_author, self.moderator):
                with self.subTest(post=post.slug, person=person.handle):
                    self.sign_in(person)
                    assert self.status(post) == 404
            self.client.logout()

    def test_its_authors_and_admins_see_it_and_no_robot_lists_it(self) -> None:
        for post in (self.draft, self.scheduled):
            for person in (self.author, self.admin):
                with self.subTest(post=post.slug, person=person.handle):
                    self.sign_in(person)
                    response = self.client.get(post.get_absolute_url())
                    self.assertContains(response, SECRET)
                    self.assertContains(response, '<meta name="robots" content="noindex">')
                    self.assertNotContains(response, "og:title")
                    assert response["X-Robots-Tag"] == "noindex"
                    assert response["Cache-Control"] == "private, no-store"

    def test_time_alone_publishes(self) -> None:
        at = timezone.now() - timedelta(microseconds=1)
        Post.objects.filter(pk=self.scheduled.pk).update(published_at=at)
        assert self.status(self.scheduled) == 200

    def test_a_query_on_time_is_exact(self) -> None:
        moment: datetime = self.scheduled.published_at  # type: ignore[assignment]
        assert self.scheduled in Post.objects.published(moment)
        assert self.scheduled not in Post.objects.published(moment - timedelta(microseconds=1))

    def test_no_door_leads_to_it(self) -> None:
        pages = (*PUBLIC_PAGES, self.post.get_absolute_url())
        for person in (None, self.reader, self.moderator):
            if person:
                self.sign_in(person)
            for page in pages:
                with self.subTest(page=page, person=person):
                    response = self.client.get(page)
                    assert response.status_code == 200
                    self.assertNotContains(response, SECRET)

    def test_the_series_announces_it_by_its_announced_title(self) -> None:
        response = self.client.get("/series/s/")
        self.assertContains(response, "Announced part")
        self.assertContains(response, "1 of 3 announced parts published")


class SeriesVisibilityTest(Cast):
    """A series is public once one of its parts is."""

    def test_before_and_after_its_first_part(self) -> None:
        series = make_series(self.author, slug="s")
        draft = make_post(self.author, published_at=None)
        actions.set_parts(series, [PartInput("One", post_id=draft.pk)])
        for person, status in (
            (None, 404),
            (self.reader, 404),
            (self.other_author, 404),
            (self.moderator, 404),
            (self.author, 200),
            (self.admin, 200),
        ):
            with self.subTest(person=person):
                if person:
                    self.sign_in(person)
                assert self.client.get("/series/s/").status_code == status
        self.assertContains(self.client.get("/series/s/"), "noindex")
        self.client.logout()
        self.assertNotContains(self.client.get("/series/"), series.title)
        actions.publish(draft, by=self.author)
        self.assertContains(self.client.get("/series/"), series.title)
        assert self.client.get("/series/s/").status_code == 200

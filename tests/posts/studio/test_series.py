"""Test series and their parts in the studio."""

from typing import Any

from django.urls import reverse

from posts.models import Part, Series
from tests.accounts.drafts.test_kept import next_of
from tests.cast import Cast
from tests.factories import make_post, make_series

from .forms import fields_of

NEW = "/studio/series/new/"


class SeriesTests(Cast):
    """Title, address and description of a series."""

    def setUp(self) -> None:
        self.sign_in(self.author)

    def test_beginning_one(self) -> None:
        form = fields_of(self.client, NEW, holding="title")
        answer = self.client.post(NEW, form | {"title": "On asking", "description": "*All* of it."})
        series = Series.objects.get(slug="on-asking")
        self.assertRedirects(answer, reverse("posts:studio-series", args=[series.pk]))
        self.assertEqual(series.owner, self.author)
        self.assertIn("<em>All</em>", series.description_html)

    def test_twice_is_once(self) -> None:
        form = fields_of(self.client, NEW, holding="title") | {"title": "On asking"}
        for _click in range(2):
            self.client.post(NEW, form)
        self.assertEqual(Series.objects.filter(title="On asking").count(), 1)

    def test_changing_it(self) -> None:
        series = make_series(self.author, title="Old", slug="old")
        url = reverse("posts:studio-series", args=[series.pk])
        form = fields_of(self.client, url, holding="standfirst")
        self.client.post(url, form | {"title": "New", "slug": "new"})
        series.refresh_from_db()
        self.assertEqual((series.title, series.slug), ("New", "new"))

    def test_what_is_wrong_comes_back(self) -> None:
        taken = make_series(self.other_author)
        wrong = {"title": "", "description": "Kept words.", "slug": taken.slug}
        answer = self.client.post(NEW, wrong)
        self.assertContains(answer, "Kept words.", status_code=422)
        self.assertContains(answer, "Another series has this address", status_code=422)
        series = make_series(self.author)
        url = reverse("posts:studio-series", args=[series.pk])
        answer = self.client.post(url, {"title": "T", "description": "> " * 3_000 + "deep"})
        self.assertContains(answer, "deep", status_code=422)

    def test_who_may(self) -> None:
        series = make_series(self.author)
        Part.objects.create(series=series, position=1, title="P", post=self.post)
        hidden = make_series(self.author)
        for person, statuses in {
            self.other_author: (403, 404),
            self.reader: (403, 403),
            self.moderator: (403, 403),
            self.suspended: (403, 403),
        }.items():
            self.sign_in(person)
            for one, status in zip((series, hidden), statuses, strict=True):
                url = reverse("posts:studio-series", args=[one.pk])
                self.assertEqual(self.client.get(url).status_code, status)
                self.assertEqual(self.client.post(url, {"title": "Mine"}).status_code, status)
        self.client.logout()
        self.assertEqual(self.client.post(NEW, {"title": "Mine"}).status_code, 302)
        self.assertFalse(Series.objects.filter(title="Mine").exists())
        self.sign_in(self.admin)
        self.assertEqual(self.client.put(NEW).status_code, 405)
        url = reverse("posts:studio-series", args=[hidden.pk])
        self.assertEqual(self.client.get(url).status_code, 200)

    def test_a_lost_session_gives_it_back(self) -> None:
        self.client.logout()
        waits_at = next_of(self.client.post(NEW, {"title": "Typed long"}))
        self.client.force_login(self.author)
        self.assertContains(self.client.get(waits_at), "Typed long")


class PartTests(Cast):
    """The parts of a series."""

    def setUp(self) -> None:
        self.sign_in(self.author)
        self.series = make_series(self.author)
        self.parts = [
            Part.objects.create(series=self.series, position=number, title=title)
            for number, title in enumerate("ABC", start=1)
        ]
        self.home = reverse("posts:studio-series", args=[self.series.pk])

    def url(self, name: str, part: Part) -> str:
        return reverse(f"posts:studio-part{name}", args=[self.series.pk, part.pk])

    def order(self) -> str:
        return "".join(self.series.parts.values_list("title", flat=True))

    def add(self, **words: Any) -> Any:
        url = reverse("posts:studio-parts", args=[self.series.pk])
        return self.client.post(url, {f"part-{name}": value for name, value in words.items()})

    def test_announcing_one(self) -> None:
        for _click in range(2):
            self.assertRedirects(self.add(title="D", summary="Last."), self.home)
        self.assertEqual(self.order(), "ABCD")

    def test_announcing_one_that_is_written(self) -> None:
        self.add(title="D", post=str(self.post.pk))
        self.assertEqual(self.series.parts.get(position=4).post, self.post)
        answer = self.add(title="E", post=str(self.post.pk))
        self.assertContains(answer, "part of a series by now", status_code=422)

    def test_a_part_without_a_title_comes_back(self) -> None:
        answer = self.add(title=" ", summary="Kept words.")
        self.assertContains(answer, "Kept words.", status_code=422)
        self.assertContains(answer, "#id_part-title", status_code=422)

    def test_anothers_post_cannot_be_taken(self) -> None:
        theirs = make_post(self.other_author)
        self.assertEqual(self.add(title="D", post=str(theirs.pk)).status_code, 422)

    def test_moving(self) -> None:
        for part, direction, order in ((2, "up", "ACB"), (0, "down", "CAB"), (1, "down", "CAB")):
            self.client.post(self.url("-move", self.parts[part]), {"direction": direction})
            self.assertEqual(self.order(), order)
        self.client.post(self.url("-move", self.parts[2]), {"direction": "up"})
        self.assertEqual(self.order(), "CAB")

    def test_a_visit_moves_nothing(self) -> None:
        self.assertEqual(self.client.get(self.url("-move", self.parts[2])).status_code, 302)
        self.assertEqual(self.order(), "ABC")
        self.assertEqual(self.client.put(self.url("-move", self.parts[2])).status_code, 405)

    def test_changing_it_and_saying_which_post_it_is(self) -> None:
        url = self.url("", self.parts[1])
        form = fields_of(self.client, url, holding="summary")
        self.client.post(url, form | {"title": "B!", "post": str(self.post.pk)})
        part = Part.objects.get(pk=self.parts[1].pk)
        self.assertEqual((part.title, part.post, part.position), ("B!", self.post, 2))

    def test_taking_one_out(self) -> None:
        url = self.url("-removal", self.parts[1])
        self.assertContains(self.client.get(url), "from the series?")
        self.assertRedirects(self.client.post(url), self.home)
        self.assertEqual(self.order(), "AC")
        self.assertEqual(self.client.post(url).status_code, 404)

    def test_a_published_part_stays(self) -> None:
        Part.objects.filter(pk=self.parts[1].pk).update(post=self.post)
        answer = self.client.post(self.url("-removal", self.parts[1]), follow=True)
        self.assertContains(answer, "stays in its series")
        self.assertEqual(self.order(), "ABC")

    def test_who_may(self) -> None:
        urls = [self.url(name, self.parts[0]) for name in ("", "-move", "-removal")]
        urls.append(reverse("posts:studio-parts", args=[self.series.pk]))
        for person, status in {
            self.other_author: 404,
            self.reader: 403,
            self.moderator: 403,
            self.suspended: 403,
        }.items():
            self.sign_in(person)
            for url in urls:
                self.assertEqual(self.client.post(url, {"title": "Mine"}).status_code, status)
        self.client.logout()
        for url in urls:
            self.assertEqual(self.client.post(url, {"title": "Mine"}).status_code, 302)
        self.assertEqual(self.order(), "ABC")

    def test_a_part_of_another_series_is_not_here(self) -> None:
        other = make_series(self.author)
        url = reverse("posts:studio-part", args=[other.pk, self.parts[0].pk])
        self.assertEqual(self.client.get(url).status_code, 404)

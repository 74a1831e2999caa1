"""Test the feed, the sitemap and `robots.txt`."""

from datetime import timedelta
from xml.etree import ElementTree

from django.test import Client
from django.utils import timezone

from posts import actions
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_post, make_series

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class PostFeedTest(Cast):
    """Atom by RFC 4287, with the whole text."""

    def feed(self) -> ElementTree.Element:
        response = self.client.get("/feeds/posts/")
        assert response.status_code == 200
        assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
        return ElementTree.fromstring(response.content)  # noqa: S314 - our own

    def test_what_a_feed_must_have(self) -> None:
        feed = self.feed()
        assert feed.tag == f"{ATOM}feed"
        for element in (feed, *feed.iter(f"{ATOM}entry")):
            for name in ("id", "title", "updated"):
                assert len(element.findall(f"{ATOM}{name}")) == 1, name
            assert element.findtext(f"{ATOM}id", "").startswith("tag:testserver,")
        self_link = feed.find(f"{ATOM}link[@rel='self']")
        assert self_link is not None
        assert self_link.get("href") == "http://testserver/feeds/posts/"

    def test_an_entry_is_the_whole_post(self) -> None:
        entry = self.feed().find(f"{ATOM}entry")
        assert entry is not None
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert content.text == self.post.live_revision.body_html  # type: ignore[union-attr]
        assert content.get("type") == "html"
        assert content.get(f"{XML}lang") == "en"
        assert [name.text for name in entry.iter(f"{ATOM}name")] == [self.author.display_name]
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert link.get("href") == f"http://testserver{self.post.get_absolute_url()}"

    def test_ids_outlive_addresses(self) -> None:
        before = self.feed().findtext(f"{ATOM}entry/{ATOM}id")
        Post.objects.filter(pk=self.post.pk).update(slug="moved")
        assert self.feed().findtext(f"{ATOM}entry/{ATOM}id") == before

    def test_a_change_shows_as_an_update(self) -> None:
        before = self.feed().findtext(f"{ATOM}entry/{ATOM}updated", "")
        later = timezone.now() + timedelta(hours=1)
        actions.save_draft(self.post, by=self.author, title="T", body="Better.", now=later)
        actions.publish(self.post, by=self.author)
        assert self.feed().findtext(f"{ATOM}entry/{ATOM}updated", "") > before

    def test_signs_that_mean_something_in_xml(self) -> None:
        hostile = "<b> & ]]> “x”"
        make_post(self.author, title=hostile, standfirst=hostile, body="a < b & c\n\n`]]>`")
        feed = self.feed()
        assert hostile in [title.text for title in feed.iter(f"{ATOM}title")]
        summaries = [summary.text for summary in feed.iter(f"{ATOM}summary")]
        assert "&lt;b&gt; &amp; ]]&gt; “x”" in summaries

    def test_a_post_without_standfirst_has_no_summary(self) -> None:
        before = len(list(self.feed().iter(f"{ATOM}summary")))
        make_post(self.author, standfirst="")
        assert len(list(self.feed().iter(f"{ATOM}summary"))) == before

    def test_the_newest_twenty_and_no_more(self) -> None:
        for _number in range(25):
            make_post(self.author)
        assert len(self.feed().findall(f"{ATOM}entry")) == 20

    def test_unchanged_it_is_not_sent_again(self) -> None:
        tag = self.client.get("/feeds/posts/")["ETag"]
        again = Client().get("/feeds/posts/", headers={"if-none-match": tag})
        assert again.status_code == 304

    def test_the_front_page_points_to_it(self) -> None:
        self.assertContains(self.client.get("/"), 'type="application/atom+xml"')


class SitemapTest(Cast):
    """All public pages by their canonical addresses."""

    def addresses(self) -> dict[str, str]:
        response = self.client.get("/sitemap.xml", headers={"host": "localhost"})
        assert response.status_code == 200
        sitemap = ElementTree.fromstring(response.content)  # noqa: S314 - our own
        return {
            url.findtext(f"{SITEMAP}loc", ""): url.findtext(f"{SITEMAP}lastmod", "")
            for url in sitemap.iter(f"{SITEMAP}url")
        }

    def test_posts_series_and_pages(self) -> None:
        series = make_series(self.author, slug="begun")
        make_series(self.author, slug="not-begun")
        actions.set_parts(series, [actions.PartInput("One", post_id=self.post.pk)])
        assert set(self.addresses()) == {
            "http://testserver/",
            "http://testserver/archive/",
            "http://testserver/series/",
            "http://testserver/about/",
            "http://testserver/series/begun/",
            f"http://testserver{self.post.get_absolute_url()}",
        }
        changed = self.addresses()[f"http://testserver{self.post.get_absolute_url()}"]
        assert changed == f"{timezone.now():%Y-%m-%d}"

    def test_robots_are_told_what_to_leave_alone(self) -> None:
        response = self.client.get("/robots.txt")
        assert response["Content-Type"].startswith("text/plain")
        self.assertContains(response, "Disallow: /studio/")
        self.assertContains(response, "Sitemap: http://testserver/sitemap.xml")

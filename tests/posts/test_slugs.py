"""Test the addresses of posts and series: readable in any script, and encoded where they go."""

from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.test import Client

from posts import actions
from posts.models import Post
from posts.slugs import SLUG_LENGTH, is_slug, slug_of
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_question

SLUGS = [
    ("Management and leadership", "management-and-leadership"),
    ("経営と指導", "経営と指導"),
    ("経営、指導。", "経営-指導"),
    ("Привет, мир!", "привет-мир"),
    ("Мой дом", "мой-дом"),
    ("हिन्दी में लेख", "हिन्दी-में-लेख"),
    ("שלום לכולם", "שלום-לכולם"),
    ("می\u200cخواهم", "میخواهم"),
    ("지도자와 관리자", "지도자와-관리자"),
    ("Café résumé", "cafe-resume"),
    ("Tiếng Việt", "tieng-viet"),
    ("Die Straße — warum?", "die-straße-warum"),
    ("What it's worth: 3.5", "what-its-worth-3-5"),
    ("１２ ﬁsh", "12-fish"),
    ("a/b?c#d%20e", "a-b-c-d-20e"),
    ("-", ""),
    ("… !?", ""),
    ("\u0301", ""),
    ("❤\ufe0f", ""),
    ("I ❤\ufe0f code 1\ufe0f\u20e3", "i-code-1\u20e3"),
    ("a\u3164b\u034f - \u0e31\u0e35c", "ab-c"),
    ("\ufe70\ufe72", ""),
    ("x" * 200, "x" * SLUG_LENGTH),
]
# What nobody sees, or sees on another character than that of the address.
BLANK = ["a\u3164", "a\ufe0f", "a\u034f", "a\U000e0101", "a-\u0301b", "\u0301a"]


@pytest.mark.parametrize(("title", "slug"), SLUGS)
def test_a_title_stays_readable_in_its_address(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@pytest.mark.parametrize(
    "text", ["", "-", "--", "_", "\u0301", "a b", "a/b", "a.b", "a\u202e", "🙂", *BLANK]
)
def test_what_is_no_slug(text: str) -> None:
    assert not is_slug(text)


class AddressTest(Cast):
    """Pages of a post with an address that is not ASCII."""

    SLUG = "経営と指導"

    def setUp(self) -> None:
        self.other = make_post(self.author, slug=self.SLUG, title=self.SLUG)
        make_question(self.other)
        self.path = f"/posts/{quote(self.SLUG)}/"

    def test_every_page_of_the_post_is_there(self) -> None:
        assert self.other.get_absolute_url() == self.path
        for more in ("", "answer/", "stances/", "stances.csv", "stances.json", "data.zip"):
            assert self.client.get(self.path + more).status_code == 200, more
        comment = make_comment(self.other, self.reader, self.other.question.stances.all()[0])
        found = self.client.get(f"/comments/{comment.pk}/")
        assert found["Location"] == f"{self.path}#comment-{comment.pk}"

    def test_another_way_of_composing_it_leads_there(self) -> None:
        make_post(self.author, slug="мой-дом")
        assert self.client.get("/posts/" + quote("мои\u0306-дом") + "/").status_code == 200

    def test_files_are_named_after_it(self) -> None:
        named = self.client.get(self.path + "stances.csv")["Content-Disposition"]
        assert named == f"attachment; filename*=utf-8''{quote(self.SLUG)}.csv"

    def test_feed_and_sitemap_encode_it(self) -> None:
        for address in ("/feeds/posts/", "/sitemap.xml"):
            told = self.client.get(address).content
            assert f"http://testserver{self.path}".encode() in told
            assert ElementTree.fromstring(told) is not None

    def test_no_post_is_no_error(self) -> None:
        for slug in ("-", "%00", "%ED%A0%80", "a.b", quote("🙂"), quote("あ" * 90), "%FF"):
            assert self.client.get(f"/posts/{slug}/").status_code == 404, slug


class StudioAddressTest(Cast):
    """Authors may set the address of a draft."""

    def save(self, slug: str) -> tuple[Client, Post, int]:
        post = actions.save_draft(None, by=self.author, title="T", body="Words.")
        self.client.force_login(self.author)
        page = f"/studio/posts/{post.pk}/"
        form = self.client.get(page).context["form"]
        sent = {name: form[name].value() or "" for name in form.fields} | {"slug": slug}
        answer = self.client.post(page, sent)
        return self.client, Post.objects.get(pk=post.pk), answer.status_code

    def test_any_script(self) -> None:
        _client, post, status = self.save("Привет-Мир")
        assert (post.slug, status) == ("привет-мир", 302)

    def test_full_width_letters_are_the_usual_ones(self) -> None:
        _client, post, status = self.save("ＡＢc")
        assert (post.slug, status) == ("abc", 302)

    def test_a_title_of_nothing_but_a_picture_has_a_page(self) -> None:
        post = actions.save_draft(None, by=self.author, title="❤\ufe0f", body="Words.")
        self.client.force_login(self.author)
        assert self.client.get(post.get_absolute_url()).status_code == 200

    def test_what_cannot_be_one_is_refused(self) -> None:
        for slug in ("-", "a b", "../x", "a\u202eb", "İ" * 60, *BLANK):
            _client, post, status = self.save(slug)
            assert (post.slug[0], status) == ("t", 422), slug

"""Test the discussion on the post page: its markup, its variants for people, its queries."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments.actions import states
from comments.models import Comment, CommentState
from core.caching.pages import store
from tests.cast import Cast
from tests.factories import make_comment, make_user

PUBLIC_QUERIES = 3
PERSONAL_QUERIES = 8


class MarkupTests(Cast):
    """Attributes that external programs rely on."""

    def test_a_comment_carries_its_hooks(self) -> None:
        root = make_comment(self.post, self.reader, self.stances["overlap"])
        note = make_comment(self.post, self.moderator, parent=root)
        page = self.client.get(self.post.get_absolute_url()).content.decode()
        self.assertIn(f'id="comment-{root.pk}" data-comment-id="{root.pk}"', page)
        self.assertIn('data-depth="0" data-stance="overlap"', page)
        head = page.split(f'id="comment-{note.pk}"')[1].split(">")[0]
        self.assertIn('data-depth="1"', head)
        self.assertNotIn("data-stance", head)

    def test_the_composer_carries_its_hooks(self) -> None:
        self.sign_in(self.reader)
        page = self.client.get(self.post.get_absolute_url()).content.decode()
        form = page.split("data-composer")[1].split("</form>")[0]
        for name in ('name="stance"', 'value="different"', 'name="body"', 'name="parent"'):
            self.assertIn(name, form)
        self.assertNotIn("checked", form)

    def test_totals_speak_only_once_there_are_enough(self) -> None:
        url = self.post.get_absolute_url()
        people = [make_user(f"voter{n}", is_demo=True) for n in range(20)]
        for person in people[:4]:
            make_comment(self.post, person, self.stances["same"])
        self.assertNotContains(self.client.get(url), "data-count")
        self.assertContains(self.client.get(url), "<b>4 readers</b>")
        make_comment(self.post, people[4], self.stances["different"])
        self.assertContains(
            self.client.get(url), 'data-stance="same" data-colour="orange" data-count="4"'
        )
        self.assertNotContains(self.client.get(url), "tally-bar")
        for person in people[5:]:
            make_comment(self.post, person, self.stances["overlap"])
        self.assertContains(self.client.get(url), "tally-bar")


class PublicPageTests(Cast):
    """The public page, the same for everyone and without forms."""

    def setUp(self) -> None:
        root = make_comment(self.post, self.reader)
        make_comment(self.post, self.stranger, parent=root)

    def test_the_public_face_has_no_token_no_form_and_no_cookie(self) -> None:
        answer = self.client.get(self.post.get_absolute_url())
        self.assertNotContains(answer, "csrfmiddlewaretoken")
        self.assertNotContains(answer, 'method="post"')
        self.assertNotIn("Set-Cookie", answer.headers)
        self.assertIn("public", answer.headers["Cache-Control"])

    def test_two_people_and_a_visitor_never_see_each_others_bytes(self) -> None:
        url = self.post.get_absolute_url()
        faces = {}
        for name, person in {"reader": self.reader, "stranger": self.stranger}.items():
            client = Client()
            client.force_login(person)
            answer = client.get(url)
            self.assertEqual(answer.headers["Cache-Control"], "private, no-store")
            faces[name] = answer.content.decode()
        public = Client().get(url).content
        self.assertEqual(public, Client(headers={"HX-Request": "true"}).get(url).content)
        self.assertNotIn(b"/me/", public)
        self.assertIn(f"/comments/{Comment.objects.first().pk}/deletion/", faces["reader"])  # type: ignore[union-attr]
        self.assertNotIn(
            f"/comments/{Comment.objects.first().pk}/deletion/",  # type: ignore[union-attr]
            faces["stranger"],
        )

    def test_nonsense_in_the_address_is_not_found(self) -> None:
        url = self.post.get_absolute_url()
        for query in ("after=garbage", "sort=hot", "stance=maybe", "thread=x", "thread=99999"):
            with self.subTest(query):
                self.assertEqual(self.client.get(f"{url}?{query}").status_code, 404)
        self.assertEqual(self.client.get(f"{url}?page=-1&size=-5").status_code, 200)

    def test_filter_and_sorts_are_links(self) -> None:
        page = self.client.get(f"{self.post.get_absolute_url()}?stance=different&sort=newest")
        self.assertContains(page, "?stance=different#discussion")
        self.assertContains(page, "above--shown")


class NewSinceLinkTests(Cast):
    """The link to new comments at the head of the discussion."""

    def test_the_head_leads_to_it_on_both_faces_and_on_every_page(self) -> None:
        empty = self.client.get(self.post.get_absolute_url())
        self.assertNotContains(empty, "sorts__since")
        for _thread in range(3):
            make_comment(self.post, self.reader, self.stances["same"])
        self.post.refresh_from_db()
        link = f'class="sorts__since" href="{self.post.get_absolute_url()}?since='
        personal = Client()
        personal.force_login(self.reader)
        for client in (Client(), personal):
            for query in ("", "?size=1&sort=oldest", "?stance=same"):
                page = client.get(f"{self.post.get_absolute_url()}{query}").text
                self.assertEqual(page.count(link), 1, query)
                since = page[page.index(link) + len(link) :].split("&")[0].split("#")[0]
                self.assertEqual(since, str(self.post.page_version))
        make_comment(self.post, self.stranger, self.stances["same"], body="Fresh words.")
        news = Client().get(f"{self.post.get_absolute_url()}?since={since}")
        self.assertContains(news, "1 new comment since then")
        self.assertContains(news, "Fresh words.")


class TombstoneTests(Cast):
    """The text in place of a removed or deleted comment."""

    def test_a_removed_comment_says_why_and_not_what(self) -> None:
        root = make_comment(self.post, self.reader, body="Terrible words.")
        make_comment(self.post, self.stranger, parent=root)
        states.change_state(root, to=CommentState.REMOVED, removed_reason="attack")
        page = self.client.get(self.post.get_absolute_url())
        self.assertContains(page, "attacks a person, not an argument")
        self.assertNotContains(page, "Terrible words.")


class QueryCountTests(Cast):
    """The number of queries, the same at any size."""

    def queries(self, client: Client) -> int:
        client.get(self.post.get_absolute_url())  # fills the cache of the page's frame
        store.clear()
        with CaptureQueriesContext(connection) as captured:
            self.assertEqual(client.get(self.post.get_absolute_url()).status_code, 200)
        return len(captured)

    def grow(self, threads: int) -> None:
        for _thread in range(threads):
            root = make_comment(self.post, self.reader, self.stances["same"])
            make_comment(self.post, self.stranger, self.stances["overlap"], parent=root)

    def test_public_and_personal_pages(self) -> None:
        personal = Client()
        personal.force_login(self.reader)
        personal.get("/about/")  # the first page of a session also notes when it began
        self.grow(2)
        small = self.queries(Client()), self.queries(personal)
        self.grow(30)
        large = self.queries(Client()), self.queries(personal)
        self.assertEqual(small, large)
        self.assertLessEqual(large[0], PUBLIC_QUERIES)
        self.assertLessEqual(large[1], PERSONAL_QUERIES)

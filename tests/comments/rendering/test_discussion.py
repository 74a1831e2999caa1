"""Test the discussion on the post page: its markup, its variants for people, its queries."""

from unittest.mock import patch

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments.actions import states
from comments.models import Comment, CommentState
from comments.rendering import context, titles
from core.caching.pages import store
from posts.models import Question, Stance
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_question, make_user

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
        self.assertEqual(page.count("<span>A note, not an answer</span>"), 1)

    def test_the_composer_carries_its_hooks(self) -> None:
        self.sign_in(self.reader)
        page = self.client.get(self.post.get_absolute_url()).content.decode()
        form = page.split("data-composer")[1].split("</form>")[0]
        for name in ('name="stance"', 'value="different"', 'name="body"', 'name="parent"'):
            self.assertIn(name, form)
        self.assertNotIn("checked", form)

    def test_the_words_of_an_answer_take_the_place_of_no_value(self) -> None:
        # Numbers that once stood for values, of which one was none of the form.
        for number in ("7040910035030806", "7040910995030806"):
            with self.subTest(number):
                Stance.objects.filter(pk=self.stances["same"].pk).update(word=number)
                self.sign_in(self.reader)
                answer = self.client.get(self.post.get_absolute_url())
                self.assertContains(answer, number)

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
        self.assertNotIn(b"/me/notifications/", public)
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


class HeadTests(Cast):
    """The head of the discussion: the list's count, its answers, its order, what is new."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Make two comments for one answer and one for another, and others that do not count."""
        super().setUpTestData()
        same, overlap = cls.stances["same"], cls.stances["overlap"]
        root = make_comment(cls.post, cls.reader, same)
        make_comment(cls.post, cls.stranger, overlap, parent=root)
        make_comment(cls.post, cls.reader, same, parent=root)
        make_comment(cls.post, cls.moderator, parent=root)
        gone = make_comment(cls.post, cls.reader, same)
        make_comment(cls.post, cls.stranger, overlap, parent=gone)
        states.change_state(gone, to=CommentState.REMOVED, removed_reason="attack")
        make_comment(cls.post, cls.newcomer, same)  # held
        cls.post.refresh_from_db()

    def head(self, query: str = "", client: Client | None = None) -> str:
        page = (client or self.client).get(f"{self.post.get_absolute_url()}{query}").text
        return page.split('id="discussion"')[1].split("</header>")[0]

    def titles(self, client: Client | None = None) -> list[str]:
        queries = ("", "?stance=same", "?stance=overlap", "?stance=different", "?since=0")
        heads = [self.head(query, client) for query in queries]
        return [head.split('id="discussion-title">')[1].split("<")[0] for head in heads]

    def test_the_count_is_that_of_the_list(self) -> None:
        counted = ["5 comments", "2 of 5 comments", "2 of 5 comments", "None of 5 comments"]
        self.assertEqual(self.titles()[:4], counted)
        self.assertEqual(self.titles()[4], "5 of 5 comments")
        self.sign_in(self.newcomer)
        self.assertEqual(self.titles()[:4], counted)
        first = self.head("?stance=same&size=1")
        self.assertIn("2 of 5 comments", first)

    def test_a_long_list_is_counted_up_to_a_limit(self) -> None:
        with patch.object(context, "LISTED_TO", 1), patch.object(titles, "LISTED_TO", 1):
            context._stances.cache_clear()
            self.addCleanup(context._stances.cache_clear)
            self.assertIn("More than 1 of 5 comments", self.head("?stance=same"))

    def test_a_comment_that_waits_is_in_the_list_of_its_answer_alone(self) -> None:
        self.sign_in(self.newcomer)
        url = self.post.get_absolute_url()
        for query, number in (("", 1), ("?stance=same", 1), ("?stance=overlap", 0)):
            page = self.client.get(f"{url}{query}")
            self.assertContains(page, "Only you see this yet.", count=number, msg_prefix=query)

    def test_a_list_of_one_answer_is_counted_by_no_further_query(self) -> None:
        for person in (None, self.reader):
            client = Client()
            if person:
                client.force_login(person)
            self.head(client=client)
            asked = []
            for query in ("?sort=oldest", "?stance=same&sort=oldest"):
                store.clear()
                with CaptureQueriesContext(connection) as captured:
                    self.head(query, client)
                asked.append(len(captured))
            self.assertEqual(asked[0], asked[1])

    def test_hidden_totals_are_not_told_by_the_count(self) -> None:
        question = self.post.question
        question.reveal = Question.Reveal.AFTER_ANSWER
        question.save(update_fields=["reveal"])
        store.clear()
        hidden = [f"Comments that answer {word}" for word in ("Same", "Overlap", "Different")]
        self.assertEqual(self.titles()[:4], ["5 comments", *hidden])
        self.sign_in(self.reader)
        self.assertEqual(self.titles()[1], "2 of 5 comments")

    def test_one_comment_and_none(self) -> None:
        post = make_post(self.author)
        self.assertContains(self.client.get(post.get_absolute_url()), "No comments yet")
        self.assertNotContains(self.client.get(post.get_absolute_url()), "discussion.js")
        question = make_question(post)
        self.assertContains(self.client.get(post.get_absolute_url()), "No comments yet")
        make_comment(post, self.reader, question.stances.first())
        page = self.client.get(post.get_absolute_url())
        self.assertContains(page, '<h2 id="discussion-title">1 comment</h2>')

    def test_the_order_shown_is_named_and_the_answer_marked(self) -> None:
        head = self.head("?stance=same&sort=newest")
        self.assertIn("Order: <b>Newest</b>", head)
        for text in ("Same</a>", "Newest</a>"):
            marked = head.split(text)[0].rsplit("<a ", 1)[1]
            self.assertIn('aria-current="true"', marked)
        self.assertEqual(head.count("aria-current"), 2)
        self.assertIn("?sort=newest#discussion", head)

    def test_what_is_new_is_hidden_from_people_of_whom_no_visit_is_known(self) -> None:
        personal = Client()
        personal.force_login(self.reader)
        link = f'href="{self.post.get_absolute_url()}?since={self.post.page_version}#discussion"'
        head = self.head()
        words = 'data-new="New" data-next="Next new"'
        self.assertIn(f'<p class="returning" {words} hidden><a {link}', head)
        self.assertEqual(head.count("since="), 1)
        # With an account the server knows, not the browser.
        self.assertNotIn("since=", self.head(client=personal))

    def test_a_comment_sent_from_a_part_leaves_its_title(self) -> None:
        url = reverse("comments:answer", args=[self.post.slug])
        for person, query, is_whole in (
            (self.stranger, "?stance=same#discussion", False),
            (self.reader, "#discussion", True),
        ):
            self.sign_in(person)
            headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/posts/x/{query}"}
            answer = self.client.post(url, {"stance": "same", "body": "More."}, headers=headers)
            self.assertEqual(answer.status_code, 200)
            self.assertEqual("discussion-title" in answer.text, is_whole)


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

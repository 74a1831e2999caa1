"""Test the public page of a person."""

from datetime import timedelta
from typing import ClassVar

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import FormerHandle
from comments.actions.comments import answer_question, delete_comment
from comments.me.profiles import Arc
from comments.models import Comment
from comments.moderation import actions
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_question, stances_by_key


class ProfilePageTests(Cast):
    """The public data of a person, and no other."""

    comment: ClassVar[Comment]
    url: ClassVar[str]

    @classmethod
    def setUpTestData(cls) -> None:
        """Let the reader write something."""
        super().setUpTestData()
        cls.comment = make_comment(
            cls.post, cls.reader, cls.stances["overlap"], body="Both, I believe."
        )
        cls.url = reverse("comments:profile", args=["robin"])

    def test_it_leads_its_owner_to_the_line_about_them_unless_suspended(self) -> None:
        for person, times in ((self.reader, 1), (self.suspended, 0)):
            self.client.force_login(person)
            page = self.client.get(reverse("comments:profile", args=[person.handle]))
            self.assertContains(page, "This is how others see you.")
            self.assertContains(page, "line about you", count=times)

    def test_it_shows_what_they_wrote_and_where_they_stand(self) -> None:
        page = self.client.get(self.url)
        for words in ("Both, I believe.", "Overlap", "Are they different?", self.post.title):
            self.assertContains(page, words)
        assert [row.stance for row in page.context["profile"].stances] == [self.stances["overlap"]]

    def test_search_engines_leave_it_out_without_articles_and_comments(self) -> None:
        """Also with a line about oneself and an answer without words: a press makes both."""
        self.stranger.about = "Buy at casino.example"
        self.stranger.save()
        answer_question(
            reader=self.stranger, question=self.post.question, stance=self.stances["same"]
        )
        url = reverse("comments:profile", args=[self.stranger.handle])
        for person in (None, self.stranger):
            client = Client()
            if person:
                client.force_login(person)
            page = client.get(url)
            self.assertContains(page, "casino.example")
            self.assertContains(page, '<meta name="robots" content="noindex">')
            self.assertNotContains(page, 'rel="canonical"')
            assert page.headers["X-Robots-Tag"] == "noindex"
        for handle in (self.reader.handle, self.author.handle):
            page = self.client.get(reverse("comments:profile", args=[handle]))
            self.assertNotContains(page, "noindex")
            self.assertContains(page, 'rel="canonical"')
            assert "X-Robots-Tag" not in page.headers

    def test_it_shows_where_they_stand_now(self) -> None:
        answer_question(
            reader=self.reader, question=self.post.question, stance=self.stances["same"]
        )
        profile = self.client.get(self.url).context["profile"]
        assert [row.stance.key for row in profile.stances] == ["same"]
        assert [comment.stance.key for comment in profile.comments] == ["overlap"]

    def test_initials_stand_for_a_face_in_a_ring_of_the_answers_shown(self) -> None:
        """Around it on their profile, in the ring of the answer on a card, plain in the menu."""
        page = self.client.get(self.url)
        assert page.context["profile"].ring == [Arc("green", 100.0, 0)]
        self.assertContains(page, '<circle data-colour="green" cx="40"', count=1)
        second = make_post(self.author)
        make_question(second)
        make_comment(second, self.reader, stances_by_key(second)["same"])
        ring = self.client.get(self.url).context["profile"].ring
        assert ring == [Arc("orange", 47.0, 0), Arc("green", 47.0, -50.0)]
        assert Client().get(self.post.get_absolute_url()).text.count('data-face="R"') == 1
        self.sign_in(self.stranger)
        self.assertContains(self.client.get(self.url), 'class="face" aria-hidden="true">S<')

    def test_it_tells_nothing_private(self) -> None:
        self.assertNotContains(self.client.get(self.url), "robin@example.org")

    def test_only_what_stands_is_shown(self) -> None:
        words = {"gone": "Deleted words.", "out": "Removed words."}
        gone = make_comment(self.post, self.reader, body=words["gone"])
        delete_comment(gone)
        out = make_comment(self.post, self.reader, body=words["out"])
        actions.remove(out, by=self.moderator, reason="spam")
        held = make_comment(self.post, self.newcomer, body="Held words.")
        draft = make_post(self.author, published_at=None)
        make_comment(draft, self.reader, body="Draft words.")
        for person in (None, self.reader, self.moderator):
            if person:
                self.sign_in(person)
            page = self.client.get(self.url)
            for text in (*words.values(), "Draft words."):
                self.assertNotContains(page, text)
            theirs = self.client.get(held.author.get_absolute_url())
            self.assertNotContains(theirs, "Held words.")

    def test_nothing_is_shown_of_a_post_that_was_taken_back(self) -> None:
        Post.objects.filter(pk=self.post.pk).update(published_at=None)
        page = self.client.get(self.url)
        self.assertNotContains(page, "Both, I believe.")
        self.assertNotContains(page, "Are they different?")

    def test_visitors_get_the_same_bytes(self) -> None:
        first = self.client.get(self.url)
        self.sign_in(self.moderator)
        self.client.get(self.url)
        self.client.logout()
        self.client.cookies.clear()
        again = self.client.get(self.url)
        assert first.content == again.content
        assert b"csrfmiddlewaretoken" not in first.content
        assert "Set-Cookie" not in first

    def test_moderators_find_the_way_to_suspend(self) -> None:
        url = reverse("comments:suspension", args=["robin"])
        for person, finds in ((self.stranger, 0), (self.moderator, 1)):
            self.sign_in(person)
            self.assertContains(self.client.get(self.url), url, count=finds)

    def test_an_author_s_articles_are_listed(self) -> None:
        make_post(self.author, published_at=None, title="Not out yet")
        page = self.client.get(self.author.get_absolute_url())
        self.assertContains(page, self.post.title)
        self.assertNotContains(page, "Not out yet")

    def test_an_article_has_its_standfirst_and_its_discussion(self) -> None:
        page = self.client.get(self.author.get_absolute_url())
        self.assertContains(page, f'{self.post.get_absolute_url()}#discussion">1 comment</a>')
        quiet = make_post(self.author, slug="quiet", title="Quiet")
        page = self.client.get(self.author.get_absolute_url())
        self.assertNotContains(page, f"{quiet.get_absolute_url()}#discussion")

    def test_the_heading_counts_what_others_can_read(self) -> None:
        heading = '<h2 id="comments">{}</h2>'
        self.assertContains(self.client.get(self.url), heading.format("1 comment"))
        for _ in range(21):
            make_comment(self.post, self.reader)
        delete_comment(make_comment(self.post, self.reader))
        page = self.client.get(self.url)
        self.assertContains(page, heading.format("22 comments"))
        older = self.client.get(page.context["profile"].next_page_url)
        self.assertContains(older, heading.format("Comments"))
        nobody = self.client.get(self.stranger.get_absolute_url())
        self.assertContains(nobody, heading.format("Comments"))

    def test_a_reply_says_to_whom_while_that_can_be_read(self) -> None:
        root = make_comment(self.post, self.stranger)
        make_comment(self.post, self.reader, parent=root, body="I agree.")
        to = "in reply to <bdi>sam</bdi>"
        self.assertContains(self.client.get(self.url), to, count=1)
        actions.remove(root, by=self.moderator, reason="spam")
        page = self.client.get(self.url)
        self.assertNotContains(page, "<bdi>sam</bdi>")
        self.assertContains(page, "replied under", count=1)

    def test_ones_own_says_that_others_see_it(self) -> None:
        sentence = "This is how others see you."
        for person, finds in ((self.reader, 1), (self.stranger, 0), (self.moderator, 0)):
            self.sign_in(person)
            self.assertContains(self.client.get(self.url), sentence, count=finds)

    def test_another_case_leads_to_the_right_one(self) -> None:
        page = self.client.get(reverse("comments:profile", args=["ROBIN"]))
        assert (page.status_code, page["Location"]) == (302, self.url)

    def test_an_old_handle_leads_to_the_new_one_while_it_is_reserved(self) -> None:
        now = timezone.now()
        for handle, days in (("rob", 100), ("bobby", -1)):
            FormerHandle.objects.create(
                user=self.reader,
                handle=handle,
                handle_skeleton=handle,
                released_at=now + timedelta(days=days),
            )
        page = self.client.get(reverse("comments:profile", args=["Rob"]))
        assert (page.status_code, page["Location"]) == (302, self.url)
        assert self.client.get(reverse("comments:profile", args=["bobby"])).status_code == 404

    def test_nobody_is_not_found(self) -> None:
        for handle in ("nobody", "x" * 400, "null\0byte", "%", "_obin"):
            assert self.client.get(reverse("comments:profile", args=[handle])).status_code == 404

    def test_it_is_only_read(self) -> None:
        assert self.client.post(self.url).status_code == 405

    def test_pages_follow_each_other_with_few_queries(self) -> None:
        few = self.queries()
        for _ in range(44):
            make_comment(self.post, self.reader)
        assert self.queries() == few <= 8
        seen, url = [], self.url
        while url:
            profile = self.client.get(url).context["profile"]
            seen += [comment.pk for comment in profile.comments]
            url = profile.next_page_url
        assert len(seen) == len(set(seen)) == 45

    def queries(self) -> int:
        with CaptureQueriesContext(connection) as asked:
            self.client.get(self.url)
        return len(asked)

"""Test what stands in place of a composer that takes no words, and of answers that are none yet."""

from datetime import timedelta

from django.urls import reverse

from accounts.models import KeptForm
from comments.actions import states
from comments.models import Comment, CommentState
from comments.moderation.actions.threads import lock
from publication import current
from publication.models import SiteProfile
from tests.factories import make_comment, make_post

from .answering import AnswerCase


class InPlaceOfTheComposerTests(AnswerCase):
    """What the page says to people whose words could not be published."""

    def test_a_closed_thread_says_since_when_and_why(self) -> None:
        root = make_comment(self.post, self.stranger)
        reply = make_comment(self.post, self.reader, parent=root)
        lock(root, by=self.moderator, reason="heated")
        why = "because it has become a quarrel."
        for person in (None, self.reader):
            if person:
                self.sign_in(person)
            for pk in (root.pk, reply.pk):
                page = self.client.get(f"{self.url}?parent={pk}")
                self.assertContains(page, "has been locked since")
                self.assertContains(page, why)
                self.assertNotContains(page, "<textarea")
        self.assertNotContains(
            self.client.get(f"{self.url}?parent={pk}", headers={"HX-Request": "true"}), "<textarea"
        )
        refused = self.send(parent=reply.pk, body="Half a thought.")
        self.assertContains(refused, why, status_code=403)
        self.assertContains(refused, "Half a thought.</textarea>", status_code=403)
        self.assertContains(
            self.client.get(self.post.get_absolute_url()), f"answer/?parent={root.pk}"
        )
        self.sign_in(self.author)
        self.assertContains(self.client.get(f"{self.url}?parent={root.pk}"), "<textarea")

    def test_signed_out_one_writes_only_where_an_account_can_be_made(self) -> None:
        for way, is_open in (("open", True), ("closed", False), ("invitation", False)):
            with current.showing(SiteProfile(number=0, signing_up=way)):
                page = self.client.get(f"{self.url}?stance=same")
                self.assertEqual("<textarea" in page.text, is_open, way)
                signs_in = f"{reverse('account_login')}?next={self.url}%3Fstance%3Dsame"
                self.assertEqual(signs_in in page.text, not is_open, way)
        with current.showing(SiteProfile(number=0, signing_up="closed")):
            mended = self.client.post(self.url, {"body": "Typed before.", "stance": ""})
            self.assertContains(mended, "Typed before.</textarea>", status_code=422)
            self.sign_in(self.reader)
            self.assertContains(self.client.get(self.url), "<textarea")

    def test_words_that_wait_are_named_on_the_page_of_the_article(self) -> None:
        plain = make_post(self.author)
        for post in (self.post, plain):
            path = reverse("comments:answer", args=[post.slug])
            KeptForm.objects.create(person=self.reader, path=path, typed='{"body": ["Half."]}')
            for person, is_theirs in ((self.reader, True), (self.stranger, False)):
                self.sign_in(person)
                page = self.client.get(post.get_absolute_url()).text
                self.assertEqual("You were writing something here" in page, is_theirs)
            self.client.logout()
            self.assertNotContains(self.client.get(post.get_absolute_url()), "You were writing")


class NobodyAnsweredTests(AnswerCase):
    """What is said before anybody has answered, and to people whose first comments are held."""

    def test_be_the_first_unless_yours_waits(self) -> None:
        page = self.post.get_absolute_url()
        self.assertContains(self.client.get(page), "Be the first to answer.")
        self.sign_in(self.newcomer)
        self.assertContains(self.client.get(page), "Be the first to answer.")
        sent = self.send(htmx=True)
        for told in (sent, self.client.get(page)):
            self.assertContains(told, "Your answer counts once your comment is approved.")
            self.assertNotContains(told, "Be the first")

    def test_a_newcomer_is_told_how_many_comments_are_checked(self) -> None:
        self.sign_in(self.newcomer)
        first = "Your first 2 comments are checked before they appear."
        self.assertContains(self.send(htmx=True), first)
        Comment.objects.update(created_at=self.post.created_at - timedelta(days=9))
        states.change_state(Comment.objects.get(), to=CommentState.PUBLISHED)
        second = self.send(htmx=True, body="And another thing.")
        self.assertContains(second, "Once it is approved, what you write appears at once.")

"""Test that long comments are folded in lists, and whole on their own pages."""

from io import StringIO
from typing import Any

from django.core.management import call_command
from django.urls import reverse

from comments.actions.edits import edit_comment
from comments.models import Comment
from comments.moderation import actions
from tests.cast import Cast
from tests.factories import give_ids_behind, make_comment

END = "This is how it ends."
LONG = "A paragraph that says what it has to say, & **says it** at some length. " * 9 + "\n\n"
HTMX: dict[str, Any] = {"headers": {"HX-Request": "true"}}


# A first view may have 64 kB of HTML (`bench/report/goals.py`); an article of usual
# length and all around it takes 14.
MOST = 64_000 - 14_000


def threads_bytes(page: str) -> int:
    """Return how many bytes of `page` the threads take."""
    return len(page[page.index('<ol class="threads"') : page.rindex("</ol>")].encode())


class FoldingTests(Cast):
    """One long comment, and one just below the limit."""

    def setUp(self) -> None:
        self.long = make_comment(self.post, self.reader, body=LONG * 8 + END)
        self.short = make_comment(self.post, self.stranger, body=f"Short. {END}")

    def page(self) -> str:
        return self.client.get(self.post.get_absolute_url()).content.decode()

    def text(self, comment: Comment, **extra: Any) -> Any:
        return self.client.get(reverse("comments:text", args=[comment.pk]), **extra)

    def test_a_long_comment_shows_its_beginning_and_a_way_to_the_rest(self) -> None:
        for person in (None, self.reader, self.moderator):
            if person:
                self.sign_in(person)
            page = self.page()
            self.assertEqual(page.count(END), 1)
            self.assertIn(reverse("comments:text", args=[self.long.pk]), page)
            self.assertNotIn(reverse("comments:text", args=[self.short.pk]), page)
            self.assertLess(page.count("A paragraph that says"), 20)

    def test_the_whole_is_a_page_of_its_own_or_takes_its_place(self) -> None:
        whole = self.text(self.long)
        self.assertContains(whole, END)
        self.assertContains(whole, self.long.get_absolute_url())
        part = self.client.get(reverse("comments:text-fragment", args=[self.long.pk]))
        self.assertContains(part, END)
        self.assertNotContains(part, "<html")
        self.assertContains(part, "data-focus")

    def test_its_permalink_leads_to_all_of_it(self) -> None:
        reply = make_comment(self.post, self.stranger, parent=self.long, body=LONG * 8 + END)
        for person in (None, self.reader):
            if person:
                self.sign_in(person)
            for comment, whole in ((self.long, 1), (reply, 1), (self.short, 1)):
                answer = self.client.get(comment.get_absolute_url(), follow=True)
                self.assertEqual(answer.status_code, 200)
                address, _status = answer.redirect_chain[-1]
                self.assertTrue(address.endswith(f"#comment-{comment.pk}"), address)
                start = answer.text.index(f'id="comment-{comment.pk}"')
                card = answer.text[start : answer.text.index("</article>", start)]
                self.assertEqual(card.count(END), whole, comment.pk)
                self.assertNotIn("Read on", card)

    def test_its_writer_sees_it_whole_when_it_is_new(self) -> None:
        self.sign_in(self.stranger)
        form = {"body": LONG * 8 + END, "stance": "same", "wish": "post"}
        posted = self.client.post(reverse("comments:answer", args=[self.post.slug]), form, **HTMX)
        self.assertContains(posted, END)

    def test_what_is_gone_is_read_by_nobody_who_may_not(self) -> None:
        reply = make_comment(self.post, self.stranger, parent=self.long)
        actions.remove(self.long, by=self.moderator, reason="spam")
        self.assertTrue(Comment.objects.get(pk=self.long.pk).is_shown)
        self.assertEqual(self.text(self.long).status_code, 403)
        self.sign_in(self.reader)
        self.assertContains(self.text(self.long), END)
        actions.remove(reply, by=self.moderator, reason="spam")
        self.client.logout()
        self.assertEqual(self.text(self.long).status_code, 404)

    def test_long_comments_leave_room_for_others(self) -> None:
        for _more in range(30):
            make_comment(self.post, self.reader, body=LONG * 8 + END)
        page = self.page()
        self.assertGreater(page.count("data-comment-id"), 10)
        self.assertLess(threads_bytes(page), MOST)

    def test_a_discussion_late_in_a_large_site_weighs_no_more(self) -> None:
        """Ids are in every address of a card, and replies deep down have more around them."""
        # PostgreSQL's sequences are not rolled back.
        self.addCleanup(give_ids_behind, self.short.pk)
        give_ids_behind(9_999_999)
        call_command("generate_discussion", self.post.slug, comments=400, stdout=StringIO())
        page = self.page()
        self.assertGreater(page.count("data-comment-id"), 25)
        self.assertIn('data-comment-id="100', page)
        self.assertLess(threads_bytes(page), MOST)

    def test_an_edit_folds_and_unfolds(self) -> None:
        edit_comment(self.long, by=self.reader, body=f"In short. {END}")
        self.assertEqual(self.page().count(END), 2)

"""Test which people a comment links: those with a profile, by present and former handles."""

from datetime import timedelta
from unittest.mock import patch

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import change_names
from accounts.models import FormerHandle
from accounts.signing_up.models import SignUp
from comments.actions.mentions.people import addresses_in
from comments.actions.mentions.text import rendered
from comments.me import erasure
from comments.models import Comment, CommentRevision
from comments.rendering.quoting import quotation
from tests.cast import Cast
from tests.factories import make_comment, make_user

LINK = '<a class="mention" href="/@{}/" rel="nofollow ugc noopener">@{}</a>'


class TextTests(Cast):
    """The door from text to HTML."""

    def test_people_are_linked_whatever_the_case_and_others_stay_words(self) -> None:
        html = rendered("@Sam and @nobody and @sam.")
        sam = LINK.format("sam", "Sam")
        assert html == f"<p>{sam} and @nobody and {LINK.format('sam', 'sam')}.</p>\n"

    def test_a_handle_that_only_looks_alike_is_nobodys(self) -> None:
        make_user("corn.field")
        assert "<a" not in rendered("@com.field @c0rn.field @cornfield")
        assert "<a" in rendered("@corn.field")

    def test_a_former_handle_leads_to_its_person_while_it_redirects(self) -> None:
        change_names(self.stranger, handle="samuel", name="")
        assert LINK.format("samuel", "sam") in rendered("@sam")
        assert LINK.format("samuel", "samuel") in rendered("@samuel")
        FormerHandle.objects.update(released_at=timezone.now() - timedelta(days=1))
        assert "<a" not in rendered("@sam")

    def test_a_present_handle_is_stronger_than_a_former_one(self) -> None:
        change_names(self.stranger, handle="samuel", name="")
        FormerHandle.objects.update(handle="robin", handle_skeleton=self.reader.handle_skeleton)
        assert LINK.format("robin", "robin") in rendered("@robin @nobody")

    def test_nobody_erased_banned_or_unconfirmed_is_linked(self) -> None:
        banned, unconfirmed, renamed = make_user("bad"), make_user("new"), make_user("late")
        banned.banned_at = timezone.now()
        banned.save()
        SignUp.objects.create(person=unconfirmed, address_key="x")
        change_names(renamed, handle="later", name="")
        erasure.erase(renamed, delete_texts=False)
        erasure.erase(self.stranger, delete_texts=False)
        left = f"@former-reader-{self.stranger.pk}"
        assert "<a" not in rendered(f"@bad @new @late @later @sam {left}")
        # Suspended for some days, one is still there.
        assert LINK.format("sven", "sven") in rendered("@sven")

    def test_queries_do_not_grow_and_none_is_needed_without_a_mention(self) -> None:
        people = [make_user() for _number in range(30)]
        for text, number in (
            ("No mention, a@example.org, https://example.org/@sam.", 0),
            ("@sam", 1),
            ("@sam @nobody", 2),
            (" ".join(f"@{person.handle}" for person in people) + " @nobody", 2),
        ):
            with self.subTest(text), self.assertNumQueries(number):
                rendered(text)

    def test_only_so_many_handles_are_looked_up(self) -> None:
        with patch("core.limits.MENTIONS_LINKED", 2):
            assert list(addresses_in("@sam @ada @robin")) == ["sam", "ada"]


class PageTests(Cast):
    """Where the links are shown."""

    def test_posting_editing_and_the_preview_link_alike(self) -> None:
        self.sign_in(self.reader)
        url = reverse("comments:answer", args=[self.post.slug])
        sent = {"stance": "same", "body": "As @sam says, `@ada`."}
        link = LINK.format("sam", "sam")
        page = self.client.post(url, {**sent, "wish": "preview"})
        self.assertContains(page, f"As {link} says, <code>@ada</code>.")
        self.client.post(url, sent)
        comment = Comment.objects.get()
        edited = {"stance": "same", "body": "Or @ada, rather."}
        self.client.post(reverse("comments:edit", args=[comment.pk]), edited)
        self.client.logout()
        self.assertContains(
            self.client.get(self.post.get_absolute_url()), f"Or {LINK.format('ada', 'ada')}"
        )

    def test_the_public_page_costs_no_query_more(self) -> None:
        make_comment(self.post, self.reader, body="So it is.")
        url = self.post.get_absolute_url()

        self.client.get(url)
        make_comment(self.post, self.reader, body="And so on.")
        with CaptureQueriesContext(connection) as before:
            self.client.get(url)
        make_comment(self.post, self.reader, body="@sam @ada @june @nobody")
        with CaptureQueriesContext(connection) as after:
            page = self.client.get(url)
        self.assertContains(page, 'class="mention"', count=3)
        assert len(after) == len(before)

    def test_what_quotes_a_comment_mentions_nobody_again(self) -> None:
        comment = make_comment(self.post, self.reader, body="As @sam says.\n\nSo @ada, too.")
        for quoted in (quotation(comment), quotation(comment, "As @sam says.")):
            assert "@sam" in quoted
            assert "<a" not in rendered(f"{quoted}\n\nNo.")

    def test_rendering_again_links_what_was_written_before_and_tells_nobody(self) -> None:
        comment = make_comment(self.post, self.reader, body="Said by @late.", now=timezone.now())
        make_user("late")
        self.sign_in(self.reader)
        edited = {"stance": "different", "body": "By @late, then."}
        self.client.post(reverse("comments:edit", args=[comment.pk]), edited)
        Comment.objects.update(body_html="<p>old</p>", markup_version=1)
        CommentRevision.objects.update(body_html="<p>old</p>", markup_version=1)
        self.stranger.notifications.all().delete()
        call_command("rerender_bodies", verbosity=0)
        for stored in (Comment.objects.get(), CommentRevision.objects.get()):
            assert LINK.format("late", "late") in stored.body_html

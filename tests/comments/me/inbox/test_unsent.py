"""Test the list of what was not sent: why, and nothing that its reader must not learn."""

import re
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from comments.actions.comments import delete_comment
from comments.me.export import export_of
from comments.models import Comment
from comments.moderation import actions
from notifications import kinds, unsent
from notifications.models import Notification, Unsent, UnsentReason
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_comment

SENTENCES = {
    UnsentReason.STRONGER: "Another notification is about the same thing.",
    UnsentReason.MUTED: "you chose to get none about this.",
    UnsentReason.DAILY_LIMIT: "you had as many that day as we send.",
    UnsentReason.ADDRESS: "your address does not take our e-mail.",
    UnsentReason.ACCOUNT: "your account was suspended that day.",
    UnsentReason.GONE: "or a rule of the site held it back.",
    UnsentReason.CAUSE: "or a rule of the site held it back.",
}


class UnsentPageTests(Cast):
    """The page /me/notifications/not-sent/."""

    def setUp(self) -> None:
        self.url = reverse("comments:unsent")
        self.sign_in(self.reader)
        self.mine = make_comment(self.post, self.reader, body="What do you say?")

    def reply(self, by: User | None = None) -> Comment:
        return make_comment(self.post, by or self.stranger, parent=self.mine, body="Secret words.")

    def not_told(self, reason: UnsentReason, reply: Comment, person: User | None = None) -> None:
        unsent.record(
            reason,
            [
                Notification(
                    recipient=person or self.reader,
                    kind="reply",
                    subject_id=reply.pk,
                    target="comment",
                    target_id=reply.pk,
                )
            ],
        )

    def page(self) -> str:
        """Return the page without what differs between two requests for the same."""
        text = self.client.get(self.url).text
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    def test_every_reason_has_its_sentence(self) -> None:
        assert set(SENTENCES) == set(UnsentReason)
        for reason, sentence in SENTENCES.items():
            with self.subTest(reason):
                Unsent.objects.all().delete()
                self.not_told(reason, self.reply())
                assert sentence in self.page()

    def test_it_names_what_it_was_about_and_leads_there(self) -> None:
        reply = self.reply()
        self.not_told(UnsentReason.MUTED, reply)
        page = self.page()
        assert "<bdi>sam</bdi> replied to you" in page
        assert f'href="{reply.get_absolute_url()}"' in page
        assert self.post.title in page

    def test_what_cannot_be_read_any_more_is_not_named(self) -> None:
        takes_away: dict[str, Any] = {
            "removed": lambda reply: actions.remove(reply, by=self.moderator, reason="spam"),
            "deleted": delete_comment,
            "unpublished": lambda reply: Post.objects.update(published_at=None),
        }
        for name, take_away in takes_away.items():
            with self.subTest(name):
                Unsent.objects.all().delete()
                reply = self.reply()
                self.not_told(UnsentReason.MUTED, reply)
                take_away(reply)
                page = self.page()
                assert "sam" not in page
                assert f"/comments/{reply.pk}/" not in page
                assert "no longer there" in page

    def test_a_suspended_cause_and_a_thing_that_is_gone_read_alike(self) -> None:
        """Comparing pages does not tell that somebody is suspended."""
        pages = []
        standing, gone = self.reply(), self.reply()
        actions.remove(gone, by=self.moderator, reason="spam")
        for reason, reply in (
            (UnsentReason.CAUSE, standing),
            (UnsentReason.GONE, gone),
            (UnsentReason.GONE, standing),
        ):
            Unsent.objects.all().delete()
            self.not_told(reason, reply)
            pages.append(self.page())
            exported = export_of(self.reader)["notifications_not_sent"]
            assert exported[0]["subject_id"] is None
            assert exported[0]["reason"] == str(UnsentReason.GONE.label)
        assert pages[0] == pages[1] == pages[2]
        for words in ("sam", "Secret words", f"/comments/{standing.pk}/", "suspend"):
            assert words not in pages[0].partition("<main")[2]
        assert "Replies and mentions" in pages[0]

    def test_a_reply_by_somebody_suspended_is_listed_without_a_word_about_them(self) -> None:
        reply = make_comment(self.post, self.newcomer, parent=self.mine)
        actions.suspend(self.newcomer, by=self.moderator, days=3, reason="attacks")
        actions.approve(reply, by=self.moderator)
        page = self.page()
        assert SENTENCES[UnsentReason.CAUSE] in page
        assert "nell" not in page

    def test_the_inbox_leads_to_it_without_opening_a_menu(self) -> None:
        inbox = self.client.get(reverse("comments:me"))
        _, _, after_the_rows = inbox.text.partition("Choose what we e-mail you")
        assert f'href="{self.url}">What we did not send' in after_the_rows

    def test_others_read_nothing_of_it(self) -> None:
        self.not_told(UnsentReason.MUTED, self.reply(), self.author)
        assert "Nothing: we sent you everything." in self.page()
        self.client.logout()
        assert self.client.get(self.url).status_code == 302

    def test_it_is_only_read(self) -> None:
        assert self.client.post(self.url).status_code == 405
        assert self.client.get(self.url, {"after": "garbage"}).status_code == 404

    def test_a_kind_of_a_newer_release_is_passed_over(self) -> None:
        self.not_told(UnsentReason.MUTED, self.reply())
        Unsent.objects.update(kind="unheard_of")
        assert self.client.get(self.url).status_code == 200

    def test_every_kind_can_be_listed(self) -> None:
        for number, kind in enumerate(kinds.registered()):
            row = Notification(recipient=self.reader, kind=kind.name, subject_id=number)
            row.target_id = number
            unsent.record(UnsentReason.STRONGER, [row])
        assert self.client.get(self.url).status_code == 200

    def test_pages_repeat_none_in_a_fixed_number_of_queries(self) -> None:
        self.not_told(UnsentReason.MUTED, self.reply())
        self.page()
        few = self.queries()
        for _more in range(44):
            self.not_told(UnsentReason.MUTED, self.reply())
        assert self.queries() <= few
        seen, url = [], self.url
        while url:
            context = self.client.get(url).context
            seen += [row.unsent.pk for row in context["rows"]]
            url = context["next_page_url"]
        assert len(seen) == len(set(seen)) == 45

    def test_the_menu_of_kinds_has_it(self) -> None:
        self.reply()
        inbox = self.client.get(reverse("comments:me"))
        self.assertContains(inbox, f'<a href="{self.url}">Not sent</a>')
        assert f'<a href="{self.url}" aria-current="page">Not sent</a>' in self.page()

    def queries(self) -> int:
        with CaptureQueriesContext(connection) as asked:
            self.client.get(self.url)
        return len(asked)

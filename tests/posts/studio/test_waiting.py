"""Test that the pages of an article that waits say until when, and how to stop that."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import limits
from core.timestamps import moment_of
from posts.actions import announcements, publish, save_draft, unpublish
from posts.models import Announcement, Post
from tests.cast import Cast
from tests.factories import make_question

MAILED, SEEN = "Its e-mail to followers goes out at", "Readers see it from"


class WaitingTests(Cast):
    """An article whose time, or whose e-mail, is still to come."""

    def setUp(self) -> None:
        self.waits = save_draft(None, by=self.author, title="It waits", body="A text.")
        self.page = self.waits.get_absolute_url()
        self.studio = [
            reverse(f"posts:{name}", args=[self.waits.pk])
            for name in ("studio-post", "studio-question", "studio-promises", "studio-newsletter")
        ]
        self.stop = reverse("posts:studio-publication-undo", args=[self.waits.pk])
        self.sign_in(self.author)

    def answer(self, url: str) -> Any:
        return self.client.get(url)

    def test_a_scheduled_one_says_when_and_how_to_stop_that(self) -> None:
        at = timezone.now() + timedelta(days=2)
        publish(self.waits, by=self.author, at=at)
        for url in (self.page, *self.studio):
            with self.subTest(url):
                page = self.answer(url)
                self.assertContains(page, SEEN)
                self.assertContains(page, moment_of(at))
                self.assertContains(page, self.stop)
                self.assertNotContains(page, MAILED)

    def test_a_published_one_says_when_its_mail_goes_out(self) -> None:
        publish(self.waits, by=self.author)
        due = Announcement.objects.get(post=self.waits).due_at
        assert due is not None
        for url in (self.page, *self.studio[1:3]):
            with self.subTest(url):
                page = self.answer(url)
                self.assertContains(page, MAILED)
                self.assertContains(page, moment_of(due))
                self.assertContains(page, self.stop)
        for url in (self.studio[0], self.studio[3]):  # they say that nobody follows
            self.assertNotContains(self.answer(url), MAILED)

    def test_it_is_for_its_authors_and_admins(self) -> None:
        publish(self.waits, by=self.author)
        for person, is_told in ((self.admin, True), (self.reader, False), (self.moderator, False)):
            self.sign_in(person)
            self.assertEqual(MAILED in self.answer(self.page).text, is_told, person)
        self.assertNotIn(MAILED, Client().get(self.page).text)

    def test_it_goes_when_nothing_can_be_stopped(self) -> None:
        for change in ("sent", "late", "no mail", "taken back"):
            with self.subTest(change):
                publish(self.waits, by=self.author)
                self.waits.refresh_from_db()
                self.assertContains(self.answer(self.page), MAILED)
                planned = Announcement.objects.filter(post=self.waits)
                if change == "sent":
                    planned.update(told_at=timezone.now())
                elif change == "late":
                    planned.update(due_at=timezone.now() - timedelta(seconds=1))
                elif change == "no mail":
                    announcements.choose_mail(self.waits, Post.MailedAs.NONE)
                else:
                    unpublish(self.waits, by=self.author)
                self.assertNotContains(self.answer(self.page), MAILED)
                soon = timezone.now() + timedelta(seconds=limits.TELL_AFTER)
                planned.update(told_at=None, due_at=soon)
                Post.objects.filter(pk=self.waits.pk).update(mailed_as=Post.MailedAs.BEGINNING)

    def test_the_question_is_beside_the_button_that_publishes(self) -> None:
        editor = self.studio[0]
        self.assertContains(self.answer(editor), "It asks no question yet")
        make_question(self.waits, "Which duty comes first?")
        self.assertContains(self.answer(editor), ">Which duty comes first?</q>")
        self.assertContains(self.answer("/studio/posts/new/"), "It asks no question yet")

    def test_tabs_that_leave_the_studio_say_so(self) -> None:
        publish(self.waits, by=self.author)
        for url in self.studio:
            self.assertContains(self.answer(url), "(leaves the studio)")

"""Test the inbox: unread first, gathered by post, marked as read on request, by kind."""

import re
from typing import Any, ClassVar
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions.comments import delete_comment
from comments.models import Comment
from comments.moderation import actions
from core.jobs.worker import JobWorker
from notifications import marking
from notifications.models import Notification
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_question

# Notifications of the larger inbox: pages of both parts. A bench reads 100,000.
MANY = 60


class InboxTests(Cast):
    """The page /me/notifications/."""

    mine: ClassVar[Comment]
    first: ClassVar[Comment]
    second: ClassVar[Comment]

    @classmethod
    def setUpTestData(cls) -> None:
        """Let somebody answer the reader twice."""
        super().setUpTestData()
        cls.mine = make_comment(cls.post, cls.reader, body="What do you say?")
        cls.first = make_comment(cls.post, cls.stranger, parent=cls.mine, body="I say yes.")
        cls.second = make_comment(cls.post, cls.author, parent=cls.mine, body="I say no.")

    def setUp(self) -> None:
        self.sign_in(self.reader)
        self.url = reverse("comments:me")

    def shown(self, **asked: str) -> tuple[list[int], list[int]]:
        """Return the subjects of the unread rows and of the others, in their order."""
        inbox = self.client.get(self.url, asked).context["inbox"]
        unread, earlier = (
            [row.notification.subject_id for gathered in part for row in gathered.rows]
            for part in (inbox.unread, inbox.earlier)
        )
        return unread, earlier

    def newest(self) -> int:
        found: int = self.client.get(self.url).context["inbox"].newest
        return found

    def mark(self, **form: object) -> Any:
        return self.client.post(reverse("comments:me-read"), form)

    def undo(self, marked: object, **form: object) -> Any:
        return self.client.post(reverse("comments:me-read-undo"), {"marked": marked, **form})

    def run_jobs(self) -> None:
        while JobWorker().turn():
            pass

    def unread(self, person: User | None = None) -> int:
        return Notification.objects.filter(recipient=person or self.reader).unread().count()

    def test_visitors_sign_in_first(self) -> None:
        self.client.logout()
        assert self.client.get(self.url).status_code == 302
        assert self.mark(newest="5").status_code == 302
        assert self.undo("5").status_code == 302
        assert self.unread() == 2

    def test_the_former_address_leads_here(self) -> None:
        self.assertRedirects(self.client.get("/me/"), "/me/notifications/")

    def test_unread_ones_come_first_with_words_and_address(self) -> None:
        assert self.shown() == ([self.second.pk, self.first.pk], [])
        page = self.client.get(self.url)
        for words in ("I say yes.", "I say no.", self.post.title, "<bdi>sam</bdi> replied to you"):
            self.assertContains(page, words)
        self.assertContains(page, f'<a href="{self.first.get_absolute_url()}"')
        self.assertContains(page, ">New<", count=1)
        self.assertNotContains(page, ">Earlier<")

    def test_the_masthead_has_a_dot_and_the_number_in_words(self) -> None:
        dot = '<span class="dot" aria-hidden="true"></span><span class="visually-hidden">, 2 new'
        page = self.client.get(self.post.get_absolute_url())
        self.assertContains(page, dot, count=1)
        self.mark(newest=self.newest())
        self.assertNotContains(self.client.get(self.post.get_absolute_url()), 'class="dot"')

    def test_they_are_gathered_by_post_the_newest_first(self) -> None:
        other = make_post(self.author)
        make_question(other)
        elsewhere = make_comment(
            other, self.stranger, parent=make_comment(other, self.reader), body="Elsewhere."
        )
        Notification.objects.filter(subject_id=self.first.pk).update(created_at=timezone.now())
        gathered = self.client.get(self.url).context["inbox"].unread
        assert [(each.place.title, len(each.rows)) for each in gathered] == [
            (self.post.title, 2),
            (other.title, 1),
        ]
        assert gathered[1].rows[0].notification.subject_id == elsewhere.pk

    def test_looking_marks_nothing_as_read(self) -> None:
        self.client.get(self.url)
        assert self.unread() == 2

    def test_marking_reads_what_was_on_the_page_and_nothing_newer(self) -> None:
        newest = self.newest()
        later = make_comment(self.post, self.stranger, parent=self.mine)
        for _twice in range(2):
            assert self.mark(newest=newest).status_code == 302
        assert self.shown() == ([later.pk], [self.second.pk, self.first.pk])

    def test_one_is_marked_alone(self) -> None:
        row = Notification.objects.get(subject_id=self.first.pk)
        self.mark(one=row.pk)
        assert self.shown() == ([self.second.pk], [self.first.pk])

    def test_marking_is_undone_of_one_and_of_all(self) -> None:
        row = Notification.objects.get(subject_id=self.first.pk)
        for form in ({"one": row.pk}, {"newest": self.newest()}):
            before = self.unread()
            page = self.client.post(reverse("comments:me-read"), form, follow=True)
            assert self.unread() < before
            self.assertContains(page, "Marked as read.")
            assert self.undo(page.context["marked"]).status_code == 302
            assert self.unread() == before

    def test_of_very_many_the_newest_are_marked_at_once_and_a_job_marks_the_others(self) -> None:
        replies = [make_comment(self.post, self.stranger, parent=self.mine) for _each in range(5)]
        later = make_comment(self.post, self.stranger, parent=self.mine)
        page = Notification.objects.get(subject_id=replies[-1].pk).pk
        for undone in (False, True):
            with patch.object(marking, "BATCH", 2), self.subTest(undone=undone):
                shown = self.client.post(reverse("comments:me-read"), {"newest": page}, follow=True)
                self.assertContains(shown, "The older ones follow in a moment.")
                assert self.shown()[1] == [reply.pk for reply in replies[:-3:-1]]
                if undone:
                    self.undo(shown.context["marked"])
                self.run_jobs()
                assert self.shown()[0][0] == later.pk
                assert self.unread() == (8 if undone else 1)
                # All of it is undone, also by a job.
                self.undo(shown.context["marked"])
                self.run_jobs()
                assert self.unread() == 8

    def test_nonsense_marks_nothing(self) -> None:
        for text in ("", "garbage", "-1", "9" * 40):
            assert self.mark(newest=text).status_code == 302
            assert self.mark(one=text).status_code == 302
            assert self.undo(text).status_code == 302
        assert self.undo("9" * 18).status_code == 302
        assert self.client.get(self.url, {"marked": "9" * 18}).status_code == 200
        assert self.unread() == 2
        for route in ("me-read", "me-read-undo"):
            assert self.client.get(reverse(f"comments:{route}")).status_code == 405

    def test_nobody_marks_what_others_were_told(self) -> None:
        row = Notification.objects.latest("pk")
        self.sign_in(self.stranger)
        self.mark(newest=row.pk)
        self.mark(one=row.pk)
        assert self.unread() == 2
        marked = marking.mark_read(self.reader.pk, up_to=row.pk)
        self.undo(marked.at)
        assert self.unread() == 0

    def test_a_kind_is_chosen_from_a_menu(self) -> None:
        actions.suspend(self.reader, by=self.moderator, days=3, reason="attack")
        decided = Notification.objects.get(kind="suspended")
        assert self.shown(kind="account") == ([decided.subject_id], [])
        assert self.shown(kind="replies") == ([self.second.pk, self.first.pk], [])
        assert len(self.shown(kind="nonsense")[0]) == 3
        self.mark(newest=decided.pk, kind="account")
        assert self.unread() == 2
        self.assertContains(self.client.get(self.url, {"kind": "minds"}), "Nothing of this kind.")
        self.assertContains(self.client.get(self.url), "?kind=replies")

    def test_the_chosen_kind_is_the_current_one_of_no_one_and_many(self) -> None:
        actions.suspend(self.reader, by=self.moderator, days=3, reason="attack")
        current = re.compile(r'<a href="([^"]+)" aria-current="page">([^<]+)</a>')
        for kind, label, number in (
            ("", "All kinds", 3),
            ("minds", "Changes of mind", 0),
            ("account", "My account", 1),
            ("replies", "Replies and mentions", 2),
        ):
            with self.subTest(kind):
                page = self.client.get(self.url, {"kind": kind} if kind else {})
                menu = page.text.partition('<details class="menu inbox__kinds"')[2]
                menu = menu.partition("</details>")[0]
                address = f"{self.url}?kind={kind}" if kind else self.url
                assert current.findall(menu) == [(address, label)]
                assert f"Show: {label}</summary>" in menu
                assert page.text.count('<article class="inbox__row') == number

    def test_what_can_no_longer_be_read_is_not_shown(self) -> None:
        actions.remove(self.first, by=self.moderator, reason="spam")
        delete_comment(self.second)
        assert self.shown() == ([], [])
        page = self.client.get(self.url)
        self.assertContains(page, "no longer there")
        self.assertNotContains(page, "Nothing yet")
        self.assertContains(page, "Mark all as read")

    def test_nothing_is_shown_of_a_post_that_was_taken_back(self) -> None:
        Post.objects.update(published_at=None)
        assert self.shown() == ([], [])

    def test_a_kind_of_a_newer_release_is_passed_over(self) -> None:
        Notification.objects.filter(subject_id=self.first.pk).update(kind="unheard_of")
        assert self.shown() == ([self.second.pk], [])

    def test_a_script_marks_all_and_undoes_it_without_the_frame(self) -> None:
        page = self.client.get(self.url)
        script, newest = {"HX-Request": "true"}, page.context["inbox"].newest
        answer = self.client.post("/me/notifications/read/", {"newest": newest}, headers=script)
        self.assertNotContains(answer, "<html")
        self.assertContains(answer, 'data-announce="Marked as read."')
        self.assertContains(answer, 'id="unread-dot" hx-swap-oob="true"></span>')
        assert self.shown()[0] == []
        sent = {"marked": answer.context["marked"]}
        undone = self.client.post("/me/notifications/read/undo/", sent, headers=script)
        self.assertContains(undone, 'data-announce="They are new again."')
        self.assertContains(undone, "unread</span>")
        assert len(self.shown()[0]) == 2

    def test_an_empty_page_says_what_will_come(self) -> None:
        self.sign_in(self.stranger)
        self.assertContains(self.client.get(self.url), "Nothing yet.")

    def test_a_suspended_person_reads_and_learns_why_they_do_not_write(self) -> None:
        actions.suspend(self.reader, by=self.moderator, days=3, reason="attack", note="Cool down.")
        page = self.client.get(self.url)
        self.assertContains(page, "because what you wrote attacks a person")
        self.assertContains(page, "Cool down.")

    def test_a_suspension_is_said_on_every_page_to_its_person_alone(self) -> None:
        pages = ("/", "/archive/", self.post.get_absolute_url(), "/me/comments/", self.url)
        for person, number in ((self.suspended, 1), (self.reader, 0)):
            self.sign_in(person)
            for page in pages:
                with self.subTest(person.handle, page=page):
                    shown = self.client.get(page)
                    self.assertContains(shown, 'id="suspended"', count=number)
                    if number:
                        self.assertContains(shown, "You cannot write until")

    def test_garbage_as_a_place_is_not_found(self) -> None:
        for name in ("after", "unread"):
            assert self.client.get(self.url, {name: "garbage"}).status_code == 404

    def test_pages_repeat_none_and_skip_none_in_a_fixed_number_of_queries(self) -> None:
        few = self.queries()
        now = timezone.now()
        replies = [
            make_comment(self.post, self.stranger, parent=self.mine) for _reply in range(MANY)
        ]
        read = [reply.pk for reply in replies[: MANY // 2]]
        Notification.objects.filter(subject_id__in=read).update(read_at=now)
        # Of one moment, so that the ids decide.
        Notification.objects.filter(subject_id__in=read[:25]).update(created_at=now)
        assert self.queries() <= few
        seen: list[int] = []
        parts: list[bool] = []
        url = self.url
        while url:
            inbox = self.client.get(url).context["inbox"]
            for is_read, part in ((False, inbox.unread), (True, inbox.earlier)):
                rows = [row for gathered in part for row in gathered.rows]
                seen += [row.notification.subject_id for row in rows]
                parts += [is_read] * len(rows)
            url = inbox.next_page_url
        assert len(seen) == len(set(seen)) == MANY + 2
        assert parts == sorted(parts)

    def test_a_page_is_a_range_of_an_index_and_sorts_nothing(self) -> None:
        if connection.vendor != "sqlite":
            self.skipTest("PostgreSQL reads so small a table as it stands.")
        rows = Notification.objects.filter(recipient=self.reader).order_by("-created_at", "-id")
        for part, index in (
            (rows.unread(), "notification_waiting"),
            (rows.read(), "notification_done"),
        ):
            plan = part[:21].explain()
            self.assertIn(index, plan)
            self.assertNotIn("TEMP B-TREE", plan)

    def queries(self) -> int:
        self.client.get(self.url)  # begins the session
        with CaptureQueriesContext(connection) as asked:
            self.client.get(self.url)
        return len(asked)

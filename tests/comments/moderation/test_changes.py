"""Test removing and restoring changes of mind."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import changes_of_mind
from comments.actions.changes_of_mind import Credit
from comments.integrity import faults
from comments.me.erasure import erase
from comments.models import ChangeKind, ChangeOfMind, Comment, StanceRecord
from comments.models.moderation import Decision, DecisionNote
from comments.moderation import actions
from notifications.models import Notification
from tests.cast import Cast
from tests.factories import make_comment

WORDS = "It was the part about who writes the rota that made me see it otherwise."


class ChangeCase(Cast):
    """The stranger's comment moved the reader from Same to Overlap."""

    def setUp(self) -> None:
        old = timezone.now() - timedelta(days=30)
        make_comment(self.post, self.reader, self.stances["same"], now=old)
        self.comment = make_comment(
            self.post, self.stranger, self.stances["overlap"], now=old + timedelta(days=1)
        )
        self.change = changes_of_mind.give(self.credit(), now=old + timedelta(days=2))
        self.url = self.url_of("removal")
        self.page_url = reverse("comments:changes", args=[self.comment.pk])
        self.sign_in(self.moderator)

    def credit(self) -> Credit:
        return Credit(
            giver=self.reader,
            post=self.post,
            kind=ChangeKind.MOVED,
            words=WORDS,
            was=self.stances["same"],
            to=self.stances["overlap"],
            comment=self.comment,
        )

    def url_of(self, name: str) -> str:
        return reverse(f"comments:change-{name}", args=[self.change.pk])

    def remove(self, **data: str) -> Any:
        return self.client.post(self.url, {"reason": "attack", "note": "Names.", **data})

    def restore(self) -> Any:
        return self.client.post(self.url_of("restoration"))

    def public(self, url: str = "") -> str:
        return Client().get(url or self.page_url).text

    def decided(self) -> list[str]:
        return list(Decision.objects.order_by("id").values_list("action", flat=True))

    def fresh(self) -> ChangeOfMind:
        return ChangeOfMind.objects.get(pk=self.change.pk)


class RemovalTests(ChangeCase):
    """Removing a change of mind."""

    def test_it_goes_with_a_reason_that_everybody_reads(self) -> None:
        self.assertContains(self.client.get(self.url), WORDS)
        self.assertRedirects(self.remove(), self.page_url)
        page = self.public()
        self.assertIn("Removed by a moderator: it attacks a person, not an argument.", page)
        self.assertNotIn(WORDS, page)
        self.assertNotIn(WORDS, self.public(self.reader.get_absolute_url()))
        self.assertNotIn("Changed 1 mind</a>", self.public(self.post.get_absolute_url()))
        self.assertEqual(self.decided(), ["remove_change"])
        self.assertEqual(list(faults()), [])

    def test_it_comes_back(self) -> None:
        self.remove()
        self.assertRedirects(self.restore(), self.page_url)
        self.assertIn(WORDS, self.public())
        self.assertIn("Changed 1 mind</a>", self.public(self.post.get_absolute_url()))
        self.assertEqual(self.decided(), ["remove_change", "restore_change"])
        self.assertEqual(list(faults()), [])

    def test_the_answer_stays(self) -> None:
        before = list(StanceRecord.objects.values())
        self.remove()
        self.assertEqual(list(StanceRecord.objects.values()), before)

    def test_its_giver_is_told_why(self) -> None:
        self.remove()
        client = Client()
        client.force_login(self.reader)
        for name in ("me", "my-comments"):
            page = client.get(reverse(f"comments:{name}"))
            self.assertContains(page, "because it attacks a person, not an argument")
            self.assertContains(page, "Names.")
        told = Notification.objects.get(recipient=self.reader)
        client.post(reverse("comments:me-read"), {"newest": told.pk})
        self.assertContains(client.get(reverse("comments:me")), "Earlier")
        self.assertContains(client.get(reverse("comments:my-comments")), "Names.")
        self.restore()
        self.assertNotContains(client.get(reverse("comments:my-comments")), "Names.")

    def test_removed_again_it_is_told_again(self) -> None:
        for _time in range(2):
            self.remove()
            self.restore()
            self.assertEqual(self.reader.notifications.get().kind, "credit_restored")
            Notification.objects.filter(recipient=self.reader).update(read_at=timezone.now())
        self.remove()
        told = self.reader.notifications.unread().get()
        self.assertEqual(told.kind, "credit_removed")

    def test_twice_is_once(self) -> None:
        for _click in range(2):
            self.assertEqual(self.remove().status_code, 302)
        for _click in range(2):
            self.assertEqual(self.restore().status_code, 302)
        self.assertEqual(self.decided(), ["remove_change", "restore_change"])

    def test_of_two_moderators_the_second_is_told(self) -> None:
        actions.remove_change(self.change, by=self.admin, reason="spam")
        second = self.remove()
        self.assertContains(second, "ines removed this change of mind", status_code=409)
        self.assertEqual(self.fresh().removed_reason, "spam")

    def test_invalid_input_removes_nothing(self) -> None:
        for data in ({"reason": ""}, {"reason": "nonsense"}, {"reason": "other", "note": ""}):
            refused = self.remove(**data)
            self.assertContains(refused, "Nothing is removed yet", status_code=422)
        kept = self.remove(reason="", note="Kept words.")
        self.assertContains(kept, "Kept words.", status_code=422)
        self.assertEqual(self.decided(), [])

    def test_who_may(self) -> None:
        client = Client()
        self.assertEqual(client.post(self.url).status_code, 302)
        for person in (self.reader, self.stranger, self.author, self.suspended):
            client.force_login(person)
            for name in ("removal", "restoration"):
                self.assertEqual(client.post(self.url_of(name)).status_code, 404)
            self.assertNotContains(client.get(self.page_url), self.url)
        self.assertContains(self.client.get(self.page_url), self.url)
        self.assertEqual(self.client.get(self.url_of("restoration")).status_code, 405)
        self.assertEqual(self.client.put(self.url).status_code, 405)
        self.assertEqual(self.decided(), [])

    def test_nobody_is_judge_of_their_own(self) -> None:
        for person in (self.reader, self.stranger):
            person.role_grants.create(role="moderator")
            fresh = User.objects.get(pk=person.pk)
            client = Client()
            client.force_login(fresh)
            self.assertEqual(client.post(self.url, {"reason": "spam"}).status_code, 403)
        self.assertEqual(self.decided(), [])

    def test_what_was_taken_back_is_not_there(self) -> None:
        ChangeOfMind.objects.update(revoked_at=timezone.now())
        self.assertEqual(self.client.get(self.url).status_code, 404)
        self.assertEqual(self.remove().status_code, 404)

    def test_it_cannot_be_given_again_around_a_moderator(self) -> None:
        self.remove()
        self.sign_in(self.reader)
        sent = {"kind": "softened", "was": "overlap", "words": WORDS + " Again."}
        answer = self.client.post(self.page_url, sent)
        self.assertContains(answer, "a moderator removed it", status_code=409)

    def test_the_log_says_it(self) -> None:
        self.remove()
        page = self.client.get(reverse("comments:log"))
        self.assertContains(page, f'href="{self.url}"')
        self.assertContains(page, "removed a change of mind")
        desk = self.client.get(reverse("comments:moderation"))
        self.assertContains(desk, f'action="{self.url_of("restoration")}"')

    def test_a_removal_without_a_reason_is_no_row(self) -> None:
        with self.assertRaises(IntegrityError), transaction.atomic():
            ChangeOfMind.objects.update(removed_at=timezone.now())

    def test_a_paragraph_can_be_credited_and_that_removed(self) -> None:
        old = timezone.now() - timedelta(days=3)
        credit = Credit(
            giver=self.reader,
            post=self.post,
            kind=ChangeKind.SOFTENED,
            words=WORDS,
            was=self.stances["overlap"],
            paragraph="Others lead. There will be more.",
        )
        self.change = changes_of_mind.give(credit, now=old)
        self.url = self.url_of("removal")
        url = reverse("comments:post-changes", args=[self.post.slug])
        self.assertRedirects(self.remove(), url)
        self.assertIn("Removed by a moderator", self.public(url))

    def test_an_erased_account_leaves_the_row_that_the_log_points_at(self) -> None:
        self.remove()
        erase(User.objects.get(pk=self.reader.pk), delete_texts=True)
        self.assertEqual(self.fresh().words, "")
        self.assertFalse(DecisionNote.objects.exists())
        self.assertNotIn("Removed by a moderator", self.public())
        self.assertEqual(list(faults()), [])

    def test_planted_faults_are_found_and_repaired(self) -> None:
        self.remove()
        Comment.objects.filter(pk=self.comment.pk).update(minds_moved="1:1")
        found = [fault for fault in faults() if "minds_moved" in str(fault)]
        assert found[0].repair is not None
        list(found[0].repair.do([found[0].key]))
        self.assertEqual(Comment.objects.get(pk=self.comment.pk).minds_moved, "")

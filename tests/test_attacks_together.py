"""Play the attacks on the site one after another, on one site; its data have to agree afterwards.

Each attack has tests of its kind elsewhere. Here is what those cannot show: that what one of them
leaves behind, in accounts, sessions, jobs and discussions, harms neither the next nor the figures.
"""

import re
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from typing import Any
from unittest import mock

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import KeptForm, RoleGrant, User
from accounts.second_factor.requirement import GRACE
from accounts.sessions import SessionStore
from comments.models import ChangeOfMind, Comment
from comments.models.moderation import Decision
from core import limits
from core.csrf import NOBODY
from core.jobs import periodic
from core.jobs.worker import JobWorker
from core.text import skeleton
from posts.models import Post
from tests.accounts.drafts.test_kept import drawn_for, next_of
from tests.accounts.second_factor.devices import FACTORS, add_app, confirm, new_client
from tests.accounts.second_factor.devices import sign_in as type_password
from tests.accounts.test_sign_up import code_in_mail
from tests.broken_requests import all_rows
from tests.cast import Cast
from tests.comments.moderation.cases import HTMX
from tests.factories import PASSWORD, make_user
from tests.reauthenticated import client_of

# The words of a person who leaves, in everything that they wrote.
MARK = "zqxhelm"
# Forms kept for nobody from one address (`ACCOUNT_RATE_LIMITS`).
KEPT_IN_AN_HOUR = 10
THIEF = "thief@example.org"
COMPOSED, DECOMPOSED = "caf\u00e9-r\u00e9sum\u00e9-9", "cafe\u0301-re\u0301sume\u0301-9"
MOVED = "It was the part about who writes the rota that made me see it otherwise."
FIRST_PUBLISHED = re.compile(r"<published>([^<]+)</published>")


class AttacksTogetherTests(Cast):
    """One site and its cast; every line is a chapter, and begins with what the last one left."""

    def setUp(self) -> None:
        # The people of the story write faster than readers may.
        self.enterContext(mock.patch.object(limits, "RATE_READER", ((99, 1),)))

    def test_the_data_agree_after_all_attacks(self) -> None:
        for attack in (
            self.a1_a_removed_text_is_read,
            self.a2_a_person_who_leaves_is_looked_for,
            self.a3_words_of_another_session_are_looked_for,
            self.a4_flagged_words_are_replaced,
            self.a5_a_credited_comment_is_deleted,
            self.a6_the_handle_of_an_erased_person_is_taken,
            self.a7_a_reader_passes_for_an_author,
            self.b8_a_session_takes_an_account_over,
            self.b9_a_moderator_does_without_a_second_factor,
            self.b10_a_password_is_a_name,
            self.b11_a_password_is_guessed,
            self.c13_requests_are_broken,
            self.c14_the_database_is_filled_by_nobody,
            self.c15_a_fragment_is_put_in_the_place_of_a_page,
            self.d16_an_article_is_published_again,
            self.d17_acts_are_done_without_a_reason,
            self.d18_a_form_is_sent_signed_out,
        ):
            with self.subTest(attack.__name__), self.captureOnCommitCallbacks(execute=True):
                cache.clear()
                attack()
        self._work()
        self.assertEqual(faults(), ["No faults found."])
        Post.objects.filter(pk=self.post.pk).update(comment_count=99)
        self.assertRegex(faults()[0], "its comment_count is 99, counted are")

    def _work(self) -> None:
        """Do what the worker does: all that waits, and what it does each minute."""
        with self.captureOnCommitCallbacks(execute=True):
            while JobWorker().turn():
                pass
            periodic.run_all()

    # A. What must not be seen

    def a1_a_removed_text_is_read(self) -> None:
        root = self._post(self.reader, "Terrible words.")
        self._post(self.stranger, "No.", parent=root)
        self._act("removal", root, reason="attack")
        places = [self._url("text-fragment", root), self._url("text", root)]
        places += [self._url("permalink", root), self.post.get_absolute_url()]
        answer, reply = self._url("answer"), {"parent": root.pk, "stance": "same"}
        own = in_session_of(self.reader).get(f"{answer}?parent={root.pk}")
        self.assertContains(own, "Terrible words")
        for person in (None, self.stranger, self.author, self.suspended):
            client = in_session_of(person)
            said = [client.get(path, follow=True) for path in places]
            said += [client.get(f"{answer}?parent={root.pk}"), client.post(answer, reply)]
            said += [client.post(answer, {**reply, "wish": "preview", "body": "Mine."})]
            for page in said:
                self.assertNotIn("Terrible words", page.content.decode())

    def a2_a_person_who_leaves_is_looked_for(self) -> None:
        """Somebody who wrote everywhere deletes their texts, as an author and in two browsers."""
        zed = make_user("zed.quote", "author", email=f"{MARK}@example.org", is_demo=True)
        client, elsewhere = client_of(zed), in_session_of(zed)
        elsewhere.post(reverse("account_login"), {"login": zed.email, "password": "wrong"})
        draft = {"title": MARK, "body": f"A draft {MARK}.", "wish": "draft"}
        client.post(reverse("posts:studio-post-create"), draft)
        comment = self._post(zed, f"My words {MARK}.", stance="overlap")
        self._post(self.stranger, "I rely on it.", parent=comment)
        change = self._credit(self.stranger, comment)
        client.post(self._url("change-answer", change), {"said": "no", "note": f"Not {MARK}."})
        self._refused(422, client, self._url("erasure"), handle="sam", texts="delete")
        self._refused(302, elsewhere, self._url("erasure"), handle="zed.quote", texts="delete")
        self.assertIn(MARK, str(all_rows()))
        client.post(self._url("erasure"), {"handle": "zed.quote", "texts": "delete"})
        self.assertEqual(elsewhere.get(self._url("me")).status_code, 302)
        self.assertNotIn(MARK, str(all_rows()))
        for row in Session.objects.all():
            self.assertNotIn(MARK, str(SessionStore().decode(row.session_data)))

    def a3_words_of_another_session_are_looked_for(self) -> None:
        browser, path, words = Client(), self._url("answer"), "An hour of thought."
        for drawn in (drawn_for(self.reader), NOBODY):
            browser.post(path, {"stance": "same", "body": words, "drawn_for": drawn})
        enter(browser, self.stranger)
        for place in (path, self.post.get_absolute_url(), self._url("me")):
            self.assertNotContains(browser.get(place), words)
        self.assertContains(in_session_of(self.reader).get(path), words)

    def a4_flagged_words_are_replaced(self) -> None:
        comment = self._post(self.reader, "You are all fools.")
        flag = {"reason": "attack", "note": "Names."}
        self._refused(403, in_session_of(self.reader), self._url("flags", comment), **flag)
        in_session_of(self.stranger).post(self._url("flags", comment), flag)
        edit = {"stance": "same", "body": "You are all friends."}
        in_session_of(self.reader).post(self._url("edit", comment), edit)
        case = in_session_of(self.moderator).get(self._url("moderation-case", comment))
        self.assertContains(case, "fools")
        self.assertContains(case, "friends")
        page = Client().get(self.post.get_absolute_url()).text
        card = page[page.index(f'id="comment-{comment.pk}"') :]
        self.assertNotIn("edited", card[: card.index("</article>")])

    def a5_a_credited_comment_is_deleted(self) -> None:
        giver = make_user("olga", is_demo=True)
        in_session_of(giver).post(self._url("answer"), {"stance": "same", "wish": "answer"})
        comment = self._post(self.reader, "A reason to think again.", stance="overlap")
        self._credit(giver, comment)
        self.assertIn("/@olga/", self._pages_that_lead_to(comment))
        in_session_of(self.reader).post(self._url("deletion", comment))
        path = self._url("permalink", comment)
        for person, status in ((None, 410), (self.stranger, 410), (self.reader, 200)):
            self.assertEqual(in_session_of(person).get(path).status_code, status)
        self.assertEqual(self._pages_that_lead_to(comment), [])

    def a6_the_handle_of_an_erased_person_is_taken(self) -> None:
        for handle in ("zed.quote", "Zed_Qu0te"):
            new = {"email": "new@example.org", "name": handle, "password1": PASSWORD}
            Client().post(reverse("account_signup"), new)
            self.assertNotEqual(skeleton(User.objects.latest("pk").handle), skeleton(handle))
            taken = {"handle": handle, "name": ""}
            self._refused(422, in_session_of(self.reader), reverse("people:handle"), **taken)

    def a7_a_reader_passes_for_an_author(self) -> None:
        path, client = reverse("people:handle"), in_session_of(self.stranger)
        for name in ("Moderator", "\u0410da", "J U N E"):
            self._refused(422, client, path, handle="sam", name=name)
        client.post(path, {"handle": "sam", "name": "Nell"})
        grant = {"role": "author", "wish": "grant"}
        self._refused(404, client, self._url("roles", "sam"), **grant)
        client_of(self.admin).post(self._url("roles", "nell"), grant)
        self.assertEqual(Decision.objects.filter(action="grant").count(), 1)
        self.assertEqual(User.objects.get(handle="sam").display_name, "sam")
        self.assertContains(client.get(self._url("me")), "others see <bdi>sam</bdi> instead")

    # B. Accounts

    def b8_a_session_takes_an_account_over(self) -> None:
        addresses, password = reverse("account_email"), reverse("account_change_password")
        thief, new = in_session_of(self.reader), {"action_add": "", "email": THIEF}
        self._refused(302, thief, addresses, **new)
        self._refused(302, thief, password, password1="another long one")
        owner_was_here = client_of(self.reader)
        answer = owner_was_here.post(addresses, new)
        owner_was_here.post(answer["Location"], {"code": code_in_mail()})
        owner_was_here.post(addresses, {"action_primary": "", "email": THIEF})
        owner_was_here.post(addresses, {"action_remove": "", "email": self.reader.email})
        told = [str(each.body) for each in mail.outbox if each.to == [self.reader.email]]
        link = re.findall(r"/restoration/\S+", " ".join(told))[0]
        self.assertContains(Client().get(link), "@robin")
        self.assertTrue(EmailAddress.objects.filter(email=THIEF).exists())
        Client().post(link)
        self._refused(410, Client(), link)
        self.assertFalse(EmailAddress.objects.filter(email=THIEF).exists())
        self.assertEqual(owner_was_here.get(self._url("me")).status_code, 302)

    def b9_a_moderator_does_without_a_second_factor(self) -> None:
        desk, comment = self._url("moderation"), self._post(self.stranger, "Still here.")
        RoleGrant.objects.filter(user=self.moderator).update(grace_from=timezone.now() - GRACE)
        client = new_client()
        type_password(client, str(self.moderator.email))
        self.assertRedirects(client.get(desk), FACTORS)
        client.post(self._url("removal", comment), {"reason": "spam"})
        self.assertEqual(Comment.objects.get(pk=comment.pk).state, "published")
        confirm(client)
        add_app(client)
        self.assertEqual(client.get(desk).status_code, 200)

    def b10_a_password_is_a_name(self) -> None:
        client, path = client_of(self.newcomer), reverse("account_change_password")
        for name in ("counterpoint", "nell.nell.nell", "nell@example.org"):
            self._refused(200, client, path, password1=name, password2=name)
        client.post(path, {"password1": COMPOSED, "password2": COMPOSED})
        self.assertTrue(enter(Client(), self.newcomer, DECOMPOSED))

    def b11_a_password_is_guessed(self) -> None:
        other = make_user("omar", email="omar@example.org")
        for number in range(limits.WRONG_PASSWORDS):
            cache.clear()
            enter(Client(REMOTE_ADDR=f"203.0.113.{number}"), other, f"a guess {number}")
        cache.clear()
        owner = Client()
        self.assertFalse(enter(owner, other))
        owner.post("/accounts/login/code/confirm/", {"code": code_in_mail()})
        self.assertIn("_auth_user_id", owner.session)

    # C. One request, one 500

    def c13_requests_are_broken(self) -> None:
        client, before = Client(), all_rows()
        self.assertEqual(client.get("/comments/9223372036854775808/").status_code, 404)
        self.assertEqual(client.get("/accounts/login/?next=http://[").status_code, 200)
        form = "application/x-www-form-urlencoded; charset=utf-7"
        answer = client.post(self._url("answer"), b"body=+AGEAYQ-", content_type=form)
        self.assertContains(answer, "not as UTF-8", status_code=415)
        self.assertEqual(all_rows(), before)

    def c14_the_database_is_filled_by_nobody(self) -> None:
        path, before = self._url("answer"), KeptForm.objects.count()
        self._refused(422, Client(), path, body="x" * 500_000)
        for number in range(KEPT_IN_AN_HOUR + 2):
            Client().post(path, {"body": f"Words {number}.", "stance": "same"})
        kept = KeptForm.objects.count() - before
        self.assertEqual(kept, KEPT_IN_AN_HOUR)
        KeptForm.objects.update(kept_at=timezone.now() - timedelta(days=32))
        periodic.run_all()
        self.assertEqual(KeptForm.objects.count(), 0)

    def c15_a_fragment_is_put_in_the_place_of_a_page(self) -> None:
        path = self._url("text", self._post(self.stranger, "Words for all."))
        pages = [Client().get(path, **headers) for headers in ({}, HTMX)]
        self.assertContains(pages[0], "Words for all.")
        self.assertEqual(pages[0].content, pages[1].content)

    # D. What a moderator and an author cannot trust

    def d16_an_article_is_published_again(self) -> None:
        client, published = in_session_of(self.author), self._first_published()
        self.assertEqual(len(published), 1)
        client.post(reverse("posts:studio-publication-undo", args=[self.post.pk]))
        self.assertEqual(Client().get(self.post.get_absolute_url()).status_code, 404)
        again = reverse("posts:studio-publication", args=[self.post.pk])
        self.assertEqual(client.post(again, {"revision": "1"}).status_code, 302)
        self.assertEqual(self._first_published(), published)

    def d17_acts_are_done_without_a_reason(self) -> None:
        client, thread = in_session_of(self.admin), self._post(self.stranger, "A quarrel.")
        suspension = self._url("suspension", "nell")
        self._refused(422, client, self._url("lock", thread), note="Enough of it.")
        self._refused(422, client, suspension, length="3", reason="off_topic", note="Enough of it.")
        for name, about, reason in (
            ("lock", thread, "heated"),
            ("unlock", thread, "settled"),
            ("suspension", "nell", "harassing"),
        ):
            data = {"reason": reason, "length": "3"}
            self.assertEqual(client.post(self._url(name, about), data).status_code, 302)
        actions = Decision.objects.order_by("-pk").values_list("action", flat=True)
        self.assertEqual(list(actions[:3]), ["suspend", "unlock", "lock"])
        self.assertContains(client.get(suspension), self._url("suspension-end", "nell"))

    def d18_a_form_is_sent_signed_out(self) -> None:
        browser = Client()
        path = next_of(browser.post(self._url("withdrawal")))
        enter(browser, self.stranger)
        self.assertContains(browser.get(path), "Send it")
        self.assertEqual(browser.post(path).status_code, 302)

    # D 19 is every refusal.

    def _refused(self, status: int, client: Client, path: str, **data: str) -> None:
        """Send a form; it is answered by `status`, writes nothing, and keeps what was typed."""
        before = all_rows()
        answer = client.post(path, data)
        self.assertEqual((answer.status_code, all_rows() == before), (status, True), path)
        if status in {200, 422} and "note" in data:
            self.assertContains(answer, data["note"], status_code=status)

    def _url(self, name: str, about: Any = None) -> str:
        """Return the address of `name` about a row, a handle, the post or nothing."""
        of_post = name in {"answer", "withdrawal", "post-changes"}
        keys = [self.post.slug] if of_post else [getattr(about, "pk", about)] if about else []
        return reverse(f"comments:{name}", args=keys)

    def _post(
        self, person: User, body: str, stance: str = "same", parent: Comment | None = None
    ) -> Comment:
        """Return a comment that `person` sends by the form."""
        data = {"stance": stance, "body": body, "parent": parent.pk if parent else ""}
        answer = in_session_of(person).post(self._url("answer"), data)
        self.assertEqual(answer.status_code, 302)
        return Comment.objects.latest("pk")

    def _credit(self, giver: User, comment: Comment) -> ChangeOfMind:
        """Return the credit to `comment` of `giver`, who answered Same before it was written."""
        data = {"kind": "moved", "stance": "overlap", "was": "same", "words": MOVED}
        answer = in_session_of(giver).post(self._url("changes", comment), data)
        self.assertEqual(answer.status_code, 302)
        return ChangeOfMind.objects.latest("pk")

    def _pages_that_lead_to(self, comment: Comment) -> list[str]:
        """Return the public lists of comments with a link to `comment`."""
        lists = (self._url("post-changes"), "/@robin/", "/@olga/")
        link = re.compile(rf'href="[^"]*(?:/comments/{comment.pk}/|#comment-{comment.pk})"')
        return [place for place in lists if link.search(Client().get(place).text)]

    def _act(self, name: str, about: Any, **data: str) -> None:
        """Let the moderator decide `name`."""
        answer = in_session_of(self.moderator).post(self._url(name, about), data)
        self.assertEqual(answer.status_code, 302)

    def _first_published(self) -> list[str]:
        """Return when the articles of the feed were published."""
        return FIRST_PUBLISHED.findall(Client().get("/feeds/posts/").text)


def in_session_of(person: User | None) -> Client:
    """Return a browser signed in as `person`, who has not said again who they are."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def enter(client: Client, person: User, password: str = PASSWORD) -> bool:
    """Type the address of `person` and `password`; return whether that signs in."""
    client.post(reverse("account_login"), {"login": person.email, "password": password})
    return "_auth_user_id" in client.session


def faults() -> list[str]:
    """Return the lines of `check_integrity`."""
    said = StringIO()
    with suppress(CommandError):
        call_command("check_integrity", stdout=said)
    return said.getvalue().splitlines()

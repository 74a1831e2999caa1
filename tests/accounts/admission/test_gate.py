"""Test each way in which people come to an account, and every way around it."""

import re
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.admission.models import InvitationUse
from accounts.models import Admission, KeptForm, User
from accounts.signing_up.models import SignUp
from comments.models import Comment
from comments.models.moderation import Action, Decision
from comments.moderation.actions import grant_role
from publication import saving
from tests.accounts.drafts.test_kept import next_of
from tests.accounts.test_sign_up import URL, code_in_mail, form
from tests.cast import Cast
from tests.comments.views.test_write_first import ComposerForm
from tests.factories import PASSWORD, make_comment
from tests.reauthenticated import client_of

CONFIRM, CODE = "/accounts/confirm-email/", "/accounts/login/code/"
INVITATIONS, REQUESTS = "/settings/site/invitations/", "/moderation/requests/"
WORDS = "On a night ward there is one nurse in charge, and she manages and leads."


class JoiningCase(Cast):
    """A site whose way of joining changes."""

    def setUp(self) -> None:
        cache.clear()
        self.answer_url = f"{self.post.get_absolute_url()}answer/"

    def set(self, **values: Any) -> None:
        """Save `values` in the site profile."""
        saving.save_profile(values, based_on=saving.newest().number, by=self.admin)

    def sign_up(self, client: Client | None = None, **changes: str) -> Any:
        """Send the form to sign up."""
        cache.clear()
        return (client or self.client).post(URL, form(**changes))

    def confirm(self, client: Client | None = None, **more: Any) -> Any:
        """Type the code of the newest mail."""
        return (client or self.client).post(CONFIRM, {"code": code_in_mail()}, **more)

    def write_first(self, client: Client) -> Any:
        """Send the composer signed out; return what it leads to."""
        fields = ComposerForm(client.get(f"{self.answer_url}?stance=same").text).fields
        return client.post(self.answer_url, {**fields, "body": WORDS, "stance": "same"})

    def assert_nobody_came(self) -> None:
        """See that no address of a newcomer was confirmed, and nobody is signed in."""
        came = EmailAddress.objects.filter(email__startswith="new", verified=True)
        self.assertFalse(came.exists())
        self.assertNotIn("_auth_user_id", self.client.session)

    def invite(self, uses: int = 1) -> str:
        """Make an invitation link as an admin, and return its path."""
        admin = Client()
        admin.force_login(self.admin)
        fields = admin.get(INVITATIONS).context["form"]
        sent = {each.name: each.value() for each in fields} | {"uses": uses, "label": "Spring"}
        address: str = admin.post(INVITATIONS, sent).context["address"]
        again = admin.post(INVITATIONS, sent)
        self.assertRedirects(again, INVITATIONS)
        return address.removeprefix("http://localhost:8000")


class ClosedTests(JoiningCase):
    """Nobody comes; those who are there sign in as ever."""

    def test_every_page_says_so_before_a_word_is_typed(self) -> None:
        pages = (self.post.get_absolute_url(), self.answer_url, "/accounts/login/", URL)
        open_pages = [self.client.get(page).text for page in pages]
        self.set(signing_up="closed")
        for page, before in zip(pages, open_pages, strict=True):
            with self.subTest(page):
                now = self.client.get(page).text
                self.assertNotIn("new accounts at the moment", before)
                self.assertNotIn("new ones at the moment", before)
                self.assertRegex(now, "new (accounts|ones) at the moment")
                self.assertNotIn(f'href="{URL}', now)
        self.assertNotContains(self.client.get(self.post.get_absolute_url()), "sign up after")
        self.assertIn("/accounts/login/?next=", self.write_first(self.client)["Location"])
        self.assertEqual(KeptForm.objects.count(), 1)

    def test_no_account_comes_of_the_form(self) -> None:
        self.set(signing_up="closed")
        people = User.objects.count()
        self.assertContains(self.sign_up(), "No new accounts", status_code=403)
        self.assertEqual((User.objects.count(), len(mail.outbox)), (people, 0))
        self.client.post("/accounts/login/", {"login": self.reader.email, "way": "code"})
        self.client.post("/accounts/login/code/confirm/", {"code": code_in_mail()})
        self.assertIn("_auth_user_id", self.client.session)

    def test_one_begun_while_it_was_open_is_not_confirmed_after_it_closed(self) -> None:
        self.sign_up()
        self.set(signing_up="closed")
        self.assertContains(self.confirm(), "no new accounts at the moment", status_code=403)
        self.assert_nobody_came()
        # Nor by a code to sign in with, nor by a new password.
        other = Client()
        cache.clear()
        asked = other.post(CODE, {"email": "new@example.org"})
        answer = other.post(asked["Location"], {"code": code_in_mail()})
        self.assertEqual(answer.status_code, 403)
        cache.clear()
        reset = Client()
        reset.post("/accounts/password/reset/", {"email": "new@example.org"})
        [link] = re.findall(r"/accounts/password/reset/key/\S+", str(mail.outbox[-1].body))
        page = reset.get(link)
        words = {"password1": PASSWORD, "password2": PASSWORD}
        self.assertEqual(reset.post(page["Location"], words).status_code, 403)
        self.assert_nobody_came()
        self.assertEqual(SignUp.objects.count(), 1)
        self.set(signing_up="open")
        cache.clear()
        asked = other.post(CODE, {"email": "new@example.org"})
        other.post(asked["Location"], {"code": code_in_mail()})
        self.assertIn("_auth_user_id", other.session)


class DomainTests(JoiningCase):
    """Addresses of some domains have no account here."""

    REFUSED = (
        "new@spam.example",
        "NEW@SPAM.Example",
        "new+more@mail.spam.example",
        "new@bücher.example",
        "new@xn--bcher-kva.example",
        "new@XN--BCHER-KVA.example",
        "new@ｓｐａｍ.example",
        "new@spam。example",
    )

    def test_a_refused_domain_is_refused_however_it_is_written(self) -> None:
        self.set(domains_refused=["spam.example", "xn--bcher-kva.example"])
        for email in self.REFUSED:
            with self.subTest(email):
                answer = self.sign_up(email=email)
                self.assertTrue(answer.context["form"].errors["email"])
        self.assertFalse(SignUp.objects.exists())
        for email in ("new@notspam.example", "new+spam.example@example.org"):
            self.assertEqual(self.sign_up(Client(), email=email).status_code, 302)

    def test_only_those_allowed_and_the_answer_tells_nothing_of_known_ones(self) -> None:
        self.set(domains_allowed=["uni.example"])
        self.assertContains(self.client.get(URL), "e-mail address at uni.example")
        texts = []
        for email in (self.reader.email, "stork@example.org"):
            answer = self.sign_up(email=email or "")
            texts.append(answer.text.replace(email or "", ""))
        csrf = texts[0].split('csrfmiddlewaretoken" value="')[1][:64]
        other = texts[1].split('csrfmiddlewaretoken" value="')[1][:64]
        self.assertEqual(texts[0].replace(csrf, ""), texts[1].replace(other, ""))
        self.assertContains(answer, "Accounts here need an e-mail address at uni.example")
        self.assertEqual(self.sign_up(email="new@mail.UNI.example").status_code, 302)
        self.confirm()
        self.assertIn("_auth_user_id", self.client.session)

    def test_no_such_address_is_added_later_or_confirmed_after_the_rule(self) -> None:
        self.set(domains_refused=["spam.example"])
        owner = client_of(self.reader)
        for email in self.REFUSED[:3]:
            answer = owner.post("/accounts/email/", {"action_add": "", "email": email})
            self.assertContains(answer, "Addresses at")
        self.assertFalse(EmailAddress.objects.filter(email__icontains="spam").exists())
        self.assertEqual(len(mail.outbox), 0)
        asked = owner.post("/accounts/email/", {"action_add": "", "email": "new@soon.example"})
        self.set(domains_refused=["soon.example"])
        page = owner.post(asked["Location"], {"code": code_in_mail()}, follow=True)
        self.assertContains(page, "Addresses at soon.example cannot be used here")
        self.assertFalse(EmailAddress.objects.filter(email="new@soon.example").exists())
        # One that was asked for before the rule is not confirmed after it.
        visitor = Client()
        self.sign_up(visitor, email="new@later.example")
        self.set(domains_refused=["later.example"])
        self.confirm(visitor)
        self.assert_nobody_came()


class InvitationTests(JoiningCase):
    """A link lets a number of people in, until its last day."""

    def test_a_link_for_one_lets_one_in_and_says_so_to_the_next(self) -> None:
        self.set(signing_up="invitation")
        self.assertContains(self.sign_up(), "by invitation", status_code=403)
        link = self.invite()
        first, second = Client(), Client()
        for client in (first, second):
            self.assertRedirects(client.get(link), URL)
            self.assertContains(client.get(URL), "You are invited")
        self.sign_up(first, email="new1@example.org", name="One")
        first_code = code_in_mail()
        self.sign_up(second, email="new2@example.org", name="Two")
        # Both hold the link; the place goes to who confirms first.
        self.confirm(second)
        self.assertIn("_auth_user_id", second.session)
        answer = first.post(CONFIRM, {"code": first_code})
        self.assertContains(answer, "no longer works", status_code=403)
        self.assertNotIn("_auth_user_id", first.session)
        for replayed in (link, link[:-2] + "/", link.replace(link[-9:-1], "forged00")):
            page = Client().get(replayed)
            self.assertContains(page, "This invitation no longer works", status_code=410)
        self.assertContains(self.sign_up(first), "by invitation", status_code=403)
        use = InvitationUse.objects.get()
        self.assertEqual((use.person.name, use.place), ("Two", 1))
        self.client.force_login(self.admin)
        page = self.client.get(INVITATIONS)
        self.assertContains(page, "1 of 1 used")
        self.assertContains(page, ">Two</a>")
        self.assertNotContains(page, link)

    def test_a_revoked_or_ended_link_lets_nobody_in_even_who_opened_it_before(self) -> None:
        self.set(signing_up="invitation")
        link = self.invite(uses=3)
        self.client.get(link)
        self.sign_up()
        admin = Client()
        admin.force_login(self.admin)
        page = admin.get(INVITATIONS)
        pk = page.context["rows"][0]["link"].pk
        admin.post(f"{INVITATIONS}{pk}/revocation/")
        self.assertEqual(self.client.get(link).status_code, 410)
        self.assertEqual(self.confirm().status_code, 403)
        self.assert_nobody_came()
        self.assertRedirects(admin.post(f"{INVITATIONS}{pk}/revocation/"), INVITATIONS)

    def test_who_began_without_a_link_comes_by_one_with_the_same_words(self) -> None:
        self.sign_up()
        self.set(signing_up="invitation")
        self.assertContains(self.confirm(), "New accounts are by invitation now", status_code=403)
        self.assertRedirects(self.client.get(self.invite()), URL)
        self.assertEqual(self.sign_up()["Location"], CONFIRM)
        self.confirm()
        self.assertIn("_auth_user_id", self.client.session)
        self.assertEqual(InvitationUse.objects.get().person.handle, "newbie")

    def test_a_link_lets_in_without_approval_but_not_where_it_is_closed(self) -> None:
        self.set(signing_up="approval")
        self.client.get(self.invite())
        self.sign_up()
        self.confirm()
        self.assertEqual(User.objects.get(handle="newbie").admission, Admission.ADMITTED)
        self.set(signing_up="closed")
        other = Client()
        other.get(self.invite())
        self.assertEqual(self.sign_up(other, email="new2@example.org").status_code, 403)

    def test_links_are_made_by_admins_and_within_limits(self) -> None:
        self.client.force_login(self.moderator)
        self.assertEqual(self.client.get(INVITATIONS).status_code, 404)
        self.client.force_login(self.admin)
        for wrong in ({"uses": 0}, {"uses": 501}, {"last_day": "2001-01-01"}, {"last_day": "x"}):
            sent = {"uses": 1, "last_day": "2026-12-31", "label": "Kept", **wrong}
            with self.subTest(wrong):
                answer = self.client.post(INVITATIONS, sent)
                self.assertContains(answer, 'value="Kept"', status_code=422)
        self.assertRedirects(self.client.get("/invitation/whatever/"), "/")


class ApprovalTests(JoiningCase):
    """Somebody approves each account; until then its words wait."""

    def test_what_was_typed_waits_is_edited_and_posted_after_approval(self) -> None:
        self.set(signing_up="approval", newcomer_comments=0)
        page = self.client.get(self.answer_url)
        self.assertContains(page, "approves each new account")
        led = self.write_first(self.client)
        self.client.post(led["Location"], form(next=next_of(led)))
        led_to = self.confirm()
        self.assertRedirects(led_to, next_of(led), fetch_redirect_response=False)
        self.assertContains(self.client.get("/about/"), "We will e-mail you", count=1)
        person = User.objects.get(handle="newbie")
        self.assertEqual(person.admission, Admission.WAITING)
        page = self.client.get(self.answer_url)
        self.assertContains(page, WORDS)
        self.assertContains(page, "is waiting for approval")
        fields = {**ComposerForm(page.text).fields, "body": f"{WORDS} Mended.", "stance": "same"}
        self.client.post(self.answer_url, {**fields, "wish": "post"})
        self.client.post(self.answer_url, {**fields, "wish": "answer"})
        self.assertContains(self.client.get(self.answer_url), "Mended.")
        # A reply is kept beside it, and knows what it answers.
        above = make_comment(self.post, self.reader)
        reply = self.client.post(self.answer_url, {**fields, "parent": above.pk, "body": "So."})
        self.assertRedirects(reply, f"{self.answer_url}?parent={above.pk}")
        self.assertContains(self.client.get(reply["Location"]), "Reply to <bdi>robin</bdi>")
        self.assertContains(self.client.get(self.answer_url), "Mended.")
        self.client.post(self.answer_url, fields)
        self.assertContains(self.client.get(self.post.get_absolute_url()), "Your kept words")
        mine = self.client.get("/me/comments/")
        self.assertContains(mine, "is waiting for approval")
        self.assertContains(mine, f'<a href="{self.answer_url}">Your kept words')
        for path in ("/me/handle/", f"{self.answer_url}withdrawal/", "/studio/"):
            with self.subTest(path):
                self.assertIn(self.client.post(path).status_code, (403, 404, 405))
        self.assertEqual(list(Comment.objects.all()), [above])
        self.assertEqual(Decision.objects.count(), 0)

        staff = Client()
        staff.force_login(self.moderator)
        self.assertContains(staff.get("/moderation/"), "New accounts <b>1</b>")
        desk = staff.get(REQUESTS)
        self.assertContains(desk, "address at example.org")
        self.assertNotContains(desk, "new@example.org")
        url = "/@newbie/admission/"
        declined = staff.post(url, {"wish": "decline", "note": ""})
        self.assertContains(declined, "say in a sentence why", status_code=422)
        for _time in range(2):
            staff.post(url, {"wish": "decline", "note": "We know nobody of this name."})
        self.assertEqual([each.action for each in Decision.objects.all()], [Action.DECLINE])
        self.assertIn("We know nobody of this name.", str(mail.outbox[-1].body))
        self.assertContains(self.client.get("/me/comments/"), "We know nobody of this name.")
        kept = self.client.post(self.answer_url, fields, follow=True)
        self.assertContains(kept, "Kept for you alone: your account was not approved.")
        for _time in range(2):
            staff.post(url, {"wish": "approve", "note": "Welcome."})
        self.assertEqual(Decision.objects.count(), 2)
        late = staff.post(url, {"wish": "decline", "note": "Too late."})
        self.assertContains(late, "has approved this account", status_code=409)
        told = mail.outbox[-1]
        self.assertEqual(told.to, ["new@example.org"])
        self.assertIn(self.answer_url, str(told.body))
        self.assertContains(staff.get("/moderation/log/"), "We know nobody of this name.")

        page = self.client.get(self.answer_url)
        self.assertContains(page, "Mended.")
        self.client.post(self.answer_url, {**ComposerForm(page.text).fields, "wish": "post"})
        self.assertEqual(Comment.objects.latest("pk").author, person)

    def test_decisions_are_of_moderators_and_a_role_is_an_approval(self) -> None:
        waiting = self.stranger
        User.objects.filter(pk=waiting.pk).update(admission=Admission.WAITING)
        url = f"/@{waiting.handle}/admission/"
        for user, status in ((self.reader, 404), (self.author, 404), (waiting, 404)):
            self.client.force_login(user)
            self.assertEqual(self.client.post(url, {"wish": "approve"}).status_code, status)
        self.client.logout()
        self.assertEqual(self.client.post(url, {"wish": "approve"}).status_code, 302)
        waiting.refresh_from_db()
        self.assertEqual(waiting.admission, Admission.WAITING)
        grant_role(waiting, by=None, role="author")
        waiting.refresh_from_db()
        self.assertEqual(waiting.admission, Admission.ADMITTED)


def test_only_signing_up_and_commands_make_accounts() -> None:
    """A new way of making accounts has to go through `signing_up.actions`, which the gate asks."""
    makes = re.compile(r"\bUser\.objects\.\w*create\w*\(")
    root = Path(settings.BASE_DIR)
    found = {
        path.relative_to(root).as_posix()
        for folder in ("site", "posts", "comments")
        for path in (root / folder).rglob("*.py")
        if makes.search(path.read_text())
    }
    assert found == {
        "site/accounts/signing_up/actions.py",
        "comments/seeding/demo.py",
        "comments/seeding/generator.py",
    }

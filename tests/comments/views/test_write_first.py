"""Test writing before signing up: on each way in, the words end up in the published comment."""

from html.parser import HTMLParser
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import KeptForm, User
from comments.models import Comment, CommentState
from publication import current
from publication.models import SiteProfile
from tests.accounts.drafts.test_kept import next_of
from tests.accounts.test_sign_up import code_in_mail, form
from tests.cast import Cast
from tests.factories import PASSWORD, make_comment

WORDS = "On a night ward there is one nurse in charge, and she manages and leads."
CONFIRM, SIGN_IN, CODE = "/accounts/confirm-email/", "/accounts/login/", "/accounts/login/code/"


class ComposerForm(HTMLParser):
    """The fields of the composer on a page, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._inside = self._in_text = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        of = dict(attrs)
        if tag == "form":
            self._inside = "data-composer" in of
        is_sent = of.get("type") != "radio" or "checked" in of
        if self._inside and tag == "input" and is_sent:
            self.fields[of["name"]] = of.get("value", "")
        self._in_text = self._inside and tag == "textarea"

    def handle_data(self, data: str) -> None:
        if self._in_text:
            self.fields["body"] = data

    def handle_endtag(self, tag: str) -> None:
        self._in_text = False


class WriteFirstTests(Cast):
    """Somebody signed out, who writes an answer."""

    def setUp(self) -> None:
        cache.clear()
        self.enterContext(current.showing(SiteProfile(number=0, newcomer_comments=0)))
        self.url = reverse("comments:answer", args=[self.post.slug])

    def write(self, **changes: Any) -> Any:
        """Send the composer as the page for visitors has it; return what it answers."""
        page = self.client.get(f"{self.url}?stance=same")
        return self.client.post(
            self.url, {**ComposerForm(page.text).fields, "body": WORDS, **changes}
        )

    def assert_posted(self, page: Any, client: Client | None = None) -> None:
        """Send the composer of `page` as it is, and see the words as a published comment."""
        fields = ComposerForm(page.text).fields
        self.assertEqual((fields["body"], fields["stance"]), (WORDS, "same"))
        (client or self.client).post(self.url, {**fields, "wish": "post"})
        comment = Comment.objects.get()
        self.assertEqual(
            (comment.state, comment.stance), (CommentState.PUBLISHED, self.stances["same"])
        )
        self.assertContains(Client().get(self.post.get_absolute_url()), WORDS)
        self.assertFalse(KeptForm.objects.exists())

    def sign_up(self, leads_to: str, **changes: str) -> Any:
        return self.client.post(reverse("account_signup"), form(next=leads_to, **changes))

    def test_by_signing_up_and_the_code(self) -> None:
        self.assertContains(self.client.get(self.url), "Next: your e-mail address")
        answer = self.write()
        self.assertTrue(answer["Location"].startswith("/accounts/signup/?next="))
        asked = self.client.get(answer["Location"])
        code = self.client.get(self.sign_up(next_of(answer))["Location"])
        for page in (asked, code):
            self.assertContains(page, WORDS)
            self.assertContains(page, "Your answer is kept: Same.")
        wrong = self.client.post(CONFIRM, {"code": "AAAA-AAAA"})
        self.assertContains(wrong, WORDS)
        page = self.client.post(CONFIRM, {"code": code_in_mail()}, follow=True)
        self.assertContains(page, '<li aria-current="step">Post it</li>')
        self.assert_posted(page)
        self.assertNotContains(self.client.get(self.url), 'aria-current="step"')

    def test_that_first_comments_are_checked_is_said_before_one_writes(self) -> None:
        for number, said in (
            (1, "Your first comment is checked before it appears."),
            (2, "Your first 2 comments are checked before they appear."),
        ):
            self.enterContext(current.showing(SiteProfile(number=0, newcomer_comments=number)))
            for page in (self.client.get(self.url), self.write(wish="preview")):
                self.assertRegex(page.text, f'<p class="composer__next">[^<]*{said}')
        self.enterContext(current.showing(SiteProfile(number=0, newcomer_comments=0)))
        self.assertNotContains(self.client.get(self.url), "checked before")
        self.sign_in(self.newcomer)
        self.assertNotContains(self.client.get(self.url), "composer__next")

    def test_the_kept_words_are_shown_without_the_marks_of_markdown(self) -> None:
        kept = self.write(body="**Small talk** is > *half* of it.\n\n- and tea <b>x</b>")
        page = self.client.get(kept["Location"])
        self.assertContains(
            page, '<blockquote dir="auto">Small talk is &gt; half of it. and tea &lt;b&gt;x'
        )
        self.assertNotContains(page, "**Small")
        for body in ("> " * 60 + "deep", "---"):  # what cannot be rendered is shown as typed
            page = self.client.get(self.write(body=body)["Location"])
            self.assertEqual(page.status_code, 200)

    def test_by_the_code_on_another_device(self) -> None:
        self.sign_up(next_of(self.write()))
        phone = Client()
        at = phone.post(CODE, {"email": "new@example.org"})["Location"]
        page = phone.post(at, {"code": code_in_mail()}, follow=True)
        self.assert_posted(page, phone)
        self.assertNotContains(self.client.get(CONFIRM, follow=True), WORDS)

    def test_by_a_password_after_a_wrong_one(self) -> None:
        leads_to = next_of(self.write())
        entered = {"login": self.reader.email, "next": leads_to}
        wrong = self.client.post(SIGN_IN, {**entered, "password": "not this one"})
        self.assertContains(wrong, WORDS)
        right = {**entered, "password": PASSWORD}
        self.assert_posted(self.client.post(SIGN_IN, right, follow=True))

    def test_by_a_code_to_sign_in(self) -> None:
        asked = self.client.post(CODE, {"email": self.reader.email, "next": next_of(self.write())})
        self.assertContains(self.client.get(asked["Location"]), WORDS)
        sent = {"code": code_in_mail(), "next": next_of(asked)}
        self.assert_posted(self.client.post(asked["Location"], sent, follow=True))

    def test_by_signing_in_after_signing_up_with_a_known_address(self) -> None:
        """The account of nobody that it made does not keep the words from their writer."""
        leads_to = next_of(self.write())
        self.sign_up(leads_to, email=str(self.reader.email))
        self.client.post(reverse("account_logout"))
        User.objects.get(handle="newbie").delete()
        entered = {"login": self.reader.email, "password": PASSWORD, "next": leads_to}
        self.assert_posted(self.client.post(SIGN_IN, entered, follow=True))

    def test_what_has_to_be_mended_is_said_before_signing_up(self) -> None:
        for changes, said in (
            ({"stance": ""}, "choose an answer"),
            ({"body": ""}, "write something"),
        ):
            self.assertContains(self.write(**changes), said, status_code=422)
        self.assertFalse(KeptForm.objects.exists())
        self.assertContains(self.write(wish="preview"), "Preview</p>")
        answered = self.write(wish="answer", body="")
        self.assertContains(self.client.get(answered["Location"]), "Your answer is kept: Same.")

    def test_the_page_to_write_on_is_stored_nowhere_and_hides_what_visitors_may_not_read(
        self,
    ) -> None:
        root = make_comment(self.post, self.stranger)
        page = self.client.get(f"{self.url}?parent={root.pk}")
        self.assertContains(page, root.body)
        self.assertEqual(page.headers["Cache-Control"], "private, no-store")
        root.deleted_at = root.created_at
        root.save()
        self.assertNotIn(root.body, self.client.get(f"{self.url}?parent={root.pk}").text)
        self.assertEqual(
            self.client.get(reverse("comments:answer", args=["nowhere"])).status_code, 404
        )

    def test_nobody_else_sees_what_is_kept_on_the_way(self) -> None:
        answer = self.write()
        self.assertNotContains(Client().get(answer["Location"]), WORDS)
        for address in (
            "/accounts/login/",
            "/accounts/signup/?next=/",
            "/accounts/login/?next=http://[",
        ):
            self.assertNotContains(self.client.get(address), WORDS)

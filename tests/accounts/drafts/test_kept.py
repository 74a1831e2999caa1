"""Test that words sent without a session return to their writer alone, whatever the form."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, RequestFactory, TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from accounts import drafts
from accounts.drafts import FormPlace
from accounts.models import KeptForm, User
from core import csrf, limits
from core.jobs import periodic
from tests.accounts.test_sign_up import code_in_mail
from tests.cast import Cast
from tests.factories import PASSWORD, make_comment, make_post, make_question, make_user
from tests.permission_rows import World
from tests.test_permissions import TABLE

WORDS = "An hour of thought, in words that nobody else has."


def drawn_for(person: User | AnonymousUser) -> str:
    request = RequestFactory().get("/")
    request.user = person
    return csrf.drawn_for(request)


@contextmanager
def undone() -> Iterator[None]:
    """Undo the rows of the block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def next_of(answer: Any) -> str:
    """Return the address to which the sign-in leads that `answer` redirects to."""
    found: str = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
    return found


class EveryFormTests(Cast):
    """Every route that takes forms of people who are signed in."""

    def test_what_an_account_typed_returns_to_that_account_alone(self) -> None:
        for row in self.rows():
            with self.subTest(row["route"], on=row["on"]), undone():
                cache.clear()
                client = Client()
                answer, path = self.send(client, row, drawn_for(self.reader))
                kept = KeptForm.objects.get()
                assert (kept.person, kept.path) == (self.reader, path)
                assert WORDS in kept.typed
                client.force_login(self.stranger)
                assert WORDS not in client.get(next_of(answer), follow=True).content.decode()
                assert KeptForm.objects.count() == 1

    def test_what_was_typed_signed_out_returns_to_the_sign_in_begun_from_that_form(self) -> None:
        for row in self.rows():
            with self.subTest(row["route"], on=row["on"]), undone():
                cache.clear()
                client = Client()
                answer, path = self.send(client, row, csrf.NOBODY)
                assert KeptForm.objects.get().person is None
                client.force_login(self.stranger)
                for elsewhere in (path, f"{path}?kept={uuid4()}", f"{path}?kept=x"):
                    assert WORDS not in client.get(elsewhere, follow=True).content.decode()
                other = Client()
                other.force_login(self.stranger)
                assert WORDS not in other.get(next_of(answer), follow=True).content.decode()
                assert KeptForm.objects.count() == 1

    def test_a_form_drawn_for_somebody_else_is_refused_and_its_words_are_not_shown(self) -> None:
        for row in self.rows():
            with self.subTest(row["route"], on=row["on"]), undone():
                client = Client()
                client.force_login(self.admin)
                answer, _path = self.send(client, row, drawn_for(self.stranger))
                assert answer.status_code == 403
                assert WORDS not in answer.content.decode()

    def rows(self) -> list[dict[str, Any]]:
        return [row for row in TABLE["rows"] if row["method"] == "POST" and row["anonymous"] == "L"]

    def send(self, client: Client, row: dict[str, Any], signed: str) -> tuple[Any, str]:
        arguments, more = World(self, AnonymousUser()).target(row["on"])
        path = reverse(row["route"], args=arguments)
        data = {**row.get("data", {}), **more, "body": WORDS, "words": WORDS, "title": WORDS}
        data = {name: value for name, value in data.items() if name != "drawn_for"}
        return client.post(path, {**data, csrf.DRAWN_FOR: signed}), path


class ReturningTests(Cast):
    """The way back, by the forms of the pages."""

    def setUp(self) -> None:
        cache.clear()
        self.url = reverse("comments:answer", args=[self.post.slug])

    def type_as(self, signed: str, **data: str) -> Any:
        sent = {"stance": "same", "body": WORDS, csrf.DRAWN_FOR: signed, **data}
        return self.client.post(self.url, sent)

    def enter(self, person: User, path: str) -> Any:
        """Sign in on the page for that, which leads to `path`."""
        entered = {"login": person.email, "password": PASSWORD, "next": path}
        return self.client.post(reverse("account_login"), entered, follow=True)

    def test_every_page_with_a_form_says_for_whom_it_is_drawn(self) -> None:
        self.sign_in(self.reader)
        signed = drawn_for(self.reader)
        for path in (self.url, self.post.get_absolute_url(), reverse("people:handle")):
            page = self.client.get(path)
            forms = page.content.decode().count("csrfmiddlewaretoken")
            assert forms == page.content.decode().count(f'name="drawn_for" value="{signed}"') > 0

    def test_pages_for_visitors_are_drawn_for_nobody(self) -> None:
        self.assertNotContains(self.client.get(reverse("account_login")), "drawn_for")
        self.assertNotContains(self.client.get(self.post.get_absolute_url()), "drawn_for")

    def test_signing_in_leads_to_words_of_the_last_day_alone(self) -> None:
        entered = {"login": self.reader.email, "password": PASSWORD}
        for hours, leads_to in ((23, self.url), (25, "/")):
            drafts.save(self.reader.pk, FormPlace(self.url), {"body": [WORDS]})
            KeptForm.objects.update(kept_at=timezone.now() - timedelta(hours=hours))
            answer = self.client_class().post(reverse("account_login"), entered)
            self.assertRedirects(answer, leads_to, fetch_redirect_response=False)

    def test_it_returns_to_the_account_on_any_device_until_it_is_posted(self) -> None:
        answer = self.type_as(drawn_for(self.reader))
        assert next_of(answer) == self.url
        elsewhere = self.client_class()
        elsewhere.force_login(self.reader)
        for _visit in range(2):
            assert WORDS in elsewhere.get(self.url).content.decode()
        self.assertContains(self.enter(self.reader, self.url), WORDS)
        self.type_as(drawn_for(self.reader))
        self.assertNotContains(self.client.get(self.url), WORDS)
        assert not KeptForm.objects.exists()

    def test_typed_signed_out_it_becomes_a_draft_at_the_sign_in_from_that_form(self) -> None:
        waits_at = next_of(self.type_as(csrf.NOBODY))
        page = self.enter(self.reader, waits_at)
        self.assertContains(page, WORDS)
        self.assertContains(page, 'value="same" checked')
        assert KeptForm.objects.get().person == self.reader
        self.assertContains(self.client.get(self.url), WORDS)

    def test_typed_signed_out_it_returns_to_the_sign_up_from_that_form(self) -> None:
        waits_at = next_of(self.type_as(csrf.NOBODY))
        new = {"email": "new@example.org", "name": "Newest", "password1": PASSWORD}
        self.client.post(reverse("account_signup"), {**new, "next": waits_at})
        page = self.client.post(
            reverse("account_email_verification_sent"), {"code": code_in_mail()}, follow=True
        )
        self.assertContains(page, WORDS)
        assert self.client.session.get_expiry_age() > 7 * 24 * 60 * 60

    def test_another_tab_and_a_later_person_do_not_see_it(self) -> None:
        self.type_as(csrf.NOBODY)
        self.assertNotContains(self.enter(self.stranger, self.url), WORDS)

    def test_signing_up_from_a_form_kept_for_an_account_shows_nothing(self) -> None:
        self.type_as(drawn_for(self.reader))
        self.assertNotContains(self.enter(self.stranger, self.url), WORDS)
        self.assertContains(self.enter_after_leaving(self.reader), WORDS)

    def enter_after_leaving(self, person: User) -> Any:
        self.client.post(reverse("account_logout"))
        return self.enter(person, self.url)

    def test_secrets_are_not_kept(self) -> None:
        secret = {"password": "secret-1", "new_password": "secret-2", "code": "secret-3"}
        self.type_as(drawn_for(self.reader), **secret)
        assert set(json.loads(KeptForm.objects.get().typed)) == {"stance", "body"}

    def test_a_forged_field_keeps_nothing_and_shows_nothing(self) -> None:
        for forged in (f"{self.reader.pk}:forged", str(self.reader.pk), "nonsense"):
            answer = self.type_as(forged)
            self.assertContains(answer, "Please sign in first", status_code=403)
            self.assertNotContains(answer, WORDS, status_code=403)
        assert not KeptForm.objects.exists()

    def test_a_field_that_is_older_than_two_sessions_leaves_no_words_with_the_account(self) -> None:
        signed, session = drawn_for(self.reader), timedelta(seconds=limits.SESSION_ABSOLUTE)
        for passed, kept in ((session, 1), (2 * session, 0)):
            with (
                self.subTest(passed),
                undone(),
                mock.patch("django.utils.timezone.now", return_value=timezone.now() + passed),
            ):
                cache.clear()
                self.type_as(signed)
                assert KeptForm.objects.count() == kept

    def test_words_of_an_erased_account_are_not_kept(self) -> None:
        signed = drawn_for(self.reader)
        self.reader.erase()
        assert self.type_as(signed).status_code == 403
        assert not KeptForm.objects.exists()

    def test_an_expired_form_shows_its_words_to_the_person_it_was_drawn_for_alone(self) -> None:
        strict = self.client_class(enforce_csrf_checks=True)
        for person, shown in ((self.reader, True), (self.stranger, False)):
            strict.force_login(person)
            sent = {"body": WORDS, csrf.DRAWN_FOR: drawn_for(self.reader)}
            page = strict.post(self.url, sent)
            assert page.status_code == 403
            assert (WORDS in page.content.decode()) is shown

    @mock.patch.object(limits, "DRAFTS", 5)
    def test_an_account_keeps_the_newest_of_each_page_and_a_number_of_pages(self) -> None:
        signed = drawn_for(self.reader)
        self.type_as(signed, body="The first words.")
        self.type_as(signed)
        assert WORDS in KeptForm.objects.get().typed
        for _ in range(limits.DRAFTS + 2):
            post = make_post(self.author)
            make_question(post)
            self.url = reverse("comments:answer", args=[post.slug])
            self.type_as(signed)
        assert KeptForm.objects.count() == limits.DRAFTS


class ForNobodyTests(Cast):
    """Limits of what is kept for nobody."""

    def setUp(self) -> None:
        cache.clear()
        self.url = reverse("comments:answer", args=[self.post.slug])

    def test_a_comment_of_full_length_is_kept(self) -> None:
        self.send("ä" * limits.COMMENT_MAX)
        assert KeptForm.objects.count() == 1

    def test_more_is_not_kept_and_returned_to_copy(self) -> None:
        sent = "ä" * (limits.COMMENT_MAX + limits.KEPT_OTHER_FIELDS)
        root = make_comment(self.post, self.stranger)
        page = self.client.post(reverse("comments:flags", args=[root.pk]), {"note": sent})
        self.assertContains(page, sent, status_code=403)
        self.assertContains(page, reverse("account_login"), status_code=403)
        assert not KeptForm.objects.exists()
        assert not Session.objects.exists()

    def test_a_comment_too_long_to_post_is_shown_again(self) -> None:
        sent = "ä" * (limits.COMMENT_MAX + 1)
        self.assertContains(self.send(sent), sent, status_code=422)
        assert not KeptForm.objects.exists()
        assert not Session.objects.exists()

    def test_names_of_fields_count_too(self) -> None:
        fields = {f"{number}-{'x' * 100}": "" for number in range(190)}
        sent = {"body": WORDS, "stance": "same", **fields}
        assert self.client.post(self.url, sent).status_code == 403
        assert not KeptForm.objects.exists()

    def test_an_address_sends_a_few_in_an_hour(self) -> None:
        sent = {"body": WORDS, "stance": "same"}
        statuses = [self.client_class().post(self.url, sent).status_code for _ in range(12)]
        assert statuses == [302] * 10 + [403] * 2
        assert KeptForm.objects.count() == Session.objects.count() == 10
        elsewhere = self.client_class(REMOTE_ADDR="203.0.113.9")
        assert elsewhere.post(self.url, sent).status_code == 302

    def test_all_addresses_together_fill_no_disk(self) -> None:
        sent = {"body": WORDS, "stance": "same"}
        with mock.patch.object(limits, "KEPT_FOR_NOBODY_MOST", 2):
            answers = [
                self.client_class(REMOTE_ADDR=f"203.0.113.{number}").post(self.url, sent)
                for number in range(3)
            ]
        assert [answer.status_code for answer in answers] == [302, 302, 403]
        self.assertContains(answers[-1], WORDS, status_code=403)
        assert KeptForm.objects.count() == Session.objects.count() == 2

    def test_after_a_day_it_is_gone_with_its_session(self) -> None:
        self.send(WORDS)
        day = timedelta(seconds=limits.KEPT_FOR_NOBODY)
        assert Session.objects.get().expire_date <= timezone.now() + day
        KeptForm.objects.update(kept_at=timezone.now() - day)
        Session.objects.update(expire_date=timezone.now())
        periodic.run_all()
        assert not KeptForm.objects.exists()
        assert not Session.objects.exists()

    def test_what_waits_for_an_account_stays_a_month(self) -> None:
        self.client.post(self.url, {"body": WORDS, csrf.DRAWN_FOR: drawn_for(self.reader)})
        KeptForm.objects.update(kept_at=timezone.now() - timedelta(days=29))
        periodic.run_all()
        assert KeptForm.objects.exists()
        KeptForm.objects.update(kept_at=timezone.now() - timedelta(days=31))
        periodic.run_all()
        assert not KeptForm.objects.exists()

    def send(self, body: str) -> Any:
        return self.client.post(self.url, {"body": body, "stance": "same"})


class SizeTests(TransactionTestCase):
    """The size of the database on disk."""

    def test_long_forms_of_nobody_do_not_let_it_grow(self) -> None:
        cache.clear()
        post = make_post(make_user("ada"))
        url = reverse("comments:answer", args=[post.slug])
        before = self.size()
        for number in range(12):
            Client().post(url, {"body": str(number) * 1_800_000})
        assert self.size() - before < 100_000

    def size(self) -> int:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_database_size(current_database())")
                return int(cursor.fetchone()[0])
        name = connection.settings_dict["NAME"]
        return sum(
            path.stat().st_size for end in ("", "-wal") if (path := Path(f"{name}{end}")).exists()
        )

"""Test changing one's handle and name."""

import stat
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import TestCase, override_settings
from django.utils import timezone

from accounts import handles
from accounts.models import FormerHandle, ReservedHandle, User
from comments.me.erasure import erase
from core.jobs import periodic
from core.text import skeleton
from tests.cast import Cast

URL = "/me/handle/"


class HandleTests(Cast):
    """The page of one's handle and name."""

    def change(self, handle: str, name: str = "") -> int:
        return self.client.post(URL, {"handle": handle, "name": name}).status_code

    def test_the_new_handle_is_taken_and_the_old_one_leads_to_it(self) -> None:
        self.sign_in(self.reader)
        self.assertEqual(self.change("robin.hale", "Robin Hale"), 302)
        self.reader.refresh_from_db()
        self.assertEqual((self.reader.handle, self.reader.name), ("robin.hale", "Robin Hale"))
        self.client.logout()
        self.assertRedirects(self.client.get("/@robin/"), "/@robin.hale/")

    def test_nobody_else_can_take_the_old_one_for_a_year(self) -> None:
        self.sign_in(self.reader)
        self.change("robin.hale")
        self.sign_in(self.stranger)
        self.assertEqual(self.change("robin"), 422)
        self.assertEqual(self.change("r0bin"), 422)
        FormerHandle.objects.update(released_at=timezone.now() - timedelta(days=1))
        self.assertEqual(self.change("robin"), 302)

    def test_only_once_in_thirty_days(self) -> None:
        self.sign_in(self.reader)
        self.change("robin.hale")
        self.assertEqual(self.change("robin.h"), 422)
        User.objects.filter(pk=self.reader.pk).update(
            handle_changed_at=timezone.now() - timedelta(days=31)
        )
        self.assertEqual(self.change("robin"), 302)

    def test_how_long_to_wait_is_said_at_one_and_few_days(self) -> None:
        self.sign_in(self.reader)
        self.change("robin.hale")
        for passed, left in ((29.5, "in 1 day."), (27.5, "in 3 days.")):
            changed_at = timezone.now() - timedelta(days=passed)
            User.objects.filter(pk=self.reader.pk).update(handle_changed_at=changed_at)
            answer = self.client.post(URL, {"handle": "robin.h", "name": ""})
            self.assertContains(answer, left, status_code=422)

    def test_a_name_alone_can_change_at_any_time(self) -> None:
        self.sign_in(self.reader)
        for name in ("Robin", "Robin Hale"):
            self.assertEqual(self.change("robin", name), 302)

    def test_what_cannot_be_taken_comes_back(self) -> None:
        self.sign_in(self.reader)
        answer = self.client.post(URL, {"handle": "moderator", "name": "Robin"})
        self.assertContains(answer, "reserved", status_code=422)
        self.assertContains(answer, 'value="moderator"', status_code=422)

    def test_visitors_and_the_suspended(self) -> None:
        self.assertEqual(self.change("somebody"), 302)
        self.sign_in(self.suspended)
        self.assertEqual(self.change("somebody"), 403)
        self.assertIs(User.objects.filter(handle="somebody").exists(), False)

    def say(self, about: str) -> Any:
        sent = {"handle": self.reader.handle, "name": "", "about": about}
        return self.client.post(URL, sent, follow=True)

    def test_a_line_about_oneself_is_on_ones_page_as_plain_text(self) -> None:
        self.sign_in(self.reader)
        line = "A night nurse <b>who</b> reads www.example.org"
        self.assertContains(self.say(f"  {line} "), "This is how others see you now.")
        page = f"/@{self.reader.handle}/"
        self.assertContains(self.client.get("/me/account/"), "A night nurse &lt;b&gt;")
        self.client.logout()
        shown = self.client.get(page)
        self.assertContains(shown, "A night nurse &lt;b&gt;who&lt;/b&gt; reads www.example.org</p>")
        self.sign_in(self.reader)
        self.say("")
        self.assertNotContains(self.client.get(page), "person__about")

    def test_a_line_that_cannot_be_is_refused_and_comes_back(self) -> None:
        self.sign_in(self.reader)
        self.say("As it was.")
        for line, said in (
            ("x" * 161, "1 character too long"),
            ("https://example.org www.example.org/a, example.net", "only links here"),
            ("https://example.org, www.example.org \u2013 !", "only links here"),
            ("a\x01b", "invisible character"),
            ("\u200b", "nothing to see"),
            ("\u2800", "nothing to see"),
        ):
            with self.subTest(line):
                answer = self.say(line)
                self.assertContains(answer, said, status_code=422)
        self.reader.refresh_from_db()
        assert self.reader.about == "As it was."
        self.say("x" * 160)
        self.reader.refresh_from_db()
        assert len(self.reader.about) == 160

    def test_pictures_and_signs_are_a_line_too(self) -> None:
        self.sign_in(self.reader)
        for line in ("🌱📚", "👩🏽‍🚒", "!?", "🌱 example.org", "字"):
            with self.subTest(line):
                self.say(line)
                self.reader.refresh_from_db()
                self.assertEqual(self.reader.about, line)

    def test_a_line_is_not_shown_of_somebody_suspended_and_erased_with_the_account(self) -> None:
        self.sign_in(self.reader)
        self.say("As it was.")
        self.reader.refresh_from_db()
        page = f"/@{self.reader.handle}/"
        self.client.logout()
        self.assertContains(self.client.get(page), "As it was.")
        User.objects.filter(pk=self.reader.pk).update(banned_at=timezone.now())
        self.assertNotContains(self.client.get(page), "As it was.")
        erase(self.reader, delete_texts=False)
        self.reader.refresh_from_db()
        assert self.reader.about == ""

    def test_the_database_holds_no_line_too_long_or_of_an_erased_account(self) -> None:
        people = User.objects.filter(pk=self.reader.pk)
        for change in ({"about": "x" * 161}, {"about": "x", "erased_at": timezone.now()}):
            with self.subTest(change), self.assertRaises(DatabaseError), transaction.atomic():
                people.update(email=None, is_active=False, **change)

    def test_twice_is_once(self) -> None:
        self.sign_in(self.reader)
        self.assertEqual([self.change("robin.hale"), self.change("robin.hale")], [302, 302])
        self.assertEqual(FormerHandle.objects.count(), 1)


class ErasedHandleTests(Cast):
    """Handles of erased accounts."""

    def setUp(self) -> None:
        self.sign_in(self.reader)
        self.client.post(URL, {"handle": "zed.quote"})
        self.reader.refresh_from_db()

    def test_nobody_takes_them_or_look_alikes_for_a_year(self) -> None:
        erase(self.reader, delete_texts=True)
        for taken in ("zed.quote", "Zed_Qu0te", "zedquote", "robin", "r0b1n"):
            with self.subTest(taken), self.assertRaisesMessage(ValidationError, "is taken"):
                handles.check(taken)
        self.age(days=364)
        with self.assertRaises(ValidationError):
            handles.check("zed.quote")
        self.age(days=2)
        handles.check("zed.quote")

    def test_signing_up_gives_another(self) -> None:
        erase(self.reader, delete_texts=False)
        new = {"email": "new@example.org", "name": "zed-quote", "password1": "correct horse 9"}
        self.client_class().post("/accounts/signup/", new)
        assert User.objects.latest("pk").handle == "zed.quote2"

    def test_only_a_keyed_hash_is_stored(self) -> None:
        erase(self.reader, delete_texts=True)
        digests = set(ReservedHandle.objects.values_list("digest", flat=True))
        assert digests == {handles.digest(skeleton(name)) for name in ("zed.quote", "robin")}
        assert not FormerHandle.objects.exists()
        with override_settings(SECRET_KEY="another-key-after-a-rotation-0123456789-abcdefghijk"):
            handles._secret.cache_clear()
            with self.assertRaises(ValidationError):
                handles.check("zed.quote")

    def test_the_worker_releases_them(self) -> None:
        erase(self.reader, delete_texts=True)
        self.age(days=366)
        periodic.run_all()
        assert not ReservedHandle.objects.exists()

    def test_an_erasure_that_fails_reserves_nothing(self) -> None:
        failing = mock.patch.object(User, "erase", side_effect=KeyboardInterrupt)
        with failing, self.assertRaises(KeyboardInterrupt):
            erase(self.reader, delete_texts=True)
        assert not ReservedHandle.objects.exists()
        erase(self.reader, delete_texts=True)
        assert ReservedHandle.objects.count() == 2

    def age(self, days: int) -> None:
        for reserved in ReservedHandle.objects.all():
            reserved.released_at -= timedelta(days=days)
            reserved.save()


class HandleKeyTests(TestCase):
    """The file of the key."""

    def test_it_is_made_once_and_readable_by_us_alone(self) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "private" / "handle.key"
            with override_settings(HANDLE_KEY_FILE=path):
                first = handles.digest("zed")
                handles._secret.cache_clear()
                assert handles.digest("zed") == first
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
            assert [file.name for file in path.parent.iterdir()] == ["handle.key"]

    def test_another_process_that_was_first_wins(self) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "handle.key"
            path.write_bytes(b"the key of the other process....")
            handles._create(path)
            assert path.read_bytes() == b"the key of the other process...."

    def test_it_lies_under_the_folder_for_data(self) -> None:
        assert settings.HANDLE_KEY_FILE == settings.DATA_DIR / "private" / "handle.key"

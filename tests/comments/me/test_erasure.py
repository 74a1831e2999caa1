"""Test erasing an account, whose row stays without personal data."""

from datetime import timedelta
from typing import Any
from unittest import mock

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from accounts.sessions import SessionStore
from comments.actions.edits import edit_comment
from comments.me import erasure, personal
from comments.models import Comment, CommentRevision, StanceRecord
from comments.models.moderation import Decision, DecisionNote, Flag
from comments.moderation import actions
from comments.moderation.actions import raise_flag
from core import limits
from notifications.models import Notification
from posts.models import Stance
from tests.accounts.test_sign_up import code_in_mail
from tests.cast import Cast
from tests.factories import PASSWORD, make_comment, make_user
from tests.reauthenticated import reauthenticate


class ErasureFormTests(Cast):
    """The form: handle, password, and a choice for the comments."""

    def setUp(self) -> None:
        cache.clear()
        self.url = reverse("comments:erasure")
        self.mine = make_comment(self.post, self.reader, self.stances["same"], body="My view.")
        self.reply = make_comment(self.post, self.stranger, parent=self.mine, body="I disagree.")
        self.sign_in(self.reader)
        reauthenticate(self.client, self.reader)

    def leave(self, **data: str) -> Any:
        sure = {"handle": "robin", "texts": "keep", **data}
        return self.client.post(self.url, sure)

    def test_visitors_sign_in_first(self) -> None:
        self.client.logout()
        assert self.client.get(self.url).status_code == 302
        assert self.leave().status_code == 302
        assert not User.objects.filter(erased_at__isnull=False).exists()

    def test_asking_erases_nothing_and_nothing_is_chosen(self) -> None:
        page = self.client.get(self.url)
        self.assertContains(page, "for good")
        self.assertNotContains(page, "checked")
        assert not User.objects.filter(erased_at__isnull=False).exists()

    def test_sessions_of_an_address_that_contains_theirs_stay(self) -> None:
        """Not the sessions of joann@site.org, when ann@site.org leaves."""
        User.objects.filter(pk=self.reader.pk).update(email="ann@site.org")
        others = ("joann@site.org", "x.ann@site.org", "ann@site.org.uk", "ann@site.orgs")
        for number, words in enumerate((*others, "ann@site.org", "Ann@Site.org, please.")):
            session = SessionStore(session_key=None)
            session["login"] = {"email": words, "number": number}
            session.save()
        erasure.erase(User.objects.get(pk=self.reader.pk), delete_texts=False)
        found = (SessionStore().decode(row.session_data) for row in Session.objects.all())
        left = [each["login"]["email"] for each in found if "login" in each]
        assert sorted(left) == sorted(others)

    def test_every_answer_has_to_be_right(self) -> None:
        for wrong in (
            {"handle": "sam"},
            {"handle": ""},
            {"texts": ""},
            {"texts": "nonsense"},
        ):
            cache.clear()
            page = self.leave(**wrong)
            self.assertContains(page, "has not been deleted", status_code=422)
        assert not User.objects.filter(erased_at__isnull=False).exists()

    def test_a_session_alone_erases_nothing_and_the_form_goes_on_after_the_password(self) -> None:
        self.client.logout()
        self.sign_in(self.reader)
        page = self.leave(texts="delete")
        self.assertRedirects(page, f"/accounts/reauthenticate/?next={self.url}")
        assert not User.objects.filter(erased_at__isnull=False).exists()
        self.client.post(page["Location"], {"password": PASSWORD})
        self.mine.refresh_from_db()
        assert (User.objects.get(pk=self.reader.pk).is_active, self.mine.body) == (False, "")

    def test_keeping_leaves_the_public_words_without_a_name(self) -> None:
        page = self.leave()
        assert (page.status_code, page["Location"]) == (302, reverse("comments:erased"))
        self.mine.refresh_from_db()
        assert (self.mine.body, self.mine.is_readable) == ("My view.", True)
        assert self.client.get(reverse("comments:profile", args=["robin"])).status_code == 410
        self.assertNotContains(self.client.get(self.post.get_absolute_url()), "robin")

    def test_a_mention_by_somebody_else_leads_to_a_page_that_says_so_for_a_year(self) -> None:
        naming = make_comment(self.post, self.stranger, body="As @robin says.")
        page = self.client.get(naming.get_absolute_url(), follow=True)
        self.assertContains(page, '<a class="mention" href="/@robin/"')
        self.leave()
        for handle in ("robin", "ROBIN"):
            gone = self.client.get(f"/@{handle}/")
            self.assertContains(gone, "This account has been deleted.", status_code=410)
            self.assertNotContains(gone, "<bdi>", status_code=410)
        assert self.client.get("/@nobody/").status_code == 404
        later = timezone.now() + timedelta(days=limits.HANDLE_RESERVED_DAYS + 1)
        with mock.patch("django.utils.timezone.now", return_value=later):
            assert self.client.get("/@robin/").status_code == 404

    def test_deleting_wipes_the_words_and_leaves_an_empty_place(self) -> None:
        assert self.leave(texts="delete").status_code == 302
        self.mine.refresh_from_db()
        assert (self.mine.body, self.mine.body_html, self.mine.is_deleted) == ("", "", True)
        self.reply.refresh_from_db()
        assert self.reply.is_readable
        assert self.mine.is_shown

    def test_one_is_signed_out_everywhere(self) -> None:
        elsewhere = self.client_class()
        elsewhere.force_login(self.reader)
        self.leave()
        for client in (self.client, elsewhere):
            assert client.get(reverse("comments:me")).status_code == 302

    def test_the_answer_counts_no_longer_and_its_record_stays(self) -> None:
        assert Stance.objects.get(key="same").answer_count == 1
        self.leave()
        assert Stance.objects.get(key="same").answer_count == 0
        assert StanceRecord.objects.filter(reader=self.reader).exists()

    def test_suspended_people_may_leave(self) -> None:
        actions.suspend(self.reader, by=self.moderator, days=3, reason="spam")
        assert self.leave().status_code == 302
        assert Decision.objects.filter(person=self.reader).count() == 1

    def test_the_last_admin_stays(self) -> None:
        self.sign_in(self.admin)
        reauthenticate(self.client, self.admin)
        page = self.leave(handle="ines", texts="delete")
        self.assertContains(page, "the only admin", status_code=409)
        make_user("ivan", Role.ADMIN)
        assert self.leave(handle="ines").status_code == 302

    def test_without_a_password_a_code_by_mail_comes_before_the_handle(self) -> None:
        self.reader.set_unusable_password()
        self.reader.save()
        self.sign_in(self.reader)
        page = self.leave()
        assert page["Location"].startswith("/accounts/reauthenticate/code/?next=")
        self.reader.refresh_from_db()
        assert self.reader.erased_at is None
        page = self.client.post(page["Location"], {"recipient": self.reader.email})
        self.client.post(page["Location"], {"code": code_in_mail()})
        self.reader.refresh_from_db()
        assert self.reader.erased_at is not None

    def test_without_a_password_and_an_address_nobody_leaves(self) -> None:
        self.reader.set_unusable_password()
        self.reader.save()
        EmailAddress.objects.filter(user=self.reader).update(verified=False)
        self.sign_in(self.reader)
        assert self.leave().status_code == 403

    def test_sending_it_twice_asks_to_sign_in(self) -> None:
        self.leave()
        page = self.leave()
        assert reverse("account_login") in page["Location"]


class RemainingDataTests(Cast):
    """No personal data is left in the database."""

    def setUp(self) -> None:
        cache.clear()
        self.person = make_user("Xanthippe", name="Xanthippe Personal", is_demo=True)
        public = make_comment(self.post, self.person, body="Public first words.")
        edit_comment(public, by=self.person, body="Public words.")
        removed = make_comment(self.post, self.person, body="Removed Xanthippewords.")
        actions.remove(removed, by=self.moderator, reason="spam", note="Dear Xanthippe!")
        theirs = make_comment(self.post, self.stranger, parent=public)
        raise_flag(theirs, by=self.person, reason="spam", note="Signed, Xanthippe")
        actions.suspend(self.person, by=self.moderator, days=1, reason="spam", note="Xanthippe!")
        Notification.objects.get_or_create(
            recipient=self.person, kind="reply", subject_id=theirs.pk
        )
        self.client.force_login(self.person)
        self.client.get(reverse("comments:me"))

    def test_no_table_holds_a_word_of_it(self) -> None:
        found_before = self.tables_with("xanthippe")
        assert {"accounts_user", "comments_comment", "comments_flag"} <= found_before
        erasure.erase(self.person, delete_texts=False)
        assert self.tables_with("xanthippe") == set()

    def test_rows_that_others_rely_on_stay(self) -> None:
        rows = Comment.objects.count(), Decision.objects.count(), Flag.objects.count()
        erasure.erase(self.person, delete_texts=True)
        assert (Comment.objects.count(), Decision.objects.count(), Flag.objects.count()) == rows
        assert not DecisionNote.objects.exists()
        assert not CommentRevision.objects.exists()
        assert not Notification.objects.filter(recipient=self.person).exists()

    def test_it_goes_in_batches_and_can_be_begun_again(self) -> None:
        User.objects.filter(pk=self.person.pk).update(suspended_until=None)
        self.person.refresh_from_db()
        for _ in range(7):
            make_comment(self.post, self.person)
        with (
            mock.patch.object(personal, "BATCH", 3),
            mock.patch.object(erasure, "_erase_account", side_effect=KeyboardInterrupt),
            self.assertRaises(KeyboardInterrupt),
        ):
            erasure.erase(self.person, delete_texts=True)
        assert User.objects.public().filter(pk=self.person.pk).exists()
        erasure.erase(self.person, delete_texts=True)
        assert not User.objects.public().filter(pk=self.person.pk).exists()
        assert not Comment.objects.filter(author=self.person).exclude(body="").exists()

    def tables_with(self, word: str) -> set[str]:
        """Return the tables in which any column of any row contains `word`, in any case."""
        found = set()
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                if any(word in str(row).lower() for row in cursor.fetchall()):
                    found.add(table)
        return found

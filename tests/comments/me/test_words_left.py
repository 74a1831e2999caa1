"""Test that no word of a person is left after erasing: in rows, sessions, files and public pages.

A marker is put into every text column that the registry gives to a person, so a new column has to
be filled here, too.
"""

from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, RequestFactory, TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from accounts.actions import change_names
from accounts.models import KeptForm, Role, User
from accounts.restoring.changes import recorded
from comments.actions import changes_of_mind
from comments.actions.edits import edit_comment
from comments.actions.states import mark_deleted
from comments.me.erasure import erase
from comments.me.export import export_of
from comments.models import (
    ChangeKind,
    ChangeOfMind,
    Closing,
    Comment,
    CommentRevision,
)
from comments.moderation import actions
from comments.notifications import POST_COMMENT
from core import personal
from core.db import wal
from notifications.mail import deliver
from notifications.mailing import outbox
from notifications.models import (
    StatedConsent,
    StoppedAddress,
    SubscriberImport,
    Subscription,
)
from posts.actions import PromiseInput, save_draft, set_promises
from posts.models import Part, Post, Promise, Series
from tests.core.test_personal import text_columns
from tests.factories import (
    PASSWORD,
    make_comment,
    make_post,
    make_question,
    make_series,
    make_user,
    stances_by_key,
)

# The look-alike form of a handle with it is the same letters.
MARK = "zqxhelm"
LONG_AGO = timezone.now() - timedelta(days=40)
STANCES = (
    (f"{MARK}-a", f"A {MARK}", f"Means {MARK}.", "apart", "blue"),
    (f"{MARK}-b", f"B {MARK}", f"Means {MARK}.", "within", "orange"),
)
# Filled with hashes of passwords, and with an encoded text, which the test decodes.
UNREADABLE = {
    "accounts.User.password",
    "accounts.AccountSnapshot.password",
    "sessions.Session.session_data",
}
# Never filled by the jobs of today.
EMPTY = {
    "django_tasks_database.DBTaskResult.return_value",
    "django_tasks_database.DBTaskResult.traceback",
}


class WordsLeftTests(TransactionTestCase):
    """A person who has written everywhere, and then leaves."""

    def setUp(self) -> None:
        cache.clear()
        self.others = make_user("olga", Role.AUTHOR, is_demo=True)
        self.admin = make_user("ines", Role.ADMIN)
        self.person = self._person()
        self.client.force_login(self.person)
        self.client.get(reverse("comments:me"))
        self.post = make_post(self.others)
        make_question(self.post)
        self.stances = stances_by_key(self.post)
        self._write_comments()
        self._write_posts()
        self._moderate()
        self._act_in_other_browsers()
        self._change_what_opens_the_account()
        address = {"address": f"{MARK}@example.org", "target": "post", "target_id": self.post.pk}
        row = Subscription.objects.create(**address)
        values = (POST_COMMENT, row, self.public.pk, self.public.pk, timezone.now())
        outbox.row_for_address(*values).save()
        StoppedAddress.objects.create(address=row.address)
        StatedConsent.objects.create(subscription=row, given_on=LONG_AGO, place=f"Fair {MARK}")
        made = SubscriberImport.objects.create(form_key=uuid4(), target="series", target_id=1)
        made.rows.create(line=2, address=row.address, consent_place=MARK, outcome="asked")
        deliver.enqueue({"to": [self.person.email], "subject": MARK, "body": MARK})

    def _person(self) -> User:
        roles = (Role.AUTHOR, Role.MODERATOR)
        person = make_user(f"{MARK}1", *roles, email=f"{MARK}@example.org", is_demo=True)
        return change_names(person, handle=f"{MARK}2", name=f"Name {MARK}", about=f"About {MARK}")

    def _write_comments(self) -> None:
        """Write comments, credits and answers to credits, as a reader of somebody's post."""
        self.public = make_comment(self.post, self.others, self.stances["same"])
        mine = make_comment(self.post, self.person, body=f"Was {MARK}.", now=timezone.now())
        edit_comment(mine, by=self.person, body=f"Is {MARK}.")
        CommentRevision.objects.update(is_public=True)
        gone = make_comment(self.post, self.person, body=f"Gone {MARK}.")
        mark_deleted(gone)
        self._credit(self.person, self.public, f"Credit {MARK}.")
        answered = self._credit(self.others, mine, "The words of somebody else.")
        changes_of_mind.answer(answered, agrees=False, note=f"Not quite {MARK}.")
        actions.raise_flag(self.public, by=self.person, reason="spam", note=f"Flag {MARK}.")

    def _credit(self, giver: User, comment: Comment, words: str) -> ChangeOfMind:
        stance = self.stances["same"]
        return ChangeOfMind.objects.create(
            post=self.post,
            question=self.post.question,
            giver=giver,
            comment=comment,
            kind=ChangeKind.SOFTENED,
            words=words,
            from_stance=stance,
            to_stance=stance,
        )

    def _write_posts(self) -> None:
        """Write a series with a published post and a draft, promises, questions and a closing."""
        words = {
            "title": f"Title {MARK}",
            "standfirst": f"Standfirst {MARK}",
            "body": f"A paragraph {MARK}.\n\nThere will be more {MARK}.",
        }
        self.article = make_post(self.person, slug=f"title-{MARK}", **words)
        make_question(self.article, f"Asks {MARK}?", STANCES)
        promised = PromiseInput(f"There will be more {MARK}.", note=f"Note {MARK}")
        [promise] = set_promises(self.article, [promised])
        Promise.objects.filter(pk=promise.pk).update(
            prefix=MARK, suffix=MARK, withdrawn_at=timezone.now(), withdrawn_reason=f"No {MARK}."
        )
        self.draft = save_draft(None, by=self.person, title=f"Draft {MARK}", body=f"Draft {MARK}")
        series = make_series(
            self.person,
            slug=f"series-{MARK}",
            title=f"Series {MARK}",
            standfirst=MARK,
            description=f"About {MARK}.",
            description_html=f"<p>About {MARK}.</p>",
        )
        part = {"title": f"Part {MARK}", "summary": f"Summary {MARK}"}
        Part.objects.create(series=series, position=1, post=self.article, **part)
        Part.objects.create(series=series, position=2, **part)
        make_series(self.person, slug=f"empty-{MARK}", title=f"Empty {MARK}")
        self._close()

    def _close(self) -> None:
        """Sum the discussion up; somebody credits a paragraph of the article."""
        closing = Closing.objects.create(
            post=self.article,
            number=1,
            body=f"Sums up {MARK}.",
            body_html=f"<p>Sums up {MARK}.</p>",
            markup_version=1,
            beginning=f"Sums up {MARK}.",
            written_by=self.person,
        )
        self.article.set_closing(f"draft\n{closing.beginning}")
        credited = make_post(self.person)
        stance = make_question(credited).stances.all()[0]
        ChangeOfMind.objects.create(
            post=credited,
            question=credited.question,
            giver=self.others,
            paragraph=f"A paragraph {MARK}.",
            kind=ChangeKind.SOFTENED,
            words="The words of somebody else.",
            from_stance=stance,
            to_stance=stance,
        )

    def _moderate(self) -> None:
        """Decide about somebody, and let somebody decide about the person."""
        suspended = make_user()
        actions.suspend(suspended, by=self.person, days=1, reason="spam", note=f"To them {MARK}.")
        theirs = make_comment(self.post, self.person)
        actions.remove(theirs, by=self.admin, reason="spam", note=f"About {MARK}.")
        said = f"To readers {MARK}."
        actions.lock(self.public, by=self.person, reason="other_thread", to_readers=said)

    def _act_in_other_browsers(self) -> None:
        """Sign in elsewhere, and type where the session ended or signing in is under way."""
        Client().post(
            reverse("account_request_login_code"), {"email": self.person.email}, REMOTE_ADDR="::2"
        )
        elsewhere = Client()
        elsewhere.force_login(self.person)
        elsewhere.get(reverse("comments:me"))
        KeptForm.objects.create(person=self.person, path=f"/{MARK}/", typed=f"body={MARK}")

    def _change_what_opens_the_account(self) -> None:
        """Name a passkey, and add an address; what was before waits to be put back."""
        key = {"name": f"Key {MARK}", "credential": {}}
        Authenticator.objects.create(user=self.person, type=Authenticator.Type.WEBAUTHN, data=key)
        request = RequestFactory().get("/")
        with request_context(request), recorded(self.person):
            for name in (MARK, f"more-{MARK}"):
                EmailAddress.objects.update_or_create(
                    user=self.person, email=f"{name}@example.org", defaults={"verified": True}
                )

    def test_the_marker_is_in_every_column_with_words_of_a_person(self) -> None:
        held = {column for each in personal.holdings() for column in each.text_columns()}
        assert self.columns_with_mark() == held - UNREADABLE - EMPTY
        assert self.sessions_with_mark() >= 2

    def test_the_download_has_every_word(self) -> None:
        data = export_of(self.person)
        for name in {each.name for each in personal.holdings() if each.words and each.download}:
            assert MARK in str(data[name]), name

    def test_deleting_the_texts_leaves_no_word_in_rows_sessions_and_files(self) -> None:
        erase(self.person, delete_texts=True)
        assert self.columns_with_mark() == set()
        assert self.tables_with_mark() == set()
        assert self.sessions_with_mark() == 0
        assert self.person_is_gone()
        assert self.faults() == []
        self.check_files()
        self.check_pages(expected=False)

    def test_keeping_them_leaves_the_published_words_alone(self) -> None:
        erase(self.person, delete_texts=False)
        left = {column.rpartition(".")[0] for column in self.columns_with_mark()}
        published = {"Comment", "CommentRevision", "ChangeOfMind", "Closing", "DecisionNote"}
        published.add("SentenceToReaders")
        articles = {"Post", "Revision", "Series", "Part", "Promise", "QuestionVersion"}
        answers = {"Stance", "StanceWording"}
        assert left == {f"comments.{name}" for name in published} | {
            f"posts.{name}" for name in articles | answers
        }
        assert not Post.objects.filter(pk=self.draft.pk).exists()
        assert not ChangeOfMind.objects.exclude(dispute="").exists()
        assert Comment.objects.exclude(body="").filter(author=self.person).count() == 1
        self.check_pages(expected=True)

    def test_what_others_rely_on_stays(self) -> None:
        question = make_question(make_post(self.person), "Asked?", STANCES)
        make_comment(question.post, self.others, stances_by_key(question.post)[f"{MARK}-a"])
        erase(self.person, delete_texts=True)
        page = self.client_class().get(Post.objects.get(pk=question.post.pk).get_absolute_url())
        self.assertContains(page, "Deleted article")
        self.assertContains(page, "Asked?")
        self.assertContains(page, "Reason number")

    def test_erasing_again_changes_nothing(self) -> None:
        erase(self.person, delete_texts=True)
        slugs = list(Post.objects.order_by("pk").values_list("slug", flat=True))
        personal.erase_all(personal.Erasure(self.person, delete_texts=True), account=False)
        assert list(Post.objects.order_by("pk").values_list("slug", flat=True)) == slugs

    def test_an_article_with_another_author_stays_with_them(self) -> None:
        self.article.authorships.create(user=self.others, position=1)
        erase(self.person, delete_texts=True)
        self.article.refresh_from_db()
        assert MARK in self.article.title

    def columns_with_mark(self) -> set[str]:
        """Return the text columns with the marker in any row."""
        found = set()
        for column in text_columns():
            model, _, name = column.rpartition(".")
            rows = _model(model)._default_manager.values_list(name, flat=True)
            if any(MARK in str(value).lower() for value in rows):
                found.add(column)
        return found

    def tables_with_mark(self) -> set[str]:
        """Return the tables of the database with the marker in any column of any row."""
        with connection.cursor() as cursor:
            return {
                table
                for table in connection.introspection.table_names(cursor)
                if _has_mark(cursor, table)
            }

    def sessions_with_mark(self) -> int:
        """Return the number of sessions with the marker, or signed in as the person."""
        stored = _model("sessions.Session")._default_manager.values_list("session_data", flat=True)
        contents = [SessionStore().decode(data) for data in stored]
        return sum(
            MARK in str(content) or content.get("_auth_user_id") == str(self.person.pk)
            for content in contents
        )

    def faults(self) -> list[str]:
        """Return the faults of derived figures, as lines of `check_integrity`."""
        said = StringIO()
        with suppress(SystemExit, CommandError):
            call_command("check_integrity", stdout=said, stderr=said)
        return [line for line in said.getvalue().splitlines() if line != "No faults found."]

    def person_is_gone(self) -> bool:
        signed_out = self.client.get(reverse("comments:me")).status_code == 302
        return signed_out and not self.client.login(email=f"{MARK}@example.org", password=PASSWORD)

    def check_files(self) -> None:
        """Search the database's files, once the worker has truncated the log."""
        if connection.vendor != "sqlite":
            return
        assert wal.truncate()
        name = Path(connection.settings_dict["NAME"])
        for file in (name, name.with_name(f"{name.name}-wal")):
            assert not file.exists() or MARK.encode() not in file.read_bytes().lower(), file

    def check_pages(self, *, expected: bool) -> None:
        """Compare whether any public page has the marker; only the article's may."""
        article = Post.objects.get(pk=self.article.pk)
        paths = ["/", "/archive/", "/series/", "/about/", "/feeds/posts/", "/sitemap.xml"]
        pages = ("", "stances/", "stances.csv", "changes/", "wordings/", "closing/")
        for post in (article, self.post):
            paths += [f"{post.get_absolute_url()}{page}" for page in pages]
        paths += [series.get_absolute_url() for series in Series.objects.all()]
        paths += [person.get_absolute_url() for person in User.objects.all()]
        for pk in Comment.objects.values_list("pk", flat=True):
            paths += [reverse(f"comments:{name}", args=[pk]) for name in ("permalink", "text")]
        visitor = self.client_class()
        found = {path for path in paths if MARK in _text(visitor.get(path, follow=True))}
        assert bool(found) == expected, found


def _model(label: str) -> Any:
    from django.apps import apps

    return apps.get_model(label)


def _has_mark(cursor: Any, table: str) -> bool:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    return any(MARK in str(row).lower() for row in cursor.fetchall())


def _text(page: Any) -> str:
    content = b"".join(page.streaming_content) if page.streaming else page.content
    return str(content.decode(errors="replace").lower())

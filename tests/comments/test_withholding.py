"""A text that may not be read shows on no page and leaves the database for nobody.

A comment in every state has marked words, in its text and in an earlier one. Each person asks for
every address of the site, found in the URLconf, for each of these comments.
"""

from collections.abc import Iterator
from functools import cached_property
from io import BytesIO
from typing import Any
from unittest import mock
from uuid import uuid4
from zipfile import ZipFile

from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter
from django_tasks_db.models import DBTaskResult as Job

from comments.actions import states
from comments.listing.sorts import SORTS
from comments.me.inbox import feed
from comments.models import ChangeOfMind, Comment
from comments.models.comment_text import TextWithheldError
from comments.moderation import actions as moderating
from notifications import feed_tokens, kinds
from posts.slugs import UnicodeSlugConverter
from posts.studio.preview import preview_url
from tests.factories import make_comment, make_user

from .planted import MARK, ROOTS, STATES, Planted, rows_read
from .withheld import OWN, PUBLIC, WHERE, WITHOUT, Allowed, may_read, nobody, with_history

# allauth's pages know no comment.
ELSEWHERE = ("account_", "mfa_")
# Forms that every view refuses: an empty one, and one with values that are no choices.
WRONG: tuple[dict[str, str], ...] = (
    {},
    dict.fromkeys(("reason", "stance", "kind", "is_fair", "seen", "body"), "x" * 10_001),
)
FRAGMENTS = {"comments:answer", "comments:flags", "comments:moderation-case"}


class WithholdingTests(Planted):
    """The planted site, asked for by everybody."""

    def setUp(self) -> None:
        """Let a feed have all notifications: those of what is withheld are not the newest."""
        super().setUp()
        self.enterContext(mock.patch.object(feed, "FEED_LENGTH", 1_000))

    def test_no_page_shows_what_may_not_be_read(self) -> None:
        leaks = []
        addresses = list(self.addresses())
        for person, client in self.people().items():
            for_forms_alone: set[str] = set()
            for route, address in addresses:
                if route in for_forms_alone:
                    continue
                for answer, read in self.answers(client, route, address):
                    if answer.status_code == 405:  # asked of no comment, so alike for all
                        for_forms_alone.add(route)
                    shown = leaked(text_of(answer), WHERE.get(route, nobody), person)
                    fetched = leaked(read, may_fetch(route), person)
                    leaks += [f"{address} shows {person}: {mark}" for mark in shown]
                    leaks += [f"{address} reads for {person}: {mark}" for mark in fetched]
        self.assertEqual(leaks, [])

    def test_who_writes_below_reads_no_text_for_it(self) -> None:
        """Writers lock the root of their thread, and read again what they write about."""
        leaks = []
        for root in sorted(ROOTS):
            reader = make_user(f"below-{root}", is_demo=True)  # one comment at a time
            self.client.force_login(reader)
            reply = self.planted[root].replies.get()
            answer = reverse("comments:answer", args=[self.post.slug])
            form = {"body": f"Mine, below {root}.", "stance": "overlap", "parent": reply.pk}
            leaks += self.read_by_sending(answer, form)
            leaks += self.read_by_sending(answer, form)  # again: it finds the first
            mine = Comment.objects.filter(parent=reply, author=reader).get()
            sends: tuple[tuple[str, Comment, dict[str, Any]], ...] = (
                ("well-argued", reply, {}),
                ("well-argued-withdrawal", reply, {}),
                ("edit", mine, {"body": "In other words, the same.", "stance": "overlap"}),
                ("deletion", mine, {}),
            )
            for name, about, sent in sends:
                leaks += self.read_by_sending(reverse(f"comments:{name}", args=[about.pk]), sent)
        self.assertEqual(leaks, [])

    def test_who_writes_about_what_is_gone_reads_no_text_for_it(self) -> None:
        self.client.force_login(self.reader)
        leaks = []
        for state in set(STATES) - {"published", "kept"}:
            for name in ("well-argued", "well-argued-withdrawal", "flags", "verdict", "changes"):
                address = reverse(f"comments:{name}", args=[self.planted[state].pk])
                form = {"said": "fair", "reason": "spam"}
                leaks += self.read_by_sending(address, form, refused=True)
        self.assertEqual(leaks, [])

    def read_by_sending(
        self, address: str, form: dict[str, Any], refused: bool = False
    ) -> list[str]:
        """Return what the reader may not read but a form sent to `address` reads or shows."""
        with rows_read() as read:
            answer = self.client.post(address, form)
        self.assertEqual(answer.status_code >= 400, refused, address)
        everything = " ".join([*read, answer.content.decode()])
        return [
            f"{address}: {mark}" for mark in leaked(everything, may_fetch("comments:"), "reader")
        ]

    def test_no_form_answers_with_what_may_not_be_read(self) -> None:
        """Each form about one of these comments, sent empty and sent wrong; refusals show pages.

        Moderators are not asked: they may read all there is.
        """
        leaks = []
        clients, forms = self.people(), list(self.forms())
        self.assertGreater(len({route for route, _address in forms}), 20)
        self.assertGreater(len(forms), 100)
        for person in ("reader", "writer"):
            for route, address in forms:
                for form in WRONG:
                    with transaction.atomic(), rows_read() as read:
                        answer = clients[person].post(address, form)
                        transaction.set_rollback(True)
                    said = " ".join([answer.content.decode(), *read])
                    found = leaked(said, may_fetch(route), person)
                    leaks += [f"{address} answers {person}: {mark}" for mark in found]
        self.assertEqual(leaks, [])

    def test_a_reply_in_a_thread_reads_no_text_above_that_may_not_be_read(self) -> None:
        reply = Comment.objects.get(parent=self.planted["removed"])
        client = self.people()["reader"]
        form = {"parent": reply.pk, "stance": "same", "body": "Some words of mine."}
        for headers in ({}, {"HX-Request": "true"}):
            with transaction.atomic(), rows_read() as read:
                url = reverse("comments:answer", args=[self.post.slug])
                answer = client.post(url, form, headers=headers)
                transaction.set_rollback(True)
            assert answer.status_code in {200, 302}
            assert leaked(" ".join(read), may_fetch("comments:answer"), "reader") == []

    def test_no_mail_and_no_waiting_job_has_the_words_of_a_comment(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            reply = make_comment(self.post, self.reader, parent=self.planted["published"])
            moderating.raise_flag(self.planted["published"], by=self.reader, reason="spam")
            moderating.remove(self.planted["published"], by=self.moderator, reason="spam")
            moderating.restore(self.planted["removed"], by=self.moderator)
            moderating.approve(self.planted["held"], by=self.moderator)
            states.mark_deleted(reply)
        sent = [f"{each.subject} {each.body}" for each in mail.outbox]
        waiting = [str(job.args_kwargs) for job in Job.objects.all()]
        assert leaked(" ".join([*sent, *waiting]), nobody, "") == []

    def test_no_relation_is_followed_to_a_text(self) -> None:
        reply = Comment.objects.filter(parent=self.planted["removed"])[:1].get()
        change = ChangeOfMind.objects.filter(comment=self.planted["removed"])[:1].get()
        with rows_read() as read:
            for comment in (reply.parent, reply.thread, change.comment):
                with self.assertRaises(TextWithheldError):
                    _ = comment.body  # type: ignore[union-attr]
        assert leaked(" ".join(read), nobody, "") == []
        reply.refresh_from_db()
        assert reply.body

    def test_every_route_has_an_entry(self) -> None:
        known = {*WHERE, *WITHOUT}
        self.assertEqual({name for name, _pattern in routes() if name not in known}, set())

    def test_what_may_be_read_is_there(self) -> None:
        """The marks are found where they belong, or the other test would prove nothing."""
        page, clients = self.post.get_absolute_url(), self.people()
        inbox = reverse("comments:me")
        for person, route, address, marks in (
            ("anonymous", "posts:detail", page, {"nowpublished"}),
            ("writer", "posts:detail", page, {"nowpublished", "nowheld", "nowreheld"}),
            ("writer", "comments:my-comments", "", OWN),
            (
                "writer",
                "comments:me",
                f"{inbox}?kind=decisions",
                {"nowremoved", "nowhidden", "nowreheld"},
            ),
            ("stranger", "comments:me", f"{inbox}?kind=replies", {"nowpublished"}),
            ("stranger", "comments:me", f"{inbox}?kind=decisions", {"nowcredit"}),
            ("writer", "comments:export", "", {"nowdeleted", "beforedeleted", "nowremoved"}),
            ("moderator", "comments:history", "removed", {"nowremoved", "beforeremoved"}),
            ("moderator", "comments:moderation-case", "deleted", {"nowdeleted"}),
            ("moderator", "comments:permalink", "hidden", {"nowhidden"}),
            ("writer", "comments:permalink", "removedalone", {"nowremovedalone"}),
            ("writer", "comments:permalink", "deletedalone", {"nowdeletedalone"}),
            ("stranger", "comments:my-comments", "", {"nowcredit"}),
            ("anonymous", "comments:private-feed", self.feed_token, {"nowpublished"}),
            ("anonymous", "comments:closing", self.post.slug, {"nowpublished"}),
        ):
            with self.subTest(person=person, route=route):
                key = [self.planted[address].pk] if address in self.planted else [address]
                url = address if "/" in address else reverse(route, args=key if address else [])
                asked = {} if "?" in url else {"sort": "oldest"}
                shown = clients[person].get(url, asked).content.decode()
                self.assertLessEqual(marks, {"".join(mark) for mark in MARK.findall(shown)})

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Yield every address with its route, and those of the discussion with all they take."""
        for route, pattern in routes():
            for keys in self.keys(route, pattern):
                yield route, reverse(route, kwargs=keys)
        page = reverse("posts:detail", args=[self.post.slug])
        sorts = [sort.value for sort in SORTS]
        ids = [comment.pk for comment in self.planted.values()]
        queries = [
            *(f"sort={sort}&size={size}" for sort in sorts for size in (50, 2)),
            *(f"stance={stance}&sort={sort}" for stance in self.stances for sort in sorts),
            *(f"thread={pk}" for pk in ids),
            "since=0",
            "totals=show",
        ]
        inbox = reverse("comments:me")
        yield from (("comments:me", f"{inbox}?kind={each.name}") for each in kinds.groups())
        yield from (("posts:detail", f"{page}?{query}") for query in queries)
        form = reverse("comments:answer", args=[self.post.slug])
        yield from (("comments:answer", f"{form}?parent={pk}") for pk in ids)

    def forms(self) -> Iterator[tuple[str, str]]:
        """Yield every address about a comment that is not public, to which a form may be sent."""
        for route, pattern in routes():
            if str(pattern.pattern).startswith("comments/<id:pk>/"):
                for state, comment in self.planted.items():
                    if state not in PUBLIC:
                        yield route, reverse(route, args=[comment.pk])

    def keys(self, route: str, pattern: URLPattern) -> list[dict[str, Any]]:
        """Return the arguments of a route: each planted comment where it names one."""
        values: dict[str, list[Any]] = {}
        for name, converter in pattern.pattern.converters.items():
            values[name] = self.values(route, name, converter)
        length = max(map(len, values.values()), default=1)
        return [{name: each[n % len(each)] for name, each in values.items()} for n in range(length)]

    @cached_property
    def feed_token(self) -> str:
        """The token of the feed of somebody who wrote nothing, which everybody here opens."""
        return feed_tokens.make(self.reader)

    def values(self, route: str, name: str, converter: object) -> list[Any]:
        if isinstance(converter, UnicodeSlugConverter):
            return [self.series if "series" in route else self.post.slug]
        if isinstance(converter, UUIDConverter):
            return [uuid4()]
        if isinstance(converter, IntConverter):
            if "studio" in route:
                return [self.post.pk]
            return self.changes if "change-" in route else [c.pk for c in self.planted.values()]
        if route == "comments:private-feed":
            return [self.feed_token]
        if name == "token":
            return [preview_url(self.post).removeprefix("/preview/").removesuffix("/")]
        return [self.writer.handle, self.reader.handle]

    def answers(self, client: Client, route: str, address: str) -> Iterator[tuple[Any, str]]:
        """Yield what the address answers in each way of asking, and what was read for it."""
        headers: list[dict[str, str]] = [{}]
        if route in FRAGMENTS:
            headers.append({"HX-Request": "true"})
        for each in headers:
            with rows_read() as read:
                answer = client.get(address, headers=each)
            yield answer, " ".join(read)
        if route == "comments:answer" and "parent=" in address:
            parent = address.partition("parent=")[2]
            for form in ({"wish": "preview", "body": "Some words of mine."}, {"body": ""}):
                with rows_read() as read:
                    data = {**form, "stance": "same", "parent": parent}
                    answer = client.post(address.partition("?")[0], data)
                yield answer, " ".join(read)


def text_of(answer: Any) -> str:
    """Return the text of an answer; of an archive that of its files."""
    if answer.headers.get("Content-Type") != "application/zip":
        return str(answer.getvalue().decode())
    with ZipFile(BytesIO(answer.content)) as archive:
        return " ".join(archive.read(name).decode() for name in archive.namelist())


def may_fetch(route: str) -> Allowed:
    """Return what may leave the database for a page: what its reader may read on any page."""

    def allowed(text: str, state: str, person: str) -> bool:
        if WHERE.get(route, nobody)(text, state, person):
            return True
        return may_read(text, state, person) or with_history(text, state, person)

    return allowed


def leaked(said: str, allowed: Allowed, person: str) -> list[tuple[str, str]]:
    """Return the marks in `said` that are not `allowed` to `person`."""
    marks = set(MARK.findall(said))
    return sorted((text, state) for text, state in marks if not allowed(text, state, person))


def routes(patterns: Any = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield the full name and the pattern of every route, without those of allauth."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, inner)
        elif pattern.name and not pattern.name.startswith(ELSEWHERE):
            yield f"{space}{pattern.name}", pattern

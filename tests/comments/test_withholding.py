"""A text that may not be read shows on no page and leaves the database for nobody.

A comment in every state has marked words, in its text and in an earlier one. Each person asks for
every address of the site, found in the URLconf, for each of these comments.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar
from unittest import mock
from uuid import uuid4

from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter, UUIDConverter
from django.utils import timezone

from accounts.models import User
from comments.actions import reactions, states
from comments.actions.comments import Draft, edit_comment, post_comment
from comments.me import erasure
from comments.models import ChangeKind, ChangeOfMind, Citation, Closing, Comment, CommentState
from comments.ranking.tasks import rank
from core.markdown.html import PIPELINE_VERSION
from posts.models import Part
from posts.studio.preview import preview_url
from tests.cast import Cast
from tests.factories import make_comment, make_series, make_user

MARK = re.compile(r"planted(now|before)([a-z]+)z")
# The states of the planted comments: those with a visible reply keep their place in public.
ALONE: dict[str, dict[str, Any]] = {
    "published": {},
    "held": {"to": CommentState.HELD, "held_reason": "links"},
}
WITH_REPLY: dict[str, dict[str, Any]] = {
    "reheld": {"to": CommentState.HELD, "held_reason": "links"},
    "hidden": {"to": CommentState.HIDDEN},
    "removed": {"to": CommentState.REMOVED, "removed_reason": "attack"},
    "steelman": {"to": CommentState.REMOVED, "removed_reason": "spam"},
    "deleted": {},
    "erased": {},
}
STATES = (*ALONE, *WITH_REPLY)
ROOTS = {"removed", "hidden"}

Allowed = Callable[[str, str, str], bool]


def nobody(_text: str, _state: str, _person: str) -> bool:
    """Allow no words: a page without texts of comments."""
    return False


def public(text: str, state: str, _person: str) -> bool:
    """Allow the present text of what is published."""
    return text == "now" and state == "published"


def in_discussion(text: str, state: str, person: str) -> bool:
    """Allow what is published, and to its writer what is held."""
    waits = state in {"held", "reheld"} and person == "writer"
    return public(text, state, person) or (text == "now" and waits)


def may_read(text: str, state: str, person: str) -> bool:
    """Allow what `permissions.can_read` allows: what is one's own, and to moderators everything."""
    if state == "erased":
        return False
    own = person == "writer" and state != "deleted"
    return text == "now" and (state == "published" or own or person == "moderator")


def with_history(text: str, state: str, person: str) -> bool:
    """Allow the earlier texts as well: of what is published to all, to moderators of everything."""
    if state == "erased":
        return False
    return state == "published" or person == "moderator"


def own(_text: str, state: str, person: str) -> bool:
    """Allow a person all that they wrote, also what they deleted."""
    return person == "writer" and state != "erased"


# Where texts may show, and which; a route that is not here has none.
WHERE: dict[str, Allowed] = {
    "posts:detail": in_discussion,
    "posts:preview": in_discussion,
    "comments:permalink": in_discussion,
    "comments:answer": may_read,
    "comments:text": may_read,
    "comments:text-fragment": may_read,
    "comments:edit": may_read,
    "comments:deletion": may_read,
    "comments:flags": public,
    "comments:well-argued": public,
    "comments:verdict": public,
    "comments:changes": public,
    "comments:history": with_history,
    "comments:closing": public,
    "comments:closing-edit": public,
    "comments:stances": public,
    "comments:me": may_read,
    "comments:my-comments": may_read,
    "comments:export": own,
    "comments:profile": public,
    "comments:moderation": may_read,
    "comments:moderation-case": may_read,
    "comments:removal": may_read,
}
# Routes that show no text of a comment. A new route has to be entered here or above.
WITHOUT = set(
    """
    healthz readyz sitemap robots people:handle
    posts:home posts:wordings posts:series-list posts:series-detail posts:about posts:feed
    posts:studio posts:studio-preview posts:studio-post-create posts:studio-post
    posts:studio-publication posts:studio-publication-undo posts:studio-question
    posts:studio-question-removal posts:studio-sealed-answer posts:studio-sealed-answer-removal
    posts:studio-question-carrying posts:studio-promises posts:studio-promise
    posts:studio-promise-removal posts:studio-series-create posts:studio-series posts:studio-parts
    posts:studio-part posts:studio-part-move posts:studio-part-removal
    comments:withdrawal comments:stances-csv comments:stances-json comments:closing-verdict
    comments:closing-withdrawal comments:well-argued-withdrawal comments:verdict-withdrawal
    comments:post-changes comments:change-answer comments:change-revocation comments:me-read
    comments:my-settings comments:nudge-dismissal comments:nudge-dismissal-undo comments:erasure
    comments:erased comments:log comments:people comments:jobs comments:job-attempt
    comments:dismissal comments:dismissal-undo comments:approval comments:approval-undo
    comments:restoration comments:lock comments:unlock comments:detachment comments:retag
    comments:change-removal comments:change-restoration comments:suspension
    comments:suspension-end comments:roles
    """.split()
)
# allauth's pages know no comment.
ELSEWHERE = "account_"
FRAGMENTS = {"comments:answer", "comments:flags", "comments:moderation-case"}


class WithholdingTests(Cast):
    """The planted site, asked for by everybody."""

    planted: ClassVar[dict[str, Comment]]
    writer: ClassVar[User]
    series: ClassVar[str]
    changes: ClassVar[list[int]]

    @classmethod
    def setUpTestData(cls) -> None:
        """Plant the comments, let others react to them and quote them, then change their states."""
        super().setUpTestData()
        cls.writer = make_user("wren", is_demo=True)
        erased = make_user("gone", is_demo=True)
        parent = make_comment(cls.post, cls.reader, cls.stances["overlap"])
        cls.planted = {
            state: cls.plant(state, erased if state == "erased" else cls.writer, parent)
            for state in STATES
        }
        cls.quote()
        for state, change in {**ALONE, **WITH_REPLY}.items():
            if change:
                states.change_state(cls.planted[state], **change)
        states.mark_deleted(cls.planted["deleted"])
        erasure.erase(erased, delete_texts=True)
        series = make_series(cls.author)
        Part.objects.create(series=series, position=1, title="Part", post=cls.post)
        cls.series = series.slug
        rank(cls.post)

    @classmethod
    def plant(cls, state: str, writer: User, parent: Comment) -> Comment:
        """Return a comment that was edited, with a reply where its state wants one."""
        body = f"plantedbefore{state}z is what it said."
        above = None if state in ROOTS else parent
        if state == "steelman":
            comment = cls.steelman(writer, parent, body)
        else:
            comment = make_comment(cls.post, writer, cls.stances["same"], parent=above, body=body)
        edit_comment(comment, by=writer, body=f"plantednow{state}z is what it says.")
        if state in WITH_REPLY:
            make_comment(cls.post, cls.stranger, cls.stances["different"], parent=comment)
        return comment

    @classmethod
    def steelman(cls, writer: User, parent: Comment, body: str) -> Comment:
        """Return the best reason for an answer that its writer, who has answered, does not hold."""
        target = cls.stances["different"]
        draft = Draft(author=writer, post=cls.post, body=body, parent=parent, argues_for=target)
        return post_comment(draft, now=timezone.now() - timedelta(days=30)).comment

    @classmethod
    def quote(cls) -> None:
        """Let readers find the planted comments well argued, be moved by them and cite them."""
        closing = Closing.objects.create(
            post=cls.post,
            number=1,
            body="So much for that.",
            body_html="<p>So much for that.</p>",
            markup_version=PIPELINE_VERSION,
            beginning="So much for that.",
            written_by=cls.author,
        )
        same, different = cls.stances["same"], cls.stances["different"]
        cls.changes = []
        for comment in cls.planted.values():
            Citation.objects.create(closing=closing, comment=comment)
            reactions.press(comment, by=cls.stranger)
            change = ChangeOfMind.objects.create(
                post=cls.post,
                question=cls.post.question,
                giver=cls.stranger,
                comment=comment,
                kind=ChangeKind.SOFTENED,
                words="I had never thought of the rota in this way before, I have to say.",
                from_stance=different,
                to_stance=same,
            )
            cls.changes.append(change.pk)

    def test_no_page_shows_what_may_not_be_read(self) -> None:
        leaks = []
        for person, client in self.people().items():
            for route, address in self.addresses():
                for answer, read in self.answers(client, route, address):
                    shown = leaked(answer.content.decode(), WHERE.get(route, nobody), person)
                    fetched = leaked(read, may_fetch(route), person)
                    leaks += [f"{address} shows {person}: {mark}" for mark in shown]
                    leaks += [f"{address} reads for {person}: {mark}" for mark in fetched]
        self.assertEqual(leaks, [])

    def test_every_route_has_an_entry(self) -> None:
        known = {*WHERE, *WITHOUT}
        self.assertEqual({name for name, _pattern in routes() if name not in known}, set())

    def test_what_may_be_read_is_there(self) -> None:
        """The marks are found where they belong, or the other test would prove nothing."""
        page, clients = self.post.get_absolute_url(), self.people()
        for person, route, address, marks in (
            ("anonymous", "posts:detail", page, {"nowpublished"}),
            ("writer", "posts:detail", page, {"nowpublished", "nowheld", "nowreheld"}),
            ("writer", "comments:my-comments", "", {f"now{s}" for s in STATES[:-2]}),
            ("writer", "comments:me", "", {"nowremoved", "nowhidden", "nowreheld"}),
            ("writer", "comments:export", "", {"nowdeleted", "beforedeleted", "nowremoved"}),
            ("moderator", "comments:history", "removed", {"nowremoved", "beforeremoved"}),
            ("moderator", "comments:moderation-case", "deleted", {"nowdeleted"}),
            ("anonymous", "comments:closing", self.post.slug, {"nowpublished"}),
        ):
            with self.subTest(person=person, route=route):
                key = [self.planted[address].pk] if address in self.planted else [address]
                url = address if "/" in address else reverse(route, args=key if address else [])
                shown = clients[person].get(url, {"sort": "oldest"}).content.decode()
                self.assertLessEqual(marks, {"".join(mark) for mark in MARK.findall(shown)})

    def people(self) -> dict[str, Client]:
        """Return a browser for each of the cast."""
        names = ("reader", "writer", "stranger", "author", "moderator", "suspended")
        clients = {"anonymous": Client(), **{name: Client() for name in names}}
        for name in names:
            clients[name].force_login(getattr(self, name))
        return clients

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Yield every address with its route, and those of the discussion with all they take."""
        for route, pattern in routes():
            for keys in self.keys(route, pattern):
                yield route, reverse(route, kwargs=keys)
        page = reverse("posts:detail", args=[self.post.slug])
        sorts = ("balanced", "common", "oldest", "newest", "replies", "divisive")
        ids = [comment.pk for comment in self.planted.values()]
        queries = [
            *(f"sort={sort}&size={size}" for sort in sorts for size in (50, 2)),
            *(f"stance={stance}&sort={sort}" for stance in self.stances for sort in sorts),
            *(f"thread={pk}" for pk in ids),
            "since=0",
            "totals=show",
        ]
        yield from (("posts:detail", f"{page}?{query}") for query in queries)
        form = reverse("comments:answer", args=[self.post.slug])
        yield from (("comments:answer", f"{form}?parent={pk}") for pk in ids)

    def keys(self, route: str, pattern: URLPattern) -> list[dict[str, Any]]:
        """Return the arguments of a route: each planted comment where it names one."""
        values: dict[str, list[Any]] = {}
        for name, converter in pattern.pattern.converters.items():
            values[name] = self.values(route, name, converter)
        length = max(map(len, values.values()), default=1)
        return [{name: each[n % len(each)] for name, each in values.items()} for n in range(length)]

    def values(self, route: str, name: str, converter: object) -> list[Any]:
        if isinstance(converter, SlugConverter):
            return [self.series if "series" in route else self.post.slug]
        if isinstance(converter, UUIDConverter):
            return [uuid4()]
        if isinstance(converter, IntConverter):
            if "studio" in route:
                return [self.post.pk]
            return self.changes if "change-" in route else [c.pk for c in self.planted.values()]
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


def may_fetch(route: str) -> Allowed:
    """Return what may leave the database for a page: what its reader may read on any page."""

    def allowed(text: str, state: str, person: str) -> bool:
        if route == "comments:export" and own(text, state, person):
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


@contextmanager
def rows_read() -> Iterator[list[str]]:
    """Collect all that is fetched from the database, as text."""
    found: list[str] = []
    attribute = CursorWrapper.__getattr__

    def spy(cursor: CursorWrapper, name: str) -> Any:
        value = attribute(cursor, name)
        if not name.startswith("fetch"):
            return value

        def fetch(*arguments: Any) -> Any:
            rows = value(*arguments)
            found.append(str(rows))
            return rows

        return fetch

    with mock.patch.object(CursorWrapper, "__getattr__", spy):
        yield found

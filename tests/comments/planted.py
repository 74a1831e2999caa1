"""A site in which comments of every state are credited, cited, answered and well argued."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar
from unittest import mock

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.utils import timezone

from accounts.models import User
from comments.actions import changes_of_mind, reactions, states
from comments.actions.comments import Draft, post_comment
from comments.actions.edits import edit_comment
from comments.me import erasure
from comments.models import ChangeKind, ChangeOfMind, Citation, Closing, Comment, CommentState
from comments.models.moderation import Action, Decision
from comments.moderation import actions as moderating
from comments.ranking.tasks import rank
from comments.reading import saving, visits
from core.markdown.html import PIPELINE_VERSION
from notifications.models import Notification
from posts.actions import unpublish
from posts.models import Part, SavedKind
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_question, make_series, make_user
from tests.reauthenticated import client_of

MARK = re.compile(r"planted(now|before)([a-z]+)z")
# The states of the planted comments: those with a visible reply keep their place in public.
ALONE: dict[str, dict[str, Any]] = {
    "published": {},
    "kept": {},
    "held": {"to": CommentState.HELD, "held_reason": "links"},
    "removedalone": {"to": CommentState.REMOVED, "removed_reason": "hate"},
    "deletedalone": {},
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
# Handles of the writers whose accounts are erased, by the states of their comments.
ERASED = {"erased": "gone", "kept": "left"}


class Planted(Cast):
    """The planted site: `planted` has a comment of the writer in every state."""

    planted: ClassVar[dict[str, Comment]]
    writer: ClassVar[User]
    series: ClassVar[str]
    changes: ClassVar[list[int]]
    # A comment under an article that its author has taken back since.
    withdrawn: ClassVar[Comment]

    @classmethod
    def setUpTestData(cls) -> None:
        """Plant the comments, let others react to them and quote them, then change their states."""
        super().setUpTestData()
        cls.writer = make_user("wren", is_demo=True)
        erased = {state: make_user(handle, is_demo=True) for state, handle in ERASED.items()}
        parent = make_comment(cls.post, cls.reader, cls.stances["overlap"])
        cls.planted = {
            state: cls.plant(state, erased.get(state, cls.writer), parent) for state in STATES
        }
        cls.quote()
        cls.remove_a_change()
        cls.withdraw()
        for state, change in {**ALONE, **WITH_REPLY}.items():
            if change:
                states.change_state(cls.planted[state], **change)
        for state in ("deleted", "deletedalone"):
            states.mark_deleted(cls.planted[state])
        for state, person in erased.items():
            erasure.erase(person, delete_texts=state == "erased")
        cls.notify()
        cls.save()
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

    @classmethod
    def remove_a_change(cls) -> None:
        """Let a moderator remove a change of mind, with its words and what its writer answered."""
        comment = make_comment(cls.post, cls.writer)
        change = ChangeOfMind.objects.create(
            post=cls.post,
            question=cls.post.question,
            giver=cls.stranger,
            comment=comment,
            kind=ChangeKind.SOFTENED,
            words="plantednowcreditz is what moved me.",
            from_stance=cls.stances["different"],
            to_stance=cls.stances["different"],
        )
        changes_of_mind.answer(change, agrees=False, note="plantednowdisputez was my point.")
        moderating.remove_change(change, by=cls.admin, reason="spam")
        cls.changes.append(change.pk)

    @classmethod
    def withdraw(cls) -> None:
        """Let a moderator remove a comment under an article that is taken back afterwards."""
        post = make_post(cls.other_author)
        make_question(post)
        cls.withdrawn = make_comment(post, cls.writer)
        moderating.remove(cls.withdrawn, by=cls.moderator, reason="spam")
        unpublish(post, by=cls.other_author)

    @classmethod
    def notify(cls) -> None:
        """Notify people of all planted comments in every way, as if they had changed since."""
        # Kinds of one group and one loader, so that a page of the inbox has room for every state.
        people = dict.fromkeys((cls.writer, cls.stranger), "reply")
        people |= dict.fromkeys((cls.reader, cls.moderator), "mention")
        for comment in cls.planted.values():
            decision = Decision.objects.create(
                action=Action.APPROVE, by=cls.moderator, comment=comment
            )
            told = {"approved": decision.pk, "judged_fair": comment.pk}
            for revision in comment.revisions.all()[:1]:
                told |= dict.fromkeys(("closing_dropped", "verdict_dropped"), revision.pk)
            Notification.objects.bulk_create(
                (
                    Notification(
                        recipient=person,
                        kind=kind,
                        subject_id=pk,
                        target=kind,
                        target_id=comment.pk,
                    )
                    for person, heard in people.items()
                    for kind, pk in {**told, heard: comment.pk}.items()
                ),
                ignore_conflicts=True,
            )

    @classmethod
    def save(cls) -> None:
        """Let people have saved all planted comments, and see all as new since their visit."""
        for person in (cls.reader, cls.writer, cls.stranger, cls.moderator):
            for comment in (*cls.planted.values(), cls.withdrawn):
                saving.save(SavedKind.COMMENT, comment.pk, on=comment.post, by=person)
            visits.read_up_to(cls.post, 0, by=person)

    def people(self) -> dict[str, Client]:
        """Return a browser for each of the cast.

        On PostgreSQL of those for whom the SQL differs: the rest differ by permissions in Python.
        """
        names: tuple[str, ...] = ("reader", "writer", "stranger", "moderator")
        if connection.vendor == "sqlite":
            names += ("author", "admin", "suspended")
        clients = {name: client_of(getattr(self, name)) for name in names}
        return {"anonymous": Client(), **clients}


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

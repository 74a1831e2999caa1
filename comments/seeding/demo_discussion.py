"""Write a discussion of the demonstration from its file, by the actions that readers use."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

from accounts.models import User
from posts.models import Post, Stance

from ..actions import changes_of_mind, steelmen
from ..actions.changes_of_mind import Credit
from ..actions.comments import Draft, answer_question, delete_comment, post_comment
from ..actions.edits import edit_comment
from ..actions.reactions import press
from ..closings.judging import judge, newest
from ..closings.writing import ClosingDraft, write
from ..models import ChangeKind, ChangeOfMind, Comment
from ..moderation import actions as moderating

AUTHOR = "author"
# The share of readers who press "well argued": less for a reply, which fewer read.
PRESSING, PRESSING_REPLIES = 0.2, 0.1
# Keys of comments that are later deleted or removed.
_UNREADABLE_KEYS = {"deleted_after", "removed"}


@dataclass(order=True)
class Event:
    """An action in a discussion, `minute` minutes after the publication of the first article."""

    minute: float
    act: Callable[[datetime], object] = field(compare=False)


class DemoDiscussion:
    """Write a discussion: `people` are its writers by handle, `found` is its file.

    Its times are minutes after `starts`, the minute at which its post, set by `open`, came out.
    """

    def __init__(self, people: dict[str, User], found: dict[str, Any], starts: float = 0) -> None:
        self.people = people
        self.found = found
        self.starts = starts
        self.stances: dict[str | None, Stance] = {}
        self.comments: dict[str, Comment] = {}

    def open(self, post: Post) -> None:
        """Take `post`, which has its question, as the one that is discussed."""
        self.post = post
        stances = post.question.stances.select_related("question__version")
        self.stances = {stance.key: stance for stance in stances}

    def events(self) -> Iterator[Event]:
        """Yield all events of the discussion, in no order."""
        found = self.found
        for row in [*found["comments"], *found["held"]]:
            yield self._event(row["at"], self._post, row)
            yield from self._later_events(row)
        yield from self._presses()
        for row in found["answers"]:
            yield self._event(row["at"], self._answer, row)
        for row in found["flags"]:
            yield self._event(row["at"], self._flag, row)
        for row in found.get("verdicts", []):
            yield self._event(row["at"], self._judge_steelman, row)
        for row in found.get("changes", []):
            yield self._event(row["at"], self._credit, row)
            if "answered" in row:
                yield self._event(row["at"] + row["answered"]["after"], self._answer_credit, row)

    def closing_events(self, closings: list[dict[str, Any]]) -> Iterator[Event]:
        """Yield the versions of the closing summary and the verdicts on each."""
        for row in closings:
            yield self._event(row["at"], self._write_closing, row)
            for verdict in row["verdicts"]:
                yield self._event(verdict["at"], self._judge_closing, verdict)

    def _event(self, minute: float, act: Callable[..., object], row: dict[str, Any]) -> Event:
        return Event(self.starts + minute, partial(act, row))

    def _presses(self) -> Iterator[Event]:
        """Yield the reactions: by a share of those who answer, larger where a row says so."""
        readable = [row for row in self.found["comments"] if not row.keys() & _UNREADABLE_KEYS]
        last = max(row["at"] for row in self.found["comments"])
        for row in readable:
            share = row.get("well_argued", PRESSING_REPLIES if "parent" in row else PRESSING)
            for number, handle in enumerate(self._answering()):
                minute = row["at"] + 40 + 11 * number
                wants = Random(f"{row['key']} {handle}").random() < share
                if wants and minute < last and handle != row["author"]:
                    yield self._event(minute, self._press, {"key": row["key"], "by": handle})

    def _answering(self) -> list[str]:
        """Return the handles of those who answer the question, with a comment or without."""
        writers = (row["author"] for row in self.found["comments"] if "stance" in row)
        readers = (row["reader"] for row in self.found["answers"])
        return list(dict.fromkeys([*writers, *readers]))

    def _later_events(self, row: dict[str, Any]) -> Iterator[Event]:
        """Yield the edit, the deletion and the removal of the comment `row`, if any."""
        if "edited_after" in row:
            yield self._event(row["at"] + row["edited_after"], self._edit, row)
        if "deleted_after" in row:
            yield self._event(row["at"] + row["deleted_after"], self._delete, row)
        if "removed" in row:
            yield self._event(row["at"] + row["removed"]["after"], self._remove, row)

    def _post(self, row: dict[str, Any], now: datetime) -> None:
        draft = Draft(
            author=self.people[row["author"]],
            post=self.post,
            body=row.get("original_body", row["body"]).strip(),
            parent=self._comment(row["parent"]) if "parent" in row else None,
            stance=self.stances.get(row.get("stance")),
            argues_for=self.stances.get(row.get("argues_for")),
        )
        self.comments[row["key"]] = post_comment(draft, now=now).comment

    def _press(self, row: dict[str, Any], now: datetime) -> None:
        press(self.comments[row["key"]], by=self.people[row["by"]], now=now)

    def _answer(self, row: dict[str, Any], now: datetime) -> None:
        reader, stance = self.people[row["reader"]], self.stances[row["stance"]]
        answer_question(reader=reader, question=self.post.question, stance=stance, now=now)

    def _credit(self, row: dict[str, Any], now: datetime) -> None:
        giver = self.people[row["by"]]
        current = giver.current_stances.get(question=self.post.question)
        credit = Credit(
            giver,
            self.post,
            ChangeKind(row["kind"]),
            row["words"],
            was=next(each for each in self.stances.values() if each.pk == current.stance_id),
            to=self.stances.get(row.get("to")),
            comment=self._comment(row["comment"]),
        )
        changes_of_mind.give(credit, now=now)

    def _answer_credit(self, row: dict[str, Any], now: datetime) -> None:
        change = ChangeOfMind.objects.get(giver=self.people[row["by"]], post=self.post)
        answered = row["answered"]
        changes_of_mind.answer(
            change, agrees=answered["agrees"], note=answered.get("note", ""), now=now
        )

    def _judge_steelman(self, row: dict[str, Any], now: datetime) -> None:
        steelman, reader = self._comment(row["comment"]), self.people[row["reader"]]
        steelmen.judge(steelman, by=reader, is_fair=row["is_fair"], now=now)

    def _edit(self, row: dict[str, Any], now: datetime) -> None:
        comment = self._comment(row["key"])
        edit_comment(comment, by=comment.author, body=row["body"].strip(), now=now)

    def _delete(self, row: dict[str, Any], now: datetime) -> None:
        delete_comment(self._comment(row["key"]), now=now)

    def _remove(self, row: dict[str, Any], now: datetime) -> None:
        removal = row["removed"]
        moderating.remove(
            self._comment(row["key"]),
            by=self.people[removal["by"]],
            reason=removal["reason"],
            note=removal["note"],
            now=now,
        )

    def _write_closing(self, row: dict[str, Any], now: datetime) -> None:
        before = newest(self.post)
        draft = ClosingDraft(
            self.post,
            self.people[AUTHOR],
            row["body"].strip(),
            [self.comments[key].pk for key in row["cites"]],
            based_on=before.number if before else 0,
        )
        write(draft, now=now)

    def _judge_closing(self, row: dict[str, Any], now: datetime) -> None:
        closing = newest(self.post)
        assert closing is not None
        judge(closing, by=self.people[row["by"]], is_fair=row["said"] == "fair", now=now)

    def _flag(self, row: dict[str, Any], now: datetime) -> None:
        moderating.raise_flag(
            self._comment(row["comment"]),
            by=self.people[row["by"]],
            reason=row["reason"],
            note=row["note"],
            now=now,
        )

    def _comment(self, key: str) -> Comment:
        return Comment.objects.select_related("author", "post").get(pk=self.comments[key].pk)

"""Test what a mail says of one notification: its heading, who is quoted, and its button."""

from typing import Any

import pytest

from accounts.models import User
from comments.notifications import CONFIRMED, CREDIT, REPLY, SUSPENDED, SUSPENSION_ENDED
from notifications.kinds import Content, NotificationKind, Way
from notifications.mailing.wording import MailWords, words_of
from notifications.models import Notification
from notifications.reading import InboxRow


def row(kind: NotificationKind, **content: Any) -> InboxRow:
    """Return a row of the inbox that nobody has stored."""
    told = Notification(kind=kind.name, target=kind.target)
    return InboxRow(told, kind, Content("/somewhere/", **content))


def words(kind: NotificationKind, **content: Any) -> MailWords:
    return words_of(Way.SOON, [row(kind, **content)])


SAM = User(handle="sam", name="Sam Reed")


def test_the_words_of_the_person_stand_under_their_name() -> None:
    entry = words(CREDIT, person=SAM, quote="You moved me.").sections[0].entries[0]
    assert (entry.name, entry.is_title) == ("Sam Reed", False)


def test_the_receivers_own_words_do_not() -> None:
    said = words(CONFIRMED, person=SAM, quote="You moved me.", facts={"is_own_quote": True})
    entry = said.sections[0].entries[0]
    assert said.title == "Sam Reed, whose comment changed your mind, says that you understood it"
    assert (entry.name, entry.is_title) == ("", True)


def test_a_heading_has_no_full_stop() -> None:
    said = words(SUSPENDED, facts={"suspension": "You cannot write any more."})
    assert said.title == said.subject == "You cannot write any more"


@pytest.mark.parametrize(
    ("kind", "act"),
    [(REPLY, "Read and reply"), (SUSPENDED, "Read the rules"), (CREDIT, "See it")],
)
def test_the_button_of_a_kind_or_of_its_group(kind: NotificationKind, act: str) -> None:
    assert words(kind, person=SAM).act == act


def test_several_kinds_have_the_button_of_their_group() -> None:
    both = [row(SUSPENDED), row(SUSPENSION_ENDED)]
    assert words_of(Way.SOON, both).act == "See it"

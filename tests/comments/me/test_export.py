"""Test the export of personal data: complete, and without other people's data."""

import json
from functools import partial
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from comments.actions.edits import edit_comment
from comments.moderation import actions
from comments.moderation.actions import raise_flag
from core.personal import holdings
from notifications.models import Notification
from tests.cast import Cast
from tests.factories import make_comment
from tests.reauthenticated import reauthenticate


class ExportTests(Cast):
    """The exported file."""

    def setUp(self) -> None:
        self.mine = make_comment(self.post, self.reader, self.stances["same"], body="Mine, first.")
        edit_comment(self.mine, by=self.reader, body="Mine, now.")
        theirs = make_comment(self.post, self.stranger, parent=self.mine, body="A secret of Sam's.")
        raise_flag(theirs, by=self.reader, reason="spam", note="My own complaint.")
        raise_flag(self.mine, by=self.stranger, reason="hate", note="Sam complains.")
        actions.remove(self.mine, by=self.moderator, reason="attack", note="To Robin alone.")
        actions.suspend(self.reader, by=self.moderator, days=1, reason="attack", note="Rest.")
        Notification.objects.get_or_create(
            recipient=self.reader, kind="reply", subject_id=theirs.pk
        )
        self.url = reverse("comments:export")
        self.reader.refresh_from_db()

    def taken(self) -> dict[str, Any]:
        self.sign_in(self.reader)
        reauthenticate(self.client, self.reader)
        data: dict[str, Any] = json.loads(self.client.get(self.url).content)
        return data

    def test_visitors_sign_in_first(self) -> None:
        assert self.client.get(self.url).status_code == 302

    def test_it_is_a_file_of_json(self) -> None:
        self.sign_in(self.reader)
        reauthenticate(self.client, self.reader)
        page = self.client.get(self.url)
        assert page["Content-Type"] == "application/json"
        assert page["Content-Disposition"] == 'attachment; filename="my-data.json"'
        assert page["Cache-Control"] == "private, no-store"

    def test_suspended_people_take_theirs_too(self) -> None:
        assert self.reader.is_suspended()
        assert self.taken()["account"]["handle"] == "robin"

    def test_everything_is_in_it(self) -> None:
        data = self.taken()
        assert data["account"]["email"] == "robin@example.org"
        (comment,) = data["comments"]
        assert comment["body"] == "Mine, now."
        assert [row["body"] for row in comment["earlier_texts"]] == ["Mine, first."]
        assert (comment["stance_key"], comment["state"]) == ("same", "removed")
        assert [row["stance_key"] for row in data["answers"]] == ["same"]
        assert [row["note"] for row in data["flags_raised"]] == ["My own complaint."]
        told = {row["kind"] for row in data["notifications"]}
        assert told == {"reply", "removed", "suspended"}
        assert [row["reason"] for row in data["suspensions"]] == ["attack"]
        notes = [row["note_text"] for row in data["decisions_about_me"]]
        assert notes == ["To Robin alone.", "Rest."]

    def test_nobody_learns_from_it_that_they_were_flagged(self) -> None:
        actions.lift_suspension(self.reader, by=self.moderator, reason="mistake")
        self.reader.refresh_from_db()
        for decide in (actions.dismiss, partial(actions.remove, reason="spam")):
            comment = make_comment(self.post, self.reader, self.stances["same"])
            actions.raise_flag(comment, by=self.stranger, reason="spam")
            decide(comment, by=self.moderator)
        told = self.taken()["decisions_about_me"]
        assert "dismiss" not in [row["action"] for row in told]
        assert "flagged" not in str(told)
        assert [row["action"] for row in told].count("remove") == 2

    def test_nothing_about_anyone_else_is_in_it(self) -> None:
        self.sign_in(self.reader)
        reauthenticate(self.client, self.reader)
        text = self.client.get(self.url).content.decode()
        for secret in ('"sam"', "june", "A secret of Sam", "Sam complains"):
            assert secret not in text

    def test_an_author_finds_their_posts(self) -> None:
        self.sign_in(self.author)
        reauthenticate(self.client, self.author)
        posts = json.loads(self.client.get(self.url).content)["posts"]
        assert [row["slug"] for row in posts] == [self.post.slug]

    def test_a_long_history_takes_as_many_queries(self) -> None:
        self.sign_in(self.reader)
        reauthenticate(self.client, self.reader)
        few = self.queries()
        actions.lift_suspension(self.reader, by=self.moderator, reason="mistake")
        for _ in range(15):
            comment = make_comment(self.post, User.objects.get(pk=self.reader.pk))
            edit_comment(comment, by=self.reader, body="Other words.")
        # Three for session, person and roles, four for how one may be asked again, one for each
        # kind of row.
        assert self.queries() == few <= 7 + len(holdings())

    def queries(self) -> int:
        self.client.get(self.url)  # begins the session
        with CaptureQueriesContext(connection) as asked:
            self.client.get(self.url)
        return len(asked)

"""Test the pages of the moderation log."""

from unittest import mock

from django.urls import reverse

from comments.moderation import actions
from comments.moderation.views import log

from .cases import Moderated


class LogTests(Moderated):
    """Admins read all of it, moderators their own decisions, others nothing."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Let both decide something."""
        super().setUpTestData()
        actions.approve(cls.held, by=cls.moderator)
        actions.remove(cls.flagged, by=cls.admin, reason="attack", note="Calm down.")
        actions.suspend(cls.reader, by=cls.admin, days=1, reason="attack")

    def rows(self) -> list[str]:
        return [row.action for row in self.get("log").context["decisions"]]

    def test_who_reads_what(self) -> None:
        assert self.get("log").status_code == 302
        for person in (self.reader, self.author, self.suspended):
            self.sign_in(person)
            assert self.get("log").status_code == 404
        self.sign_in(self.moderator)
        assert self.rows() == ["approve"]
        self.sign_in(self.admin)
        assert self.rows() == ["suspend", "remove", "approve"]

    def test_it_says_who_did_what_to_whom_and_why(self) -> None:
        self.sign_in(self.admin)
        page = self.get("log")
        for words in ("ines", "Calm down.", "attacks a person", "robin", "published → removed"):
            self.assertContains(page, words)

    def test_it_has_pages(self) -> None:
        self.sign_in(self.admin)
        with mock.patch.object(log, "ROWS", 2):
            first = self.get("log")
            rest = self.get("log", before=first.context["earlier"])
        assert [row.action for row in rest.context["decisions"]] == ["approve"]
        assert rest.context["earlier"] is None

    def test_nonsense_is_not_found(self) -> None:
        self.sign_in(self.admin)
        for before in ("garbage", "-1", "9" * 30, "١"):
            assert self.get("log", before=before).status_code == 404

    def test_it_is_only_read(self) -> None:
        self.sign_in(self.admin)
        assert self.client.post(reverse("comments:log")).status_code == 405

"""Test the moderators' queue, and the place of a case in it."""

from datetime import timedelta
from unittest import mock

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments.actions.comments import delete_comment
from comments.models import Comment
from comments.models.moderation import Flag
from core import limits
from tests.factories import make_comment, make_post, make_user

from .cases import Moderated


class DeskPermissionTests(Moderated):
    """The queue is not found for readers."""

    def test_visitors_are_asked_to_sign_in(self) -> None:
        for page in (self.get("moderation"), self.get("moderation-case", self.held.pk)):
            assert page.status_code == 302
            assert reverse("account_login") in page["Location"]

    def test_readers_and_authors_find_nothing(self) -> None:
        for person in (self.reader, self.suspended, self.author):
            self.sign_in(person)
            assert self.get("moderation").status_code == 404
            assert self.get("moderation-case", self.held.pk).status_code == 404

    def test_moderators_and_admins_find_it(self) -> None:
        for person in (self.moderator, self.admin):
            self.sign_in(person)
            assert self.get("moderation").status_code == 200

    def test_it_is_only_read(self) -> None:
        self.sign_in(self.moderator)
        assert self.client.post(reverse("comments:moderation")).status_code == 405

    def test_it_is_kept_by_no_cache(self) -> None:
        self.sign_in(self.moderator)
        assert self.get("moderation")["Cache-Control"] == "private, no-store"


class QueueTests(Moderated):
    """Held and flagged comments, oldest first."""

    def setUp(self) -> None:
        self.sign_in(self.moderator)

    def listed(self, **query: str) -> list[int]:
        page = self.get("moderation", **query)
        assert page.status_code == 200
        return [entry.comment.pk for entry in page.context["entries"]]

    def test_held_and_flagged_ones_wait_and_no_others(self) -> None:
        assert self.listed() == [self.held.pk, self.flagged.pk]
        self.assertContains(self.get("moderation"), "2 waiting")

    def test_each_says_since_when_it_waits(self) -> None:
        for minutes, said in ((0, "just now"), (1, "1\xa0minute ago"), (150, "2\xa0hours ago")):
            at = timezone.now() - timedelta(minutes=minutes)
            Comment.objects.filter(pk=self.held.pk).update(created_at=at)
            self.assertContains(self.get("moderation", queue="held"), f"· {said}")

    def test_the_list_has_the_text_as_readers_see_it(self) -> None:
        words = "A **bold** [word](https://example.org/x) & <more>"
        make_comment(self.post, self.newcomer, self.stances["same"], body=words)
        self.assertContains(
            self.get("moderation"), '<em dir="auto">A bold word &amp; &lt;more&gt;</em>'
        )

    def test_a_filter_shows_one_kind(self) -> None:
        assert self.listed(queue="held") == [self.held.pk]
        assert self.listed(queue="flagged") == [self.flagged.pk]

    def test_the_counts_of_all_kinds_stand_on_every_page(self) -> None:
        page = self.get("moderation", queue="held")
        assert [link["count"] for link in page.context["queue"].filters()] == [2, 1, 1]

    def test_a_comment_flagged_often_waits_once_since_its_first_flag(self) -> None:
        long_ago = timezone.now() - timedelta(days=200)
        Flag.objects.create(
            comment=self.flagged, reporter=self.author, reason="hate", created_at=long_ago
        )
        assert self.listed() == [self.flagged.pk, self.held.pk]
        self.assertContains(self.get("moderation"), "2 reports: ")

    def test_deleted_comments_wait_no_longer(self) -> None:
        delete_comment(self.held)
        delete_comment(self.flagged)
        assert self.listed() == []
        self.assertContains(self.get("moderation"), "Nothing is waiting")

    def test_answered_flags_do_not_wait(self) -> None:
        self.send("dismissal", self.flagged)
        assert self.listed() == [self.held.pk]

    def test_comments_under_a_draft_are_the_admins_business(self) -> None:
        draft = make_post(self.author, published_at=None)
        secret = make_comment(draft, self.newcomer)
        assert secret.state == "held"
        assert secret.pk not in self.listed()
        assert self.get("moderation-case", secret.pk).status_code == 404
        self.sign_in(self.admin)
        assert secret.pk in self.listed()

    def test_nonsense_is_not_found(self) -> None:
        for query in ({"queue": "nonsense"}, {"after": "garbage"}, {"after": "-1"}):
            assert self.get("moderation", **query).status_code == 404
        assert self.get("moderation-case", 987654321).status_code == 404

    def test_pages_follow_each_other_without_gap_or_double(self) -> None:
        for _ in range(5):
            make_comment(self.post, make_user())
        everything = self.listed()
        seen, url = [], reverse("comments:moderation")
        with mock.patch.object(limits, "QUEUE_PAGE", 3):
            while url:
                page = self.client.get(url)
                seen += [entry.comment.pk for entry in page.context["entries"]]
                url = page.context["queue"].next_page_url
        assert seen == everything
        assert len(everything) == 7


class MastheadTests(Moderated):
    """The dot that tells moderators that something waits."""

    def shown(self, url: str = "/about/") -> str:
        return self.client.get(url).content.decode()

    def test_moderators_are_told_and_nobody_else(self) -> None:
        self.sign_in(self.moderator)
        for url in ("/about/", self.post.get_absolute_url()):
            assert self.shown(url).count(", 2 waiting</span>") == 3
        for person in (self.reader, self.author, self.suspended):
            self.sign_in(person)
            assert " waiting</span>" not in self.shown()
        self.client.logout()
        assert " waiting</span>" not in self.shown()

    def test_a_decision_counts_at_once_and_pages_in_between_ask_nothing(self) -> None:
        self.sign_in(self.moderator)
        assert ", 2 waiting" in self.shown()
        with CaptureQueriesContext(connection) as queries:
            self.shown()
        assert not any("comments_flag" in query["sql"] for query in queries)
        self.send("approval", self.held)
        assert ", 1 waiting" in self.shown()
        self.send("dismissal", self.flagged)
        assert "waiting</span>" not in self.shown()


class PlaceTests(Moderated):
    """Where a case stands in the queue, with links to those beside it."""

    def setUp(self) -> None:
        self.sign_in(self.moderator)

    def place(self, comment: Comment, **query: str) -> tuple[int | None, str, str]:
        """Return the place that the page of a case shows, as its number and the two addresses."""
        place = self.get("moderation-case", comment.pk, **query).context["place"]
        return place.number, place.previous_url, place.next_url

    def test_it_has_links_to_the_cases_beside_it(self) -> None:
        second = make_comment(self.post, self.newcomer, self.stances["same"])
        first, middle, last = (
            reverse("comments:moderation-case", args=[each.pk])
            for each in (self.held, second, self.flagged)
        )
        assert self.place(self.held) == (1, "", middle)
        assert self.place(second) == (2, first, last)
        assert self.place(self.flagged) == (3, middle, "")
        page = self.get("moderation-case", second.pk)
        self.assertContains(page, "<span>2 of 3</span>", count=1)
        self.assertContains(page, f'rel="prev" href="{first}"', count=1)
        self.assertContains(page, f'rel="next" href="{last}"', count=1)

    def test_it_counts_the_part_of_the_queue_that_is_shown(self) -> None:
        make_comment(self.post, self.newcomer, self.stances["same"])
        page = self.get("moderation-case", self.held.pk, queue="held")
        self.assertContains(page, "<span>1 of 2</span>", count=1)
        assert self.place(self.flagged, queue="flagged") == (1, "", "")

    def test_a_case_that_does_not_wait_has_none(self) -> None:
        page = self.get("moderation-case", self.quiet.pk)
        assert page.context["place"] is None
        self.assertNotContains(page, "case-place")

    def test_the_end_of_a_page_leads_to_the_next_one_which_has_no_number(self) -> None:
        with mock.patch.object(limits, "QUEUE_PAGE", 1):
            number, _before, url = self.place(self.held)
            assert number == 1
            assert "after=" in url
            page = self.client.get(url)
            assert page.context["case"].comment == self.flagged
            assert page.context["place"].number is None


class QueryCountTests(Moderated):
    """The queries of a long queue, as many as of a short one."""

    def test_the_number_of_queries_is_constant(self) -> None:
        self.sign_in(self.moderator)
        few = self.queries()
        for _ in range(12):
            comment = make_comment(self.post, make_user(), parent=self.quiet)
            Flag.objects.create(comment=comment, reporter=make_user(), reason="spam")
            Flag.objects.create(comment=self.flagged, reporter=make_user(), reason="spam")
        assert self.queries() == few <= 24

    def test_so_is_that_of_what_stands_before_a_thread(self) -> None:
        self.sign_in(self.moderator)
        root = make_comment(self.post, self.newcomer, self.stances["same"])
        few = self.queries(root)
        for _ in range(4):
            make_comment(self.post, self.reader, self.stances["same"])
        late = make_comment(self.post, self.newcomer, self.stances["same"])
        assert self.queries(late) == few

    def queries(self, comment: Comment | None = None) -> int:
        pk = (comment or self.flagged).pk
        self.get("moderation-case", pk)  # begins the session
        with CaptureQueriesContext(connection) as asked:
            self.get("moderation-case", pk)
        return len(asked)

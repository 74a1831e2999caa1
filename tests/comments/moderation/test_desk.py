"""Test the moderators' queue and the case beside it."""

import re
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

from .cases import HTMX, Moderated


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


class CaseTests(Moderated):
    """The facts needed for a decision."""

    def setUp(self) -> None:
        self.sign_in(self.moderator)

    def test_the_first_case_stands_beside_the_queue(self) -> None:
        page = self.get("moderation")
        assert page.context["case"].comment == self.held
        self.assertContains(page, "Held: newcomer")

    def test_it_shows_the_comment_in_context(self) -> None:
        page = self.get("moderation-case", self.flagged.pk)
        for words in ("A quiet word.", "You fool.", self.post.title, "It calls me names.", "sam"):
            self.assertContains(page, words)
        facts = page.context["case"].facts
        assert (facts.published, facts.removed, facts.suspensions) == (2, 0, 0)

    def test_a_long_comment_that_it_answers_begins_and_is_there_on_demand(self) -> None:
        whole = "Show the whole comment"
        self.assertNotContains(self.get("moderation-case", self.flagged.pk), whole)
        Comment.objects.filter(pk=self.quiet.pk).update(
            body_html=f"<p>{'So I said &lt;it&gt; again. ' * 30}</p><p>The end.</p>"
        )
        page = self.get("moderation-case", self.flagged.pk)
        self.assertContains(page, "<p>The end.</p>", count=1)
        self.assertRegex(page.text, rf"&lt;it&gt; again…</p>[^…]*{whole}|&lt;it&gt;…</p>")
        self.assertContains(page, whole, count=1)

    def test_it_shows_the_very_sentence_that_the_writer_reads(self) -> None:
        page = self.get("moderation-case", self.flagged.pk)
        sentence = "A moderator removed your comment because it attacks a person, not an argument."
        self.assertContains(page, sentence)

    def test_a_report_and_each_act_stand_there_once(self) -> None:
        for comment, reason in ((self.held, "newcomer"), (self.flagged, "attacks")):
            text = self.get("moderation-case", comment.pk).text
            case = text[text.index('class="case"') : text.index('<fieldset class="field reasons')]
            case = case[: case.index('class="acts acts--bar"')]
            self.assertEqual(case.count(reason), 1, reason)
            self.assertNotIn("1 report", case)
            keys = text[text.index('class="keys__few"') :]
            self.assertNotRegex(keys[: keys.index("</span>")], "approve|remove|undo")
        entry = text[text.index('class="queue"') : text.index("</ol>")]
        self.assertEqual(
            re.findall(r">\s*1\b[^<]*<", entry), [">1 report: attacks a person, not an argument<"]
        )

    def test_it_says_where_those_who_flagged_stand(self) -> None:
        make_comment(self.post, self.stranger, self.stances["overlap"])
        page = self.get("moderation-case", self.flagged.pk)
        assert page.context["case"].flagged_from == [(self.stances["overlap"], 1)]
        self.assertContains(page, "1 reader who answered Overlap")
        for number in range(2):
            person = make_user(f"rita{number}", is_demo=True)
            make_comment(self.post, person, self.stances["same"])
            Flag.objects.create(comment=self.flagged, reporter=person, reason="spam")
        page = self.get("moderation-case", self.flagged.pk)
        self.assertRegex(
            page.text, r"<dd>2 readers who answered Same, 1 reader who answered Overlap</dd>"
        )

    def test_a_key_has_one_word_which_is_that_of_its_button(self) -> None:
        removed = make_comment(self.post, self.reader, self.stances["same"], parent=self.quiet)
        self.send("removal", removed, {"reason": "spam"})
        words: dict[str, set[str]] = {}
        for comment in (self.held, self.flagged, removed):
            page = self.get("moderation-case", comment.pk).content.decode()
            acts = page[page.index('class="acts acts--bar"') :]
            for key, word in re.findall(r'data-key="([a-z])">([^<]+) <kbd', acts):
                words.setdefault(key, set()).add(word)
                self.assertIn(f"<li><kbd>{key}</kbd> {word.split()[0]}", page)
        assert words.pop("l") == {"Lock"}
        assert words == {
            "f": {"Approve"},
            "r": {"Restore"},
            "d": {"Remove"},
            "e": {"Change answer"},
            "m": {"Move to its own thread"},
            "b": {"Suspend"},
        }

    def test_the_text_is_rendered_and_its_source_is_there_on_demand(self) -> None:
        Comment.objects.filter(pk=self.held.pk).update(body="My **first** <i>")
        page = self.get("moderation-case", self.held.pk)
        self.assertContains(page, '<pre tabindex="0" dir="auto">My **first** &lt;i&gt;</pre>')

    def test_it_offers_what_can_be_done(self) -> None:
        offers = {
            self.held: {"approval", "removal", "retag", "lock", "suspend"},
            self.flagged: {"dismissal", "removal", "retag", "lock", "detachment", "suspend"},
            self.quiet: {"removal", "retag", "lock", "suspend"},
        }
        for comment, names in offers.items():
            case = self.get("moderation-case", comment.pk).context["case"]
            assert set(case.urls) == names

    def test_nobody_is_judge_of_their_own_comment(self) -> None:
        own = make_comment(self.post, self.moderator)
        page = self.get("moderation-case", own.pk)
        assert set(page.context["case"].urls) == {"lock"}
        self.assertContains(page, "This is your own comment")

    def test_hostile_words_stay_words(self) -> None:
        Comment.objects.filter(pk=self.held.pk).update(body="<script>alert(1)</script>")
        Flag.objects.filter(pk=self.flag.pk).update(note="<img src=x onerror=alert(1)>")
        self.assertNotContains(self.get("moderation"), "<script>alert")
        self.assertNotContains(self.get("moderation-case", self.flagged.pk), "<img src=x")

    def test_htmx_gets_the_inside_of_the_desk_alone(self) -> None:
        url = reverse("comments:moderation-case", args=[self.flagged.pk])
        part = self.client.get(url, **HTMX)
        self.assertNotContains(part, "<html")
        self.assertContains(part, "data-focus", count=1)
        again = self.client.get(url, **HTMX, HTTP_HX_HISTORY_RESTORE_REQUEST="true")
        self.assertContains(again, "<html")


class QueryCountTests(Moderated):
    """The queries of a long queue, as many as of a short one."""

    def test_the_number_of_queries_is_constant(self) -> None:
        self.sign_in(self.moderator)
        few = self.queries()
        for _ in range(12):
            comment = make_comment(self.post, make_user(), parent=self.quiet)
            Flag.objects.create(comment=comment, reporter=make_user(), reason="spam")
            Flag.objects.create(comment=self.flagged, reporter=make_user(), reason="spam")
        assert self.queries() == few <= 23

    def queries(self) -> int:
        self.get("moderation-case", self.flagged.pk)  # begins the session
        with CaptureQueriesContext(connection) as asked:
            self.get("moderation-case", self.flagged.pk)
        return len(asked)

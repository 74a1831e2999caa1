"""Test the moderators' queue and the case beside it."""

import re
from datetime import timedelta
from unittest import mock

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments.actions.comments import delete_comment
from comments.models import Comment, CommentState
from comments.models.moderation import Flag, Reason
from comments.moderation import sentences
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
        self.assertContains(page, "Held: one of the first comments by a new account")

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
        self.assertRegex(page.text, rf"again. So I said &lt;it&gt;…</p>[^…]*{whole}")
        self.assertContains(page, whole, count=1)

    def test_it_shows_the_very_sentence_that_the_writer_reads(self) -> None:
        page = self.get("moderation-case", self.flagged.pk)
        sentence = "A moderator removed your comment because it attacks a person, not an argument."
        self.assertContains(page, sentence)

    def test_a_report_and_each_act_stand_there_once(self) -> None:
        for comment, reason in ((self.held, "new account"), (self.flagged, "attacks")):
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
                self.assertIn(key, word.lower())
        assert words == {
            "a": {"Approve"},
            "e": {"Keep"},
            "t": {"Restore"},
            "r": {"Remove"},
            "c": {"Change answer"},
            "l": {"Lock"},
            "m": {"Move to its own thread"},
            "s": {"Suspend"},
        }

    def test_it_says_what_each_decision_does(self) -> None:
        kept = "Keep: it stays, and its report is dismissed. Remove: you give a reason"
        removed = make_comment(self.post, self.reader, self.stances["same"], parent=self.quiet)
        self.send("removal", removed, {"reason": "spam"})
        for comment, said in (
            (self.held, "Approve: readers will see it. Remove: you give a reason"),
            (self.flagged, kept),
            (self.quiet, "Remove: you give a reason"),
            (removed, "Restore: it is as before it was removed."),
        ):
            with self.subTest(said):
                assert self.outcomes(comment).startswith(said)
        Flag.objects.create(comment=self.flagged, reporter=self.author, reason="hate")
        assert "its reports are dismissed" in self.outcomes(self.flagged)
        Comment.objects.filter(pk=self.flagged.pk).update(state="hidden")
        assert "and what was reported is dismissed" in self.outcomes(self.flagged)

    def outcomes(self, comment: Comment) -> str:
        """Return the sentences about what each decision does, on one line."""
        text = self.get("moderation-case", comment.pk).content.decode()
        line = text[text.index('class="acts__outcomes">') :].partition(">")[2]
        return " ".join(line[: line.index("</p>")].split())

    def test_it_says_what_the_other_acts_do(self) -> None:
        page = self.get("moderation-case", self.flagged.pk)
        for said in (
            "chose for this comment.",
            "No more replies in this thread.",
            "Its replies move with it.",
            "cannot post, for as long as you choose.",
        ):
            self.assertContains(page, said, count=1)
        Comment.objects.filter(pk=self.quiet.pk).update(locked_at=timezone.now())
        page = self.get("moderation-case", self.flagged.pk)
        self.assertContains(page, "Readers can reply in this thread again.")

    def test_it_says_who_can_see_the_comment(self) -> None:
        for state, said in (
            ("published", ">Readers can see it<"),
            ("held", ">Only its writer and moderators can see it<"),
            ("hidden", ">Hidden after reports: only its writer and moderators can see it<"),
            ("removed", ">Removed: only its writer and moderators can see it<"),
        ):
            Comment.objects.filter(pk=self.flagged.pk).update(state=state, removed_reason="spam")
            page = self.get("moderation-case", self.flagged.pk)
            self.assertContains(page, said, count=1)

    def order(self, comment: Comment, *words: str) -> None:
        """Fail unless the case of `comment` has these words in this order."""
        text = self.get("moderation-case", comment.pk).content.decode()
        case = text[text.index('class="case"') :]
        places = [case.index(each) for each in words]
        assert places == sorted(places), words

    def test_the_reason_stands_above_the_comment_and_what_is_before_it_below(self) -> None:
        self.order(
            self.flagged,
            "It calls me names.",
            "Reported no other comment.",
            "You fool.",
            "Before it in the discussion",
            "A quiet word.",
        )
        held = "Held: one of the first comments by a new account</h3>"
        self.order(self.held, held, "My first.", "Before it in the discussion", "A quiet word.")
        Flag.objects.create(comment=self.held, reporter=self.stranger, reason="spam")
        self.order(self.held, held, "What readers reported", "It is spam", "My first.")
        self.assertNotContains(self.get("moderation-case", self.quiet.pk), 'class="reports"')
        self.assertNotContains(
            self.get("moderation-case", self.quiet.pk), "Before it in the discussion"
        )

    def test_each_reason_to_hold_has_its_words(self) -> None:
        for reason, said in (
            ("newcomer", "Held: one of the first comments by a new account"),
            ("links", "Held: several links, by a new account"),
            ("review", "Held: to be looked at again"),
            ("", "Held"),
        ):
            Comment.objects.filter(pk=self.held.pk).update(held_reason=reason)
            page = self.get("moderation-case", self.held.pk)
            self.assertContains(page, f'id="held-title">{said}</h3>', count=1)

    def test_the_record_of_a_reporter(self) -> None:
        def report() -> Comment:
            comment = make_comment(self.post, self.reader, self.stances["same"])
            Flag.objects.create(comment=comment, reporter=self.stranger, reason="spam")
            return comment

        def said() -> str:
            page = self.get("moderation-case", self.flagged.pk)
            return sentences.record_of(page.context["case"].flags[0])

        assert said() == "Reported no other comment."
        first = report()
        assert said() == "Reported 1 other comment; it is still undecided."
        self.send("dismissal", first)
        assert said() == "Reported 1 other comment; it stayed."
        # Reported again, it is still one comment, and the last report counts.
        Flag.objects.create(comment=first, reporter=self.stranger, reason="spam")
        self.send("removal", first, {"reason": "spam"})
        assert said() == "Reported 1 other comment; it was removed."
        second = report()
        assert said() == "Reported 2 other comments; 1 was removed, 1 is still undecided."
        self.send("dismissal", second)
        assert said() == "Reported 2 other comments; 1 was removed, 1 stayed."
        other = make_comment(self.post, self.reader, self.stances["same"])
        Flag.objects.create(comment=other, reporter=self.author, reason="spam")
        assert said() == "Reported 2 other comments; 1 was removed, 1 stayed."

    def test_the_record_of_a_reporter_at_each_number(self) -> None:
        for others, removed, waiting, said in (
            (0, 0, 0, "Reported no other comment."),
            (2, 0, 0, "Reported 2 other comments; all stayed."),
            (3, 3, 0, "Reported 3 other comments; all were removed."),
            (2, 0, 2, "Reported 2 other comments; all are still undecided."),
            (
                6,
                2,
                2,
                "Reported 6 other comments; 2 were removed, 2 are still undecided, 2 stayed.",
            ),
            (1234, 0, 1, "Reported 1,234 other comments; 1 is still undecided, 1,233 stayed."),
        ):
            flag = Flag()
            for name, number in (("reported", others), ("removed", removed), ("waiting", waiting)):
                setattr(flag, f"others_{name}", number)
            assert sentences.record_of(flag) == said

    def test_earlier_reports_of_the_same_comment_are_no_other_comment(self) -> None:
        self.send("dismissal", self.flagged)
        Flag.objects.create(comment=self.flagged, reporter=self.stranger, reason="spam")
        page = self.get("moderation-case", self.flagged.pk)
        self.assertContains(page, "<span>Reported no other comment.</span>", count=1)

    def test_the_words_of_its_links_say_what_they_show(self) -> None:
        page = self.get("moderation-case", self.flagged.pk)
        for words in ("Text as typed</summary>", "More actions</summary>"):
            self.assertContains(page, words, count=1)

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


class EarlierCommentTests(Moderated):
    """What stands before the comment of a case."""

    def setUp(self) -> None:
        self.sign_in(self.moderator)

    def before(self, comment: Comment) -> list[tuple[str, int]]:
        """Return label and id of each comment that the page of a case shows before it."""
        case = self.get("moderation-case", comment.pk).context["case"]
        return [(str(each.label), each.comment.pk) for each in case.before]

    def test_a_reply_has_what_it_answers_and_the_reply_before_it(self) -> None:
        assert self.before(self.flagged) == [("It answers", self.quiet.pk)]
        first = make_comment(self.post, self.author, parent=self.flagged)
        later = make_comment(self.post, self.reader, self.stances["same"], parent=self.flagged)
        deep = make_comment(self.post, self.author, parent=later)
        assert self.before(later) == [
            ("Above that", self.quiet.pk),
            ("It answers", self.flagged.pk),
            ("The reply before it", first.pk),
        ]
        assert self.before(deep) == [("Above that", self.flagged.pk), ("It answers", later.pk)]

    def test_a_comment_that_begins_a_thread_has_the_threads_before_it(self) -> None:
        assert self.before(self.quiet) == []
        second, third, fourth = (
            make_comment(self.post, self.reader, self.stances["same"]) for _each in range(3)
        )
        before = "Posted earlier"
        assert self.before(second) == [(before, self.quiet.pk)]
        assert self.before(fourth) == [(before, second.pk), (before, third.pk)]

    def test_what_is_not_in_the_discussion_stands_there_only_if_it_is_answered(self) -> None:
        beside = make_comment(self.post, self.reader, self.stances["same"], parent=self.quiet)
        last = make_comment(self.post, self.reader, self.stances["same"], parent=self.quiet)
        assert self.before(last)[-1] == ("The reply before it", beside.pk)
        for comment in (beside, self.flagged, self.quiet):
            self.send("removal", comment, {"reason": "spam"})
        assert self.before(last) == [("It answers", self.quiet.pk)]

    def test_what_readers_cannot_see_says_why(self) -> None:
        above = Comment.objects.filter(pk=self.quiet.pk)
        for state, deleted_at, said in (
            (CommentState.PUBLISHED, None, []),
            (CommentState.HELD, None, ["waiting for approval"]),
            (CommentState.HIDDEN, None, ["hidden until a moderator looks"]),
            (CommentState.REMOVED, None, ["removed by a moderator"]),
            (CommentState.PUBLISHED, timezone.now(), ["deleted by its writer"]),
            (
                CommentState.REMOVED,
                timezone.now(),
                ["deleted by its writer", "removed by a moderator"],
            ),
        ):
            with self.subTest(state=state, deleted=bool(deleted_at)):
                reason = Reason.SPAM if state == CommentState.REMOVED else ""
                above.update(state=state, deleted_at=deleted_at, removed_reason=reason)
                page = self.get("moderation-case", self.flagged.pk).content.decode()
                start = page.index("comment--parent")
                earlier = page[start : page.index("</article>", start)]
                assert re.findall(r'class="badge"[^>]*>([^<]+)<', earlier) == said

    def test_each_leads_to_its_place_and_has_a_name_and_an_answer(self) -> None:
        page = self.get("moderation-case", self.flagged.pk)
        text = page.content.decode()
        earlier = text[text.index("comment--parent") : text.index('class="facts"')]
        for words in ("See in the discussion", "Same", self.quiet.get_absolute_url()):
            assert words in earlier
        assert self.quiet.author.display_name in earlier


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

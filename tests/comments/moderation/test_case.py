"""Test the page of a case: the facts needed for a decision, and what can be decided."""

import re

from django.urls import reverse
from django.utils import timezone

from comments.models import Comment
from comments.models.moderation import Flag
from comments.moderation import sentences
from tests.factories import make_comment, make_user

from .cases import HTMX, Moderated


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

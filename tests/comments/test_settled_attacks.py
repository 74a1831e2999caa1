"""Test attacks on who counts in figures by answer, through the views, at the times they take."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from comments.actions import reactions
from comments.closings import judging
from comments.integrity import faults
from comments.models import (
    Appraisal,
    Closing,
    ClosingVerdict,
    Comment,
    Reaction,
    SteelmanVerdict,
)
from core.jobs.periodic import run_all
from core.timestamps import day_of
from notifications.models import Notification

from .test_deliberation import DAY, HOUR, DeliberationCase


@pytest.mark.one_database
class LaunderingTests(DeliberationCase):
    """Readers who say that they have always held the answer they now give."""

    def setUp(self) -> None:
        super().setUp()
        self.readers = self.people("different", 30)
        self.now += 2 * DAY
        self.praised = self.silent_comment("overlap")
        self.now += 2 * DAY

    def correct(self, comment: Comment, key: str) -> None:
        """Correct the answer of a comment that was posted just now."""
        writer = User.objects.get(pk=comment.author_id)
        self.send(writer, "edit", comment.pk, body=comment.body, stance=key)

    def figures(self) -> Any:
        address = reverse("comments:stances-json", args=[self.post.slug])
        return json.loads(Client().get(address).text)

    def test_a_correction_of_the_answer_held_is_a_switch_of_today(self) -> None:
        for person in self.readers[:10]:
            self.correct(self.comment(person, "different"), "same")
        self.press(self.readers[:10], self.praised)
        self.rank()
        self.assertLess(Appraisal.objects.get(comment=self.praised).lift, 1.5)
        moves = {(move["from"], move["to"]): move["readers"] for move in self.figures()["moves"]}
        self.assertEqual(moves["different", "same"], 10)
        self.assertEqual(moves["different", "different"], 20)
        self.assertEqual(list(faults()), [])


@pytest.mark.one_database
class SockPuppetTests(DeliberationCase):
    """Fresh accounts that press and judge, beside the twelve readers of Same who are settled."""

    def setUp(self) -> None:
        super().setUp()
        self.same = self.people("same", 12)
        self.different = self.people("different", 6)
        self.now += 2 * DAY
        self.praised = self.silent_comment("overlap")
        self.now += 2 * DAY
        self.press(self.same[:1], self.praised)
        for person in self.same:  # each has a chance to read it
            self.comment(person, "same")
            self.now += HOUR
        self.rank()

    def tally(self) -> str:
        """Return the marks by answer, as everybody reads them; on the card is their sum."""
        address = reverse("comments:well-argued-split", args=[self.praised.pk])
        rows = re.findall(
            r"</span> (\w+)</th>.*?<b>(\d+)</b>(?: of (\d+))?",
            Client().get(address).text,
            re.DOTALL,
        )
        number = re.search(r"Well argued <b>(\d+)</b>", self.card(self.praised, "?sort=oldest"))
        self.assertEqual(number and int(number[1]), sum(int(marks) for _word, marks, _of in rows))
        return ", ".join(f"{word} {marks}{of and '/'}{of}" for word, marks, of in rows)

    def puppets(self, number: int) -> list[User]:
        return self.people("same", number, joined_at=self.now)

    def settle(self) -> None:
        """Run the jobs of a minute, as a worker does."""
        run_all()

    def as_reader(self, person: User, name: str, *args: object) -> str:
        client = Client()
        client.force_login(person)
        return client.get(reverse(f"comments:{name}", args=args)).text

    def test_presses_of_fresh_accounts_are_in_no_public_figure(self) -> None:
        self.assertEqual(self.tally(), "Same 1/12")
        before = self.page()
        few = self.puppets(4)
        totals = self.page()
        self.press(few, self.praised)
        self.settle()
        self.assertEqual(self.tally(), "Same 1/12")
        self.assertEqual(self.page(), totals)
        self.assertNotEqual(before, totals)  # their answers count at once
        self.press(self.puppets(16), self.praised)
        self.settle()
        self.assertEqual(self.tally(), "Same 1/12")
        self.assertEqual(list(faults()), [])

    def test_they_count_once_they_are_settled_and_the_page_says_so(self) -> None:
        self.press(self.puppets(4), self.praised)
        self.now += timedelta(hours=71)
        self.settle()
        self.assertEqual(self.tally(), "Same 1/12")
        self.now += timedelta(hours=2)
        self.settle()
        self.assertEqual(list(faults()), [])
        self.assertEqual(Comment.objects.get(pk=self.praised.pk).well_argued.split(":")[1], "5")
        self.rank()
        self.assertTrue(self.tally().startswith("Same 5/"))

    def test_a_comment_that_is_published_settles_an_account_at_once(self) -> None:
        puppet = self.puppets(1)
        self.press(puppet, self.praised)
        self.now += timedelta(hours=25)
        self.settle()
        self.assertEqual(self.tally(), "Same 1/12")
        self.comment(puppet[0], "same")
        self.settle()
        self.rank()
        self.assertIn("Same 2/", self.tally())

    def test_who_pressed_sees_from_when_it_counts(self) -> None:
        (puppet,) = self.puppets(1)
        self.press([puppet], self.praised)
        until = day_of(self.now + 3 * DAY)
        page = self.as_reader(puppet, "well-argued", self.praised.pk)
        self.assertIn(f"counts from {until}", page)
        client = Client()
        client.force_login(puppet)
        on_card = client.get(f"{self.post.get_absolute_url()}?sort=oldest").text
        self.assertNotIn("counts from", on_card)  # the number stands there, and opens the panel
        split = self.as_reader(puppet, "well-argued-split", self.praised.pk)
        self.assertIn(f"Yours counts from {until}.", split)
        settled = Client()
        settled.force_login(self.same[0])
        on_card = settled.get(f"{self.post.get_absolute_url()}?sort=oldest").text
        self.assertNotIn("counts from", on_card)
        split = self.as_reader(self.same[0], "well-argued-split", self.praised.pk)
        self.assertNotIn("counts from", split)

    def test_acts_of_the_release_before_are_decided_by_a_round(self) -> None:
        self.press(self.puppets(4), self.praised)
        self.send(self.different[0], "answer", stance="different", argues_for="same", body="One.")
        steelman = Comment.objects.latest("pk")
        self.now += HOUR
        self.closing()
        for person in [*self.puppets(3), *self.same[:2]]:
            self.send(person, "verdict", steelman.pk, is_fair="yes")
            self.send(person, "closing-verdict", self.post.slug, said="fair", version=1)
        for acts in (Reaction, SteelmanVerdict, ClosingVerdict):
            acts.objects.update(counts_from=None, settled_at=None)
        recounted = Comment.objects.get(pk=self.praised.pk)
        Comment.objects.filter(pk=recounted.pk).update(well_argued=reactions.recount(recounted))
        # As that release counted; by answer the table follows the ranking.
        card = self.card(self.praised, "?sort=oldest")
        self.assertRegex(card, r"Well argued <b>5</b>")
        self.now += HOUR
        self.settle()
        self.assertEqual(self.tally(), "Same 1/12")
        self.assertEqual(Comment.objects.get(pk=steelman.pk).verdicts, "2/2")
        self.assertEqual(Closing.objects.get().sides.get(stance__key="same").judges, 2)
        for acts in (Reaction, SteelmanVerdict, ClosingVerdict):
            self.assertFalse(acts.objects.filter(counts_from=None).exists())
        self.assertEqual(list(faults()), [])
        self.now += 4 * DAY
        self.settle()
        self.assertEqual(Comment.objects.get(pk=steelman.pk).verdicts, "5/5")
        self.assertEqual(list(faults()), [])

    def test_without_a_round_nothing_moves(self) -> None:
        self.press(self.puppets(4), self.praised)
        self.now += 9 * DAY
        self.assertEqual(self.tally(), "Same 1/12")
        self.assertEqual(list(faults()), [])

    def test_a_switch_of_today_counts_under_the_answer_before(self) -> None:
        switched = self.different[0]
        self.send(switched, "answer", stance="same", wish="answer", reason="For a press.")
        self.press([switched], self.praised)
        self.rank()
        self.assertRegex(self.tally(), r"^Different 1/\d+, Same 1/\d+$")
        self.assertEqual(list(faults()), [])

    def test_a_switch_of_a_minute_before_the_words_counts_under_the_answer_before(self) -> None:
        switching, writer = self.different[1:5], self.different[5]
        for person in switching:
            self.send(person, "answer", stance="same", wish="answer", reason="For a minute.")
        self.now += timedelta(minutes=1)
        self.send(writer, "answer", stance="different", argues_for="same", body="One.")
        steelman = Comment.objects.latest("pk")
        self.closing()
        for person in switching:
            self.send(person, "well-argued", steelman.pk)
            self.send(person, "verdict", steelman.pk, is_fair="yes")
            self.send(person, "closing-verdict", self.post.slug, said="fair", version=1)
            self.send(person, "answer", stance="different", wish="answer", reason="Back again.")
        steelman.refresh_from_db()
        different = self.stances["different"]
        self.assertEqual((steelman.well_argued, steelman.verdicts), (f"{different.pk}:4", ""))
        self.assertEqual(Closing.objects.get().sides.get(stance__key="same").judges, 0)
        self.now += 8 * DAY
        self.settle()
        self.assertEqual(Comment.objects.get(pk=steelman.pk).verdicts, "")
        self.assertEqual(list(faults()), [])

    def test_fresh_and_switched_accounts_are_not_moved(self) -> None:
        fresh = self.people("different", 2, joined_at=self.now)
        switching = self.same[1:3]
        for person in switching:
            self.send(person, "answer", stance="different", wish="answer", reason="For a minute.")
        self.now += timedelta(minutes=1)
        comment = self.comment(self.same[0], "same")
        self.now += timedelta(minutes=1)
        moved = {"kind": "moved", "was": "different", "stance": "same", "words": "I see. " * 9}
        for person, said in (
            (fresh[0], "has to be a few days old"),
            (switching[0], "you can say again what changed it"),
        ):
            client = Client()
            client.force_login(person)
            answer = client.post(reverse("comments:changes", args=[comment.pk]), moved)
            self.assertContains(answer, said, status_code=409)
            self.assertContains(answer, "Your words are kept on this page", status_code=409)
        self.assertEqual(Comment.objects.get(pk=comment.pk).minds_moved, "")
        self.send(self.different[0], "changes", comment.pk, **moved)
        self.now += 3 * DAY
        self.send(fresh[0], "changes", comment.pk, **moved)
        self.assertIn("Changed 2 minds", self.card(comment, "?sort=oldest"))

    def test_fresh_judges_make_no_reason_fair(self) -> None:
        self.send(self.different[0], "answer", stance="different", argues_for="same", body="One.")
        steelman = Comment.objects.latest("pk")
        puppets = self.puppets(6)
        for puppet in puppets:
            self.send(puppet, "verdict", steelman.pk, is_fair="yes")
        self.settle()
        self.assertEqual(Comment.objects.get(pk=steelman.pk).verdicts, "")
        self.assertIn("It counts from", self.as_reader(puppets[0], "verdict", steelman.pk))
        self.send(puppets[0], "answer", stance="different", wish="answer", reason="I left it.")
        self.now += 4 * DAY
        self.settle()
        self.assertEqual(Comment.objects.get(pk=steelman.pk).verdicts, "5/5")
        self.send(self.same[0], "verdict", steelman.pk, is_fair="no")
        self.assertEqual(Comment.objects.get(pk=steelman.pk).verdicts, "5/6")
        self.assertEqual(list(faults()), [])

    def test_a_verdict_said_again_counts_after_its_reader_came_back(self) -> None:
        self.send(self.different[0], "answer", stance="different", argues_for="same", body="One.")
        steelman = Comment.objects.latest("pk")
        for person in self.same[:4]:
            self.send(person, "verdict", steelman.pk, is_fair="yes")
        back = self.different[1]
        for key in ("same", "different", "same"):
            self.send(back, "answer", stance=key, wish="answer", reason="To and fro.")
            self.now += HOUR
            if key == "same":
                self.send(back, "verdict", steelman.pk, is_fair="yes")
        self.now += DAY
        self.settle()
        self.assertEqual(Comment.objects.get(pk=steelman.pk).verdicts, "5/5")
        self.assertNotIn("It counts from", self.as_reader(back, "verdict", steelman.pk))
        self.assertEqual(list(faults()), [])

    def closing(self) -> None:
        """Let the author sum up, citing one comment of each answer."""
        cited = {
            f"{key}-cited": self.comment(person, key).pk
            for key, person in (("same", self.same[0]), ("different", self.different[0]))
        }
        body = "Some say one, others say two. " * 9
        self.send(self.author, "closing-edit", self.post.slug, body=body, **cited)

    def status(self) -> str:
        return Closing.objects.latest("pk").status

    def test_fresh_judges_neither_contest_nor_settle_a_closing(self) -> None:
        self.closing()
        for person in (*self.same[:3], *self.different[:3]):
            self.send(person, "closing-verdict", self.post.slug, said="fair", version=1)
        self.assertEqual(self.status(), "final")
        puppets = self.puppets(4)
        for puppet in puppets:
            self.send(puppet, "closing-verdict", self.post.slug, said="not_quite", version=1)
        self.settle()
        self.assertEqual(self.status(), "final")
        self.assertIn("It counts from", self.as_reader(puppets[0], "closing", self.post.slug))
        self.assertEqual(list(faults()), [])
        self.now += 4 * DAY
        self.settle()
        self.assertEqual(self.status(), "contested")
        self.assertEqual(list(faults()), [])

    def edit(self, comment: Comment, body: str) -> None:
        """Edit a comment an hour later, when its stance can be corrected no longer."""
        self.now += HOUR
        writer = User.objects.get(pk=comment.author_id)
        self.send(writer, "edit", comment.pk, body=body)

    def test_a_reason_that_is_edited_is_judged_anew(self) -> None:
        self.send(self.different[0], "answer", stance="different", argues_for="same", body="One.")
        steelman = Comment.objects.latest("pk")
        for number, person in enumerate(self.same[:6]):
            self.send(person, "verdict", steelman.pk, is_fair="yes" if number else "no")
        self.assertIn("Fair, say readers who answer Same", self.card(steelman, "?sort=oldest"))
        self.now += HOUR
        self.edit(steelman, "Nobody in their right mind could give this answer.")
        self.assertNotIn("Fair, say readers who answer", self.card(steelman, "?sort=oldest"))
        page = Client().get(reverse("comments:verdict", args=[steelman.pk])).text
        self.assertIn("6 readers had judged the earlier words, which no longer counts.", page)
        self.assertIn("after you judged it", self.as_reader(self.same[1], "me"))
        self.assertNotIn("after you judged it", self.as_reader(self.same[7], "me"))
        self.assertContains(
            Client().get(reverse("comments:history", args=[steelman.pk])), "<p>One.</p>"
        )
        self.send(self.same[1], "verdict", steelman.pk, is_fair="no")
        self.assertEqual(Comment.objects.get(pk=steelman.pk).verdicts, "0/1")
        self.assertNotIn("after you judged it", self.as_reader(self.same[1], "me"))
        self.edit(steelman, "Nobody at all could give this answer.")
        self.assertIn("after you judged it", self.as_reader(self.same[1], "me"))
        self.assertEqual(self.as_reader(self.same[1], "me").count("after you judged it"), 1)
        self.assertEqual(list(faults()), [])

    def test_a_closing_is_judged_anew_when_a_comment_it_cites_is_edited(self) -> None:
        self.closing()
        for person in (*self.same[:3], *self.different[:3]):
            self.send(person, "closing-verdict", self.post.slug, said="fair", version=1)
        self.assertEqual(self.status(), "final")
        cited = Closing.objects.get().citations.earliest("pk").comment
        self.edit(cited, "The opposite of what was cited.")
        self.assertEqual(self.status(), "draft")
        page = Client().get(reverse("comments:closing", args=[self.post.slug])).text
        self.assertIn("a comment that it quotes was changed on", page)
        self.assertIn("Your judgement no longer counts", self.as_reader(self.same[1], "me"))
        self.send(self.same[1], "closing-verdict", self.post.slug, said="fair", version=1)
        self.assertNotIn("no longer counts", self.as_reader(self.same[1], "me"))
        self.assertEqual(list(faults()), [])
        judging.erase_written_by(self.author)
        self.assertNotIn("counts no longer", self.as_reader(self.same[2], "me"))

    def test_judges_of_a_closing_are_asked_about_its_next_version(self) -> None:
        self.closing()
        for person in (*self.same[:3], *self.different[:3]):
            self.send(person, "closing-verdict", self.post.slug, said="not_quite", version=1)
        self.assertEqual(self.status(), "contested")
        cited = Closing.objects.get().citations.values_list("comment__stance__key", "comment")
        again = {f"{key}-cited": comment for key, comment in cited}
        body = "Some say one, others say two. " * 9 + "Or so."
        self.send(self.author, "closing-edit", self.post.slug, body=body, based_on=1, **again)
        asked = "The summary you judged has changed since."
        self.assertEqual(self.as_reader(self.same[1], "me").count(asked), 1)
        self.assertNotIn(asked, self.as_reader(self.same[5], "me"))
        self.send(self.same[1], "closing-verdict", self.post.slug, said="not_quite", version=2)
        self.assertNotIn(asked, self.as_reader(self.same[1], "me"))

    def test_an_edit_of_what_nobody_judged_tells_nobody(self) -> None:
        self.closing()
        cited = Closing.objects.get().citations.earliest("pk").comment
        self.edit(cited, "Other words.")
        self.assertIsNone(Closing.objects.get().judged_anew_from)
        self.assertFalse(Notification.objects.filter(kind="closing_dropped").exists())

    def test_three_fresh_judges_make_nothing_final(self) -> None:
        self.closing()
        for person in self.same[:3]:
            self.send(person, "closing-verdict", self.post.slug, said="fair", version=1)
        for puppet in self.people("different", 3, joined_at=self.now):
            self.send(puppet, "closing-verdict", self.post.slug, said="fair", version=1)
        self.settle()
        self.assertEqual(self.status(), "draft")

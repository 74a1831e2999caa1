"""Test that no public byte of a blind question depends on which answers its readers gave.

Pairs of sites have the same comments, tags, people, acts and times, and differ only in the answer
of each bare answer, of each change, and so of each reader who pressed or judged. `BLIND_PAIRS` of
them are compared (200), from the seed `BLIND_SEED` (0); `make blind-pairs` compares many more.
"""

import os
import random

import pytest

from accounts.models import User
from comments.actions import changes_of_mind, reactions
from comments.actions.changes_of_mind import Credit
from comments.actions.comments import answer_question
from comments.integrity import faults
from comments.models import ChangeKind, Comment
from comments.ranking.tasks import rank
from posts.models import Question, Stance

from .blind_site import CREDITED, DAY, SEED, WORDS, Site

PAIRS = int(os.environ.get("BLIND_PAIRS", "200"))


class NonInterferenceTests(Site):
    """Sites that differ in answers alone."""

    @pytest.mark.one_database
    def test_no_public_byte_depends_on_an_answer(self) -> None:
        self.blind()
        self.assertEqual(self.leaks(PAIRS), set(), f"seed {SEED}")

    def test_the_same_sites_differ_where_totals_are_shown(self) -> None:
        self.blind(Question.Reveal.ALWAYS)
        self.assertIn(self.post.get_absolute_url(), self.leaks(1))

    def test_nor_before_the_moment_from_which_all_see_them(self) -> None:
        self.blind(Question.Reveal.AFTER_CLOSE, closes_at=self.now + DAY)
        self.assertEqual(self.leaks(4), set())


class FiguresTests(Site):
    """The figures of a drawn site, which `Acts` counts itself."""

    def test_they_are_what_the_site_counts(self) -> None:
        for _site in self.sites(2):
            self.assertEqual([str(fault) for fault in faults()], [])
            self.assertEqual(Comment.objects.exclude(minds_moved="").count(), CREDITED)


class PlayedTests(Site):
    """The same with few acts, each as a reader would do it, and with the rounds of the worker."""

    def play(self, chance: random.Random) -> None:
        question = self.post.question
        keys = list(self.stances)
        at = self.now - 21 * DAY
        held: dict[int, str] = {}

        def drawn(person: User) -> Stance:
            held[person.pk] = chance.choice([key for key in keys if key != held.get(person.pk)])
            return self.stances[held[person.pk]]

        def answer(person: User, days: float) -> None:
            answer_question(
                reader=person, question=question, stance=drawn(person), now=at + days * DAY
            )

        for number, voter in enumerate(self.voters[:12]):
            answer(voter, number / 20)
        for voter in (*self.voters[:9], *self.voters[10:12]):
            for comment in self.comments[:2]:
                reactions.press(comment, by=voter, now=at + 1.2 * DAY)
        for voter in self.voters[:4]:
            was = self.stances[held[voter.pk]]
            credit = Credit(
                giver=voter,
                post=self.post,
                kind=ChangeKind.MOVED,
                words=WORDS,
                was=was,
                to=drawn(voter),
                comment=self.comments[0],
            )
            changes_of_mind.give(credit, now=at + 3 * DAY)
        answer(self.voters[0], 4)
        answer(self.comments[1].author, 4)
        answer_question(reader=self.voters[1], question=question, stance=None, now=at + 5 * DAY)
        reactions.take_back(self.comments[0], by=self.voters[2], now=at + 5 * DAY)
        reactions.settle_due()
        rank(self.post, at + 12 * DAY)
        # Two who exchange their answers leave a ranking as it was; other changes do not.
        one, other = (voter.pk for voter in self.voters[10:12])
        if held[one] != held[other] and chance.random() < 0.5:
            keys = [held[one], held[other]]
        for voter in self.voters[10:12]:
            answer(voter, 12)
        reactions.settle_due()
        rank(self.post, self.now)

    @pytest.mark.one_database
    def test_acts_and_rounds_tell_nothing_of_the_answers(self) -> None:
        self.blind()
        self.assertEqual(self.leaks(5), set())

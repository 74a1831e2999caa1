"""Test attacks on the badge and on who counts, through the views, at the times that they take."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import cycle
from random import Random
from typing import ClassVar
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from comments.integrity import faults
from comments.models import Appraisal, Comment
from comments.ranking.stored_columns import SidesByAnswer

from .test_deliberation import DAY, HOUR, DeliberationCase

MINUTE = timedelta(minutes=1)


class BadgeCase(DeliberationCase):
    """A discussion of settled readers in which one comment, for Overlap, has the badge."""

    now: datetime
    bridge: Comment
    sides: ClassVar[dict[str, list[User]]]

    @classmethod
    def setUpTestData(cls) -> None:
        """Let everything happen once for all tests."""
        super().setUpTestData()
        playing = cls()
        playing.begin()
        with patch("django.utils.timezone.now", lambda: playing.now):
            cls.sides = {key: playing.people(key, 9) for key in ("different", "same")}
            playing.now += 2 * DAY
            cls.bridge = playing.silent_comment("overlap")
            others = [playing.silent_comment("overlap") for _other in range(6)]
            for people in cls.sides.values():
                playing.press(people[:7], cls.bridge)
                for person, other in zip(people, cycle(others), strict=False):
                    playing.press([person], other)
        cls.now = playing.now + 2 * DAY  # the writers' withdrawals have taken effect

    def setUp(self) -> None:
        super().setUp()
        self.rank_often()
        self.assertTrue(self.has_badge(self.bridge))

    def rank_often(self) -> None:
        """Rank three times in as many hours."""
        for _time in range(3):
            self.rank()

    def has_badge(self, comment: Comment) -> bool:
        return Appraisal.objects.get(comment=comment).has_badge

    def side(self, comment: Comment, key: str) -> str:
        side = SidesByAnswer.parse(Appraisal.objects.get(comment=comment).sides)
        return "{}/{}".format(*side[self.stances[key].pk])

    def ban(self, people: Iterable[User]) -> None:
        moderator = Client()
        moderator.force_login(self.admin)
        for person in people:
            address = reverse("comments:suspension", args=[person.handle])
            done = moderator.post(
                address, {"length": "ban", "reason": "harassing", "note": "Enough."}
            )
            assert done.status_code == 302, done.status_code


@pytest.mark.one_database
class BadgeAttackTests(BadgeCase):
    """Attacks that gave a badge, or took one away."""

    def test_it_goes_with_everybody_who_pressed(self) -> None:
        self.assertIn("Respected across answers", self.page())
        self.ban(self.sides["different"] + self.sides["same"])
        self.rank()
        self.assertEqual(self.side(self.bridge, "same"), "0/0")
        self.assertFalse(self.has_badge(self.bridge))
        self.assertNotIn("Respected across answers", self.page())

    def test_the_stored_evidence_is_computed_again(self) -> None:
        self.assertEqual(list(faults()), [])
        Appraisal.objects.filter(comment=self.bridge).update(evidence=12.5)
        (fault,) = faults()
        self.assertIn("its evidence is 12.5, computed is", fault.message)

    def test_two_young_accounts_of_an_unused_answer_take_nothing_away(self) -> None:
        young = self.people("overlap", 2, joined_at=self.now - 84 * HOUR)
        self.now += 2 * DAY
        self.press(young, self.bridge)
        self.rank_often()
        self.assertEqual(self.side(self.bridge, "overlap"), "2/2")
        self.assertTrue(self.has_badge(self.bridge))

    def test_fresh_accounts_that_press_once_never_count_for_it(self) -> None:
        praised = self.silent_comment("overlap")
        fresh = [
            person
            for key in ("different", "same")
            for person in self.people(key, 5, joined_at=self.now)
        ]
        self.press(fresh, praised)
        self.now += 8 * DAY
        self.rank_often()
        self.assertEqual(self.side(praised, "same"), "5/5")
        self.assertGreater(Appraisal.objects.get(comment=praised).lift, 1.5)
        self.assertFalse(self.has_badge(praised))
        self.assertTrue(self.has_badge(self.bridge))
        self.assertEqual(list(faults()), [])

    def test_a_switch_of_two_days_does_not_count_for_it(self) -> None:
        praised = self.silent_comment("overlap")
        people = self.people("different", 14)
        self.now += 2 * DAY
        for person in people[:9]:
            self.send(person, "answer", stance="same", wish="answer", reason="For a while.")
        self.now += 25 * HOUR
        self.press(people, praised)
        self.now += DAY
        for person in people[:9]:
            self.send(person, "answer", stance="different", wish="answer", reason="Back again.")
        self.now += 8 * DAY
        self.rank_often()
        self.assertEqual(self.side(praised, "same"), "9/9")
        self.assertFalse(self.has_badge(praised))

    def test_independent_readers_with_like_tastes_are_not_one(self) -> None:
        comments = [self.silent_comment("overlap") for _comment in range(10)]
        people = self.people("same", 16)
        self.now += DAY
        random = Random(1)  # noqa: S311
        for comment in comments:
            self.press([person for person in people if random.random() < 0.95], comment)
            self.now += 11 * MINUTE
        self.rank()
        chances = int(self.side(comments[0], "same").split("/")[1])
        self.assertGreaterEqual(chances, 16)

"""Test attacks on who counts in figures by answer, through the views, at the times they take."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from comments.integrity import faults
from comments.models import Appraisal, Comment

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
        return json.loads(Client().get(reverse("comments:stances-json", args=[self.post.slug])).text)

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

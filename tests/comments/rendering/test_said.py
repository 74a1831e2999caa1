"""Test what readers said lately, on the front page: one comment for each answer."""

from typing import ClassVar
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Appraisal, Comment
from comments.moderation import actions as moderating
from comments.ranking.first_screen import FirstScreenPlace, Why
from comments.ranking.stored_columns import FrontPage
from core import limits
from core.caching.pages import store
from posts.models import Question
from tests.cast import Cast
from tests.factories import make_comment

HEADING = "What readers said lately"


class SaidTests(Cast):
    """A ranked discussion with the strongest comment for each of two answers."""

    said: ClassVar[list[Comment]]

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        people = {"same": cls.reader, "different": cls.stranger}
        stances = cls.stances
        cls.said = [
            make_comment(cls.post, person, stances[key], body=f"Words for {key}.")
            for key, person in people.items()
        ]
        sides = f"{stances['same'].pk}:2/5 {stances['different'].pk}:1/5"
        for comment in cls.said:
            Appraisal.objects.create(comment=comment, post=cls.post, sides=sides)
        pairs = [(comment.pk, comment.stance_id) for comment in cls.said]
        places = [FirstScreenPlace(pk, Why.STRONGEST, stance) for pk, stance in pairs]
        front = FrontPage.of(1, 1, [place.id for place in places], places, 20)
        cls.post.set_front_page(str(front))

    def setUp(self) -> None:
        self.show_sides_at_once()

    def front(self) -> str:
        return self.client.get("/").content.decode()

    def test_one_for_each_answer_in_the_order_of_the_question(self) -> None:
        page = self.front()
        words = [HEADING, "Words for different.", "Words for same."]
        assert sorted(words, key=page.index) == words
        for comment in self.said:
            assert f'href="{comment.get_absolute_url()}"' in page

    def test_a_comment_that_is_gone_is_not_shown_at_once(self) -> None:
        self.front()
        moderating.remove(self.said[0], by=self.moderator, reason="attack", note="")
        page = self.front()
        assert "Words for same." not in page
        # One answer alone would be unfair to the other.
        assert "Words for different." not in page

    def test_what_only_its_own_side_likes_is_not_shown(self) -> None:
        own = f"{self.stances['same'].pk}:5/5"
        Appraisal.objects.filter(comment=self.said[0]).update(sides=own)
        assert HEADING not in self.front()

    def test_nothing_by_answer_of_few_readers(self) -> None:
        with patch.object(limits, "TOTALS_DOTS_FROM", 3):
            assert HEADING not in self.front()

    def test_nothing_by_answer_while_totals_are_hidden(self) -> None:
        question = Question.objects.filter(post=self.post)
        question.update(reveal=Question.Reveal.AFTER_ANSWER)
        page = self.front()
        assert HEADING not in page
        assert "answered" not in page
        assert "2 answers" not in self.client.get("/archive/").content.decode()

    def test_who_may_not_write_is_led_to_the_question(self) -> None:
        self.sign_in(self.suspended)
        page = self.front()
        assert "/answer/" not in page
        assert f'class="key" href="{self.post.get_absolute_url()}#question"' in page

    def test_it_costs_one_query(self) -> None:
        def cost() -> int:
            store.clear()
            with CaptureQueriesContext(connection) as queries:
                self.front()
            return len(queries)

        ranked = cost()
        self.post.set_front_page("")
        assert ranked == cost() + 1 <= 8

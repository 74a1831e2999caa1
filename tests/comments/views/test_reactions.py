"""Test reactions ("well argued"): permissions, stored rows, and the visibility of tallies."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import reactions, stances, states
from comments.integrity import faults
from comments.me.erasure import erase
from comments.models import Comment, CommentState, Reaction, StanceSource, TakenBack
from comments.moderation.actions.people import recount_reactions
from core.exceptions import ActionRefused
from tests.cast import Cast
from tests.factories import make_comment, make_user

HTMX = {"HX-Request": "true"}


class ReactionCase(Cast):
    """A comment of the stranger's, months old."""

    def setUp(self) -> None:
        self.settle_at_once()
        self.comment = make_comment(self.post, self.stranger, self.stances["same"])
        self.url = reverse("comments:well-argued", args=[self.comment.pk])
        self.back = reverse("comments:well-argued-withdrawal", args=[self.comment.pk])

    def press(self, person: User, url: str = "", **more: Any) -> Any:
        self.sign_in(person)
        return self.client.post(url or self.url, **more)

    def public(self, url: str = "") -> str:
        return Client().get(url or self.post.get_absolute_url()).text

    def split(self) -> str:
        return self.public(reverse("comments:well-argued-split", args=[self.comment.pk]))

    def tally(self) -> str:
        return Comment.objects.get(pk=self.comment.pk).well_argued


class ReactionTests(ReactionCase):
    """Pressing and taking back."""

    def test_it_works_without_scripts(self) -> None:
        answer = self.press(self.reader)
        place = f"{self.post.get_absolute_url()}#comment-{self.comment.pk}"
        self.assertRedirects(answer, place, fetch_redirect_response=False)
        self.assertContains(self.client.get(self.post.get_absolute_url()), "Noted: well argued.")
        self.assertEqual(Reaction.objects.get().reader, self.reader)

    def test_with_scripts_the_button_comes_back_pressed(self) -> None:
        answer = self.press(self.reader, headers=HTMX)
        self.assertContains(answer, 'aria-pressed="true"')
        self.assertContains(answer, self.back)
        self.assertNotContains(answer, "<html")
        answer = self.press(self.reader, self.back, headers=HTMX)
        self.assertContains(answer, 'aria-pressed="false"')

    def test_twice_is_once(self) -> None:
        for _click in range(2):
            self.assertEqual(self.press(self.reader).status_code, 302)
        self.assertEqual(Reaction.objects.count(), 1)

    def test_it_is_taken_back_freely_and_leaves_nothing(self) -> None:
        self.press(self.reader)
        for _click in range(2):
            self.assertEqual(self.press(self.reader, self.back).status_code, 302)
        self.assertEqual((Reaction.objects.count(), self.tally()), (0, ""))

    def test_the_page_shows_what_one_has_pressed_oneself(self) -> None:
        self.press(self.reader)
        self.assertContains(
            self.client.get(self.post.get_absolute_url()), 'aria-pressed="true"', count=1
        )
        self.sign_in(self.author)
        page = self.client.get(self.post.get_absolute_url())
        self.assertNotContains(page, 'aria-pressed="true"')

    def test_the_stance_of_that_moment_stays_with_it(self) -> None:
        now, question = timezone.now(), self.post.question
        for key in ("different", "overlap"):
            stances.record(
                reader=self.reader,
                question=question,
                version=question.versions.get(),
                stance=self.stances[key],
                source=StanceSource.BARE,
                now=now,
            )
            self.press(self.reader)
        self.assertEqual(Reaction.objects.get().stance, self.stances["different"])

    def test_without_an_answer_one_may_press_too(self) -> None:
        self.press(self.moderator)
        self.assertIsNone(Reaction.objects.get().stance)
        self.assertEqual(self.tally(), "0:1")
        self.assertIn("Well argued <b>1</b></a>", self.public())
        self.show_sides_at_once()
        self.assertIn("Without an answer</th><td></td><td><b>1</b>", self.split())


class RefusalTests(ReactionCase):
    """Refusals write nothing."""

    def tearDown(self) -> None:
        self.assertEqual(Reaction.objects.count(), 0)

    def test_visitors_sign_in_first(self) -> None:
        answer = Client().post(self.url)
        self.assertEqual(answer.status_code, 302)
        self.assertIn("/accounts/login/", answer["Location"])

    def test_nobody_praises_themselves(self) -> None:
        answer = self.press(self.stranger)
        self.assertContains(answer, "This is your own comment", status_code=403)
        page = self.client.get(self.post.get_absolute_url())
        self.assertNotContains(page, '<button class="press"')

    def test_the_suspended_may_not(self) -> None:
        self.assertEqual(self.press(self.suspended).status_code, 403)

    def test_what_is_held_or_removed_is_not_there(self) -> None:
        for state, why in ((CommentState.HELD, ""), (CommentState.REMOVED, "spam")):
            states.change_state(self.comment, to=state, removed_reason=why, held_reason="links")
            self.assertEqual(self.press(self.reader).status_code, 404)

    def test_gone_while_one_was_reading(self) -> None:
        stale = Comment.objects.select_related("post", "author").get(pk=self.comment.pk)
        states.mark_deleted(self.comment)
        with self.assertRaisesMessage(ActionRefused, "no longer there"):
            reactions.press(stale, by=self.reader)

    def test_only_by_post(self) -> None:
        self.sign_in(self.reader)
        self.assertEqual(self.client.get(self.back).status_code, 405)
        self.assertEqual(self.client.put(self.url).status_code, 405)
        self.assertEqual(self.client.get(self.url).status_code, 200)


class RateTests(ReactionCase):
    """The rate limit of reactions."""

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(patch("core.limits.RATE_REACTIONS", ((3, 600),)))
        self.now = timezone.now()
        self.enterContext(patch("django.utils.timezone.now", lambda: self.now))
        self.urls = [
            reverse("comments:well-argued", args=[make_comment(self.post, self.stranger).pk])
            for _comment in range(4)
        ]

    def press_all(self, person: User) -> list[int]:
        return [self.press(person, url).status_code for url in self.urls]

    def test_somebody_who_presses_too_much_is_told_how_long_to_wait(self) -> None:
        self.assertEqual(self.press_all(self.reader), [302, 302, 302, 429])
        self.now += timedelta(seconds=5)
        refused = self.press(self.reader, self.urls[3])
        self.assertContains(refused, "Please wait 10 minutes", status_code=429)
        self.assertEqual(refused.headers["Retry-After"], "596")
        refused = self.press(self.reader, self.urls[3], headers=HTMX)
        self.assertContains(refused, "data-problem><p>That was a lot of marks", status_code=429)
        self.assertEqual(Reaction.objects.count(), 3)
        self.now += timedelta(seconds=int(refused.headers["Retry-After"]))
        self.assertEqual(self.press(self.reader, self.urls[3]).status_code, 302)

    def test_each_has_a_rate_of_their_own_and_staff_and_authors_none(self) -> None:
        self.press_all(self.reader)
        for person in (self.author, self.moderator):
            self.assertEqual(self.press_all(person), [302] * 4)
        self.assertEqual(self.press_all(make_user(is_demo=True)), [302, 302, 302, 429])

    def test_taken_back_and_pressed_again_counts_again(self) -> None:
        for _time in range(3):
            self.assertEqual(self.press(self.reader).status_code, 302)
            self.assertEqual(self.press(self.reader, self.back).status_code, 302)
        self.assertEqual(self.press(self.reader).status_code, 429)
        self.assertEqual(Reaction.objects.count(), 0)

    def test_pressing_what_is_pressed_is_free(self) -> None:
        for _click in range(5):
            self.assertEqual(self.press(self.reader).status_code, 302)

    def test_what_counts_no_more_is_forgotten(self) -> None:
        self.press(self.reader)
        self.press(self.reader, self.back)
        reactions.forget_taken_back()
        self.assertEqual(TakenBack.objects.count(), 1)
        self.now += timedelta(seconds=601)
        reactions.forget_taken_back()
        self.assertEqual(TakenBack.objects.count(), 0)
        self.press(self.reader)
        self.now += timedelta(seconds=601)
        self.press(self.reader, self.back)
        self.assertEqual(TakenBack.objects.count(), 0)

    def test_the_erased_leave_nothing(self) -> None:
        self.press(self.reader)
        self.press(self.reader, self.back)
        erase(User.objects.get(pk=self.reader.pk), delete_texts=False)
        self.assertEqual(TakenBack.objects.count(), 0)

    def test_a_clock_set_back_stops_nobody(self) -> None:
        self.press_all(self.reader)
        self.now -= timedelta(days=1)
        self.assertEqual(self.press(self.reader).status_code, 302)

    def test_it_costs_one_query_found_by_an_index(self) -> None:
        self.sign_in(self.reader)
        with CaptureQueriesContext(connection) as queries:
            self.client.post(self.url, headers=HTMX)
        asked = [q["sql"] for q in queries if "takenback" in q["sql"]]
        self.assertEqual(len(asked), 1)
        self.sign_in(self.moderator)
        with CaptureQueriesContext(connection) as exempt:
            self.client.post(self.url, headers=HTMX)
        self.assertFalse(any("takenback" in q["sql"] for q in exempt))
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")
            plan = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
            cursor.execute(f"{plan} {asked[0]}")
            says = "\n".join(str(row[-1]) for row in cursor.fetchall())
        for index in ("reaction_by_reader", "taken_back_by_reader"):
            self.assertIn(index, says)


class TallyTests(ReactionCase):
    """The tally by answer."""

    def readers(self, key: str, number: int) -> list[User]:
        question = self.post.question
        people = [make_user(is_demo=True) for _number in range(number)]
        for person in people:
            stances.record(
                reader=person,
                question=question,
                version=question.versions.get(),
                stance=self.stances[key],
                source=StanceSource.BARE,
            )
        return people

    def test_it_is_counted_by_answer_and_shows_at_once(self) -> None:
        before = self.public()
        self.assertNotIn("Well argued <b>", before)
        for person in [*self.readers("different", 2), *self.readers("overlap", 1)]:
            self.press(person)
        self.assertIn("Well argued <b>3</b></a>", self.public())
        self.assertNotIn("split-table", self.split())
        self.readers("same", 1)
        split = re.sub(r"(<svg.*?</svg>|<[^>]*>|\s)+", " ", self.split())
        place = "Comments are in the order in which they came."
        self.assertIn(f"Different 2 Overlap 1 {place} Why", split)

    def test_a_young_comment_keeps_it_to_itself(self) -> None:
        now = timezone.now()
        young = make_comment(self.post, self.stranger, self.stances["same"], now=now)
        self.press(self.reader, reverse("comments:well-argued", args=[young.pk]))
        for page in (
            self.public(),
            self.public(reverse("comments:well-argued", args=[young.pk])),
            self.public(reverse("comments:well-argued-split", args=[young.pk])),
            self.client.get(self.post.get_absolute_url()).text,
        ):
            self.assertNotIn("Without an answer", page)
            self.assertNotIn('class="split', page)
            self.assertNotIn("Well argued <b>", page)

    def test_the_kept_page_ends_when_a_tally_comes_of_age(self) -> None:
        soon = timezone.now() - timedelta(days=1) + timedelta(minutes=5)
        young = make_comment(self.post, self.stranger, self.stances["same"], now=soon)
        reactions.press(young, by=self.reader)
        request = Client().get(self.post.get_absolute_url()).wsgi_request
        kept = request.kept  # type: ignore[attr-defined]
        self.assertAlmostEqual(kept.until, soon.timestamp() + 86_400, delta=1)

    def test_the_erased_and_the_banned_are_in_no_tally(self) -> None:
        for person in self.readers("same", 3):
            self.press(person)
        first, second, _third = User.objects.filter(reactions__comment=self.comment)
        erase(first, delete_texts=False)
        User.objects.filter(pk=second.pk).update(banned_at=timezone.now())
        recount_reactions.call(second.pk)
        stances.recount_reader(second)
        self.assertEqual(self.tally(), f"{self.stances['same'].pk}:1")
        self.assertFalse(Reaction.objects.filter(reader=first).exists())
        self.assertEqual(list(faults()), [])

    def test_planted_faults_are_found_and_repaired(self) -> None:
        self.press(self.reader)
        Comment.objects.filter(pk=self.comment.pk).update(well_argued="1:9")
        found = list(faults())
        self.assertIn("its well_argued is '1:9', counted are '0:1'", str(found[0]))
        assert found[0].repair is not None
        list(found[0].repair.do([found[0].key]))
        self.assertEqual(list(faults()), [])

    def test_pressing_costs_the_same_however_many_have(self) -> None:
        def cost() -> int:
            person = make_user(is_demo=True)
            self.sign_in(person)
            with CaptureQueriesContext(connection) as queries:
                self.client.post(self.url, headers=HTMX)
            return len(queries)

        first = cost()
        for person in self.readers("same", 12):
            self.press(person)
        self.assertEqual(cost(), first)

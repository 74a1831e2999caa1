"""Test what a site shows that hides its answers, and what appears once it does not."""

import random
import re
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from comments.models import Comment, CommentRevision
from core.caching.pages import store
from posts.models import Question
from tests.reauthenticated import client_of

from .blind_site import SEED, Acts, Site


class RevealTests(Site):
    """What a site shows that hides its answers, and what appears once it does not."""

    MARKS = (" minds</a>", 'class="moved"', "Common ground", "data-tally")

    def setUp(self) -> None:
        super().setUp()
        self.blind()
        Acts(self, random.Random(SEED)).play()
        self.url = self.post.get_absolute_url()

    def shown(self, client: Client | None = None) -> dict[str, bool]:
        """Return for each mark whether the page of the post has it."""
        text = re.sub(r"\s+", " ", (client or Client()).get(self.url).text)
        return {mark: mark in text for mark in self.MARKS}

    def assert_hidden(self) -> None:
        self.assertEqual(self.shown(), dict.fromkeys(self.MARKS, False))

    def assert_shown(self, client: Client | None = None) -> None:
        self.assertEqual(self.shown(client), dict.fromkeys(self.MARKS, True))

    def test_everything_appears_when_the_author_shows_them(self) -> None:
        self.assert_hidden()
        Question.objects.filter(post=self.post).update(reveal=Question.Reveal.ALWAYS)
        self.assert_shown()

    def test_everything_appears_at_the_moment_that_was_set(self) -> None:
        self.blind(Question.Reveal.AFTER_CLOSE, closes_at=self.now + timedelta(hours=1))
        self.assert_hidden()
        kept = store.slot(self.url).page
        assert kept is not None
        self.assertEqual(kept.kept.until, (self.now + timedelta(hours=1)).timestamp())
        self.now += timedelta(hours=1)
        self.forget()
        self.assert_shown()

    def test_readers_who_answered_see_everything_in_the_order_by_rank(self) -> None:
        self.assert_shown(client_of(self.voters[0]))
        asked = client_of(self.reader).get(f"{self.url}?totals=show").text
        self.assertIn("Common ground", asked)
        self.assertEqual(self.shown(client_of(self.moderator)), dict.fromkeys(self.MARKS, False))

    def test_a_mark_is_one_number_and_an_order_by_rank_is_that_of_time(self) -> None:
        loved = self.comments[0]
        number = sum(map(int, re.findall(r":(\d+)", self.fresh(loved).well_argued)))
        self.assertIn(f"Well argued <b>{number}</b></a>", Client().get(self.url).text)
        why = Client().get(reverse("comments:well-argued", args=[loved.pk])).text
        self.assertIn(f"{number} readers find it well argued.", why)
        self.assertIn("Comments are in the order in which they came.", why)
        self.assertNotIn("Across answers, it was marked", why)
        for sort in ("common", "balanced", "divisive"):
            page = Client().get(f"{self.url}?sort={sort}").text
            found = [int(pk) for pk in re.findall(r'data-comment-id="(\d+)" data-depth="0"', page)]
            in_time = Comment.objects.filter(pk__in=found).order_by("created_at", "pk")
            self.assertEqual(found, list(in_time.values_list("pk", flat=True)))

    def test_a_change_of_mind_does_not_say_from_where_to_where(self) -> None:
        addresses = [
            reverse("comments:post-changes", args=[self.post.slug]),
            reverse("comments:changes", args=[self.comments[0].pk]),
            self.voters[0].get_absolute_url(),
            self.comments[0].author.get_absolute_url(),
        ]
        for address in addresses:
            page = re.sub(r"\s+", " ", Client().get(address).text)
            self.assertIn("<span>My answer changed</span>", page)
            self.assertNotIn("<span>from", page)
        silent = Client().get(self.voters[-5].get_absolute_url()).text
        self.assertNotIn(str(self.post.question), silent)
        own = re.sub(r"\s+", " ", client_of(self.voters[0]).get(addresses[0]).text)
        self.assertIn("<span>from", own)

    def test_verdicts_of_the_readers_of_an_answer_are_hidden(self) -> None:
        address = reverse("comments:verdict", args=[self.steelman.pk])
        self.assertNotEqual(self.fresh(self.steelman).verdicts, "")
        page = Client().get(address).text
        self.assertNotRegex(page, r"of \d+ calls? it fair|Fewer than")
        self.assertIn("once you have answered", page)

    def test_how_many_readers_of_an_answer_judged_earlier_words_is_hidden(self) -> None:
        address = reverse("comments:verdict", args=[self.steelman.pk])
        times = {"written_at": self.now, "replaced_at": self.now}
        CommentRevision.objects.create(
            comment=self.steelman,
            number=1,
            markup_version=1,
            replaced_by=self.steelman.author,
            is_public=True,
            dropped_verdicts=6,
            **times,
        )
        self.assertNotContains(Client().get(address), "judged the earlier words")
        own = client_of(self.voters[0]).get(address)
        self.assertContains(own, "judged the earlier words, which no longer counts")

    def fresh(self, comment: Comment) -> Comment:
        return Comment.objects.get(pk=comment.pk)

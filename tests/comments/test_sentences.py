"""Hold every sentence of the stance, reasons, verdict and closing pages against the rows.

Discussions of 0 to 24 answers are made in rows, one after the other, spread and unanimous, with and
without marks and verdicts, before and after withdrawals. Whatever stands in a paragraph or an item
of a list has to match one of the `sentence_claims`.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import cycle, islice, product
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments import db_triggers, sentences
from comments.actions import reactions, steelmen
from comments.closings import judging
from comments.models import (
    Appraisal,
    Citation,
    Closing,
    ClosingSide,
    ClosingVerdict,
    Comment,
    CurrentStance,
    Ranking,
    Reaction,
    SeenTotals,
    StanceRecord,
    StanceSource,
    SteelmanVerdict,
)
from comments.ranking import tasks
from comments.ranking.lift import StanceReactions
from posts.models import Question, Stance
from tests.cast import Cast
from tests.factories import make_comment, make_user

from .sentence_claims import BY_ANSWER, REASONS, STANCES, Claim, Facts
from .verdict_claims import CLOSINGS, VERDICTS

SIZES = (0, 1, 2, 3, 5, 7, 12, 19, 20, 24)
DAY = timedelta(days=1)
# The changes of mind of a discussion, among its first readers.
CHANGES = 15
_TEXT = re.compile(r"<(p|li|figcaption)\b[^>]*>(.*?)</\1>", re.DOTALL)
# What leads elsewhere, or names the page.
_FRAME = re.compile(r'<header.*?</header>|<p class="meta standing__ways">.*?</p>', re.DOTALL)
_TAG = re.compile(r"<svg.*?</svg>|<[^>]*>", re.DOTALL)


def said_on(page: str) -> Iterator[str]:
    """Yield the texts of the paragraphs and list items of a page, without their tags."""
    main = page[page.index("<main") : page.index("</main>")]
    for _tag, inner in _TEXT.findall(_FRAME.sub("", main)):
        text = " ".join(html.unescape(_TAG.sub(" ", inner)).split())
        if text:
            yield text


@pytest.mark.one_database
class SentenceTests(Cast):
    """Discussions of every size, and all that their four pages say."""

    out_for = timedelta(days=60)
    people: ClassVar[list[User]]
    question: ClassVar[Question]
    shown: ClassVar[Comment]
    cases: ClassVar[dict[str, Comment]]
    steelman: ClassVar[Comment]

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the readers, a thread for each answer, and a best reason."""
        super().setUpTestData()
        cls.question = cls.post.question
        old = timezone.now() - 90 * DAY
        cls.people = [make_user(is_demo=True, joined_at=old) for _number in range(max(SIZES))]
        writers = {word: make_user(is_demo=True, joined_at=old) for word in cls.stances}
        cls.cases = {
            key: make_comment(
                cls.post, writer, cls.stances[key], body=f"A case of {key}.", now=old + DAY
            )
            for key, writer in writers.items()
        }
        cls.steelman = make_comment(
            cls.post, writers["overlap"], cls.stances["overlap"], body="One job.", now=old + 2 * DAY
        )
        Comment.objects.filter(pk=cls.steelman.pk).update(
            kind="steelman", argues_for=cls.stances["same"]
        )
        cls.shown = cls.cases["same"]

    def setUp(self) -> None:
        # The writers are no readers here, so that there is a discussion without answers.
        self.pressed_as: dict[int, str] = {}
        self.sides: list[str] = []

    def fill(self, size: int, *, unanimous: bool, marks: bool, withdraw: bool) -> None:
        """Replace all answers, marks and verdicts by those of `size` readers."""
        self.empty()
        keys = ["same"] if unanimous else ["different", "same", "overlap"]
        held = dict(zip(self.people[:size], cycle(keys), strict=False))
        since = timezone.now() - 30 * DAY
        for place, (person, key) in enumerate(held.items()):
            first = "overlap" if place < CHANGES and key != "overlap" and not unanimous else key
            self.answer(person, first, since)
            if first != key:
                self.answer(person, key, since + 9 * DAY)
        if marks:
            self.mark(held, since + 12 * DAY)
        for comment in self.cases.values():
            Comment.objects.filter(pk=comment.pk).update(well_argued=reactions.recount(comment))
        Comment.objects.filter(pk=self.steelman.pk).update(verdicts=steelmen.recount(self.steelman))
        self.close(held, since + 14 * DAY, marks=marks)
        if withdraw:
            for person in islice(held, size - size // 5):
                self.answer(person, None, since + 20 * DAY)
        for stance in self.stances.values():
            count = CurrentStance.objects.filter(stance=stance).count()
            Stance.objects.filter(pk=stance.pk).update(answer_count=count)
        with patch("django.utils.timezone.now", lambda: since + 29 * DAY):
            tasks.rank(self.post, since + 29 * DAY)
        self.post.bump_page_version()

    def empty(self) -> None:
        Ranking.objects.all().delete()
        Appraisal.objects.all().delete()
        ClosingVerdict.objects.all().delete()
        SteelmanVerdict.objects.all().delete()
        Reaction.objects.all().delete()
        CurrentStance.objects.all().delete()
        db_triggers.remove()
        StanceRecord.objects.all()._raw_delete(connection.alias)
        db_triggers.install()
        self.pressed_as = {}

    def answer(self, person: User, key: str | None, at: Any) -> None:
        current = CurrentStance.objects.filter(reader=person).first()
        version = self.question.version
        assert version is not None
        stance = self.stances[key] if key else None
        record = StanceRecord.objects.create(
            reader=person,
            question=self.question,
            version=version,
            stance=stance,
            source=StanceSource.BARE,
            seen_totals=SeenTotals.UNKNOWN,
            recorded_at=at,
            supersedes=current.record if current else None,
        )
        CurrentStance.objects.update_or_create(
            reader=person, question=self.question, defaults={"record": record, "stance": stance}
        )

    def mark(self, held: dict[User, str], at: Any) -> None:
        """Let two of three press a case, and all who hold Same judge its best reason."""
        cases = cycle(self.cases.values())
        for place, (person, key) in enumerate(held.items()):
            settled = {"reader": person, "counts_from": at, "settled_at": at}
            if place % 3:
                for comment in {next(cases), self.shown} if place % 2 else {next(cases)}:
                    Reaction.objects.create(
                        post=self.post,
                        comment=comment,
                        stance=self.stances[key],
                        created_at=at,
                        **settled,
                    )
            self.pressed_as[person.pk] = self.stances[key].word
            if key == "same":
                SteelmanVerdict.objects.create(
                    comment=self.steelman,
                    stance=self.stances[key],
                    is_fair=place % 4 > 0,
                    judged_at=at,
                    **settled,
                )

    def close(self, held: dict[User, str], at: Any, *, marks: bool) -> None:
        """Sum up for the answers of five readers or more, and let three quarters judge."""
        Citation.objects.all().delete()
        ClosingSide.objects.all().delete()
        Closing.objects.all().delete()
        counts = Counter(held.values())
        closing = Closing.objects.create(
            post=self.post,
            number=1,
            body="Some say this.",
            body_html="<p>Some say this.</p>",
            beginning="Some say this.",
            markup_version=1,
            written_by=self.author,
            written_at=at,
        )
        self.sides = []
        for key, stance in self.stances.items():
            if counts[key] >= 5:
                ClosingSide.objects.create(closing=closing, stance=stance)
                cited = Comment.objects.for_post(self.post).citable().filter(stance=stance).first()
                Citation.objects.create(closing=closing, comment=cited or self.said(key))
                self.sides.append(stance.word)
        for place, (person, key) in enumerate(held.items()):
            if marks and counts[key] >= 5 and place % 4:
                ClosingVerdict.objects.create(
                    closing=closing,
                    reader=person,
                    stance=self.stances[key],
                    is_fair=place % 3 > 0,
                    judged_at=at,
                    counts_from=at,
                    settled_at=at,
                )
        judging.update_figures(self.post, [closing])

    def said(self, key: str) -> Comment:
        """Return a new comment for an answer, by somebody who has not answered."""
        return make_comment(self.post, make_user(), self.stances[key])

    def crossed(self, of: str, other: str) -> tuple[int, int]:
        """Return how many readers of an answer marked a comment for another, of how many."""
        rows = Reaction.objects.filter(post=self.post, comment__stance__isnull=False)
        rows = rows.filter(stance__word=of).select_related("comment__stance")
        now = CurrentStance.objects.filter(question=self.question, stance__word=of)
        still = set(now.values_list("reader", flat=True))
        mine = [row for row in rows if row.reader_id in still]
        marked = {row.reader_id for row in mine if row.comment.stance.word == other}  # type: ignore[union-attr]
        return len(marked), len({row.reader_id for row in mine})

    def marked_across(self, other: str) -> bool:
        """Return whether a comment for an answer was marked by readers of another that tell it."""
        words = [stance.word for stance in self.stances.values() if stance.word != other]
        return any(marked and base >= 5 for marked, base in (self.crossed(w, other) for w in words))

    def marks(self) -> list[tuple[int, str, str]]:
        """Return the marks of the groups that are told: reader, their answer, the comment's."""
        now = dict(
            CurrentStance.objects.filter(question=self.question).values_list(
                "reader", "stance__word"
            )
        )
        rows = Reaction.objects.filter(post=self.post, comment__stance__isnull=False)
        columns = ("reader", "stance__word", "comment__stance__word")
        found = [
            (who, of, other) for who, of, other in rows.values_list(*columns) if now[who] == of
        ]
        bases = Counter(of for _who, of in {(who, of) for who, of, _other in found})
        return [row for row in found if bases[row[1]] >= 5]

    def marking(self) -> set[int]:
        """Return the readers in the figures of marks."""
        return {who for who, _of, _other in self.marks()}

    def across(self) -> set[int]:
        """Return those of them who marked a comment for another answer than theirs."""
        return {who for who, of, other in self.marks() if of != other}

    def untrue(self, url: str, claims: dict[str, Claim]) -> Iterable[str]:
        """Yield what a page says that is not true, or that no claim is known for."""
        facts = Facts(self)
        for text in said_on(self.client.get(url).text):
            if len(facts.now) < 5 and BY_ANSWER.search(text):
                yield f"by answer: {text}"
            found = [
                (claim, match)
                for pattern, claim in claims.items()
                if (match := re.fullmatch(pattern, text))
            ]
            if not found:
                yield f"unknown: {text}"
            elif not any(claim(facts, match) for claim, match in found):
                yield f"untrue: {text}"

    def test_what_says_little_is_told_before_the_number(self) -> None:
        few = {1: StanceReactions(1, 1), 2: StanceReactions(1, 4)}
        first, second = sentences.rank(Appraisal(lift=1.56), few, {}, {}, 2)
        self.assertIn("This says little yet", first)
        self.assertEqual(second, "Across answers, it was marked about 1.6 times as often as usual.")

    def test_who_marked_it_more_or_less_at_the_borders(self) -> None:
        words = {1: Stance(word="Same"), 2: Stance(word="Other"), 3: Stance(word="Third")}
        usual = "Across answers, it was marked about as often as usual"
        every = "; readers of every answer marked it more than usual."
        for ranges, said in (
            # The table shows these ends as 1.1 and as 1.0.
            (((1.06, 2), (1.051, 3), (1.2, 2)), f"{usual}{every}"),
            (
                ((1.06, 2), (1.04, 3), (0.7, 2)),
                f"{usual}; readers who answer Same marked it more than usual.",
            ),
            (((1.04, 2), (1.0, 3), (0.7, 2)), f"{usual}."),
            (((0.5, 1), (0.5, 0.96), (0.5, 0.9501)), f"{usual}."),
            (
                ((0.5, 1), (0.5, 0.949), (0.9, 2)),
                f"{usual}; readers who answer Other marked it less than usual.",
            ),
            (
                ((0.1, 0.4), (0.5, 0.94), (0.9, 2)),
                f"{usual}; readers who answer Same and Other marked it less than usual.",
            ),
            (
                ((1.1, 2), (0.5, 0.94), (0.9, 2)),
                f"{usual}; readers who answer Same marked it more than usual, "
                "those who answer Other less.",
            ),
        ):
            with self.subTest(ranges=ranges):
                by_answer = dict(zip(words, ranges, strict=True))
                self.assertEqual(sentences.across(1.02, by_answer, words), said)
        times = sentences.across(2.456, {1: (1.2, 2), 2: (1.4, 3)}, words)
        self.assertIn("marked about 2.5 times as often as usual; readers of every answer", times)
        self.assertNotIn(";", sentences.across(1.2, {1: (0.99, 3)}, words))
        self.assertIn("who answer Same marked it more", sentences.across(2, {1: (1.2, 3)}, words))

    def test_every_sentence_is_true_at_every_size(self) -> None:
        slug, pages = self.post.slug, {}
        pages[reverse("comments:stances", args=[slug])] = STANCES
        pages[reverse("comments:well-argued", args=[self.shown.pk])] = REASONS
        pages[reverse("comments:verdict", args=[self.steelman.pk])] = VERDICTS
        pages[reverse("comments:closing", args=[slug])] = CLOSINGS
        flags = list(product((False, True), repeat=3))
        for size, (unanimous, marks, withdraw) in product(SIZES, flags):
            self.fill(size, unanimous=unanimous, marks=marks, withdraw=withdraw)
            for url, claims in pages.items():
                with self.subTest(f"{size} {unanimous=} {marks=} {withdraw=} {url}"):
                    self.assertEqual(list(self.untrue(url, claims)), [])

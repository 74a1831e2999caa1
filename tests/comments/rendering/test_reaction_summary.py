"""Test that the number at a comment, the panel behind it and its page agree."""

import html
import re
from datetime import datetime, timedelta
from random import Random

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import reactions, stances
from comments.models import Comment, StanceSource
from comments.ranking import tasks
from comments.rendering import reaction_summary
from tests.cast import Cast
from tests.factories import make_comment, make_user

DAY = timedelta(days=1)
_TAG = re.compile(r"<svg.*?</svg>|<[^>]*>", re.DOTALL)
_SIDE = re.compile(r"(Different|Same|Overlap)(?: decides this place)? (\d+) of (\d+)")
_WITHOUT_ANSWER = r"(\d+) more readers? marked it without an answer"
_FURTHER, _LOWER = r"counts (\d+) further marks?,", r"is (\d+) lower than all these marks"


def text_of(url: str) -> str:
    """Return the main part of a page for nobody, without tags."""
    page = Client().get(url).text
    page = page[page.find("<main") + 1 : page.find("</main>")]
    return " ".join(html.unescape(_TAG.sub(" ", page)).split())


def told(pattern: str, text: str) -> int:
    """Return the number that a sentence tells, 0 where it is not there."""
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


class AgreementTests(Cast):
    """Generated discussions: marks of every kind, before and after the newest ranking."""

    out_for = timedelta(days=60)

    def setUp(self) -> None:
        self.start = timezone.now() - 50 * DAY

    def discuss(self, random: Random) -> list[Comment]:
        """Return the comments of a discussion of readers who mark at random."""
        old = self.start - 300 * DAY
        writers = [make_user(is_demo=True, joined_at=old) for _writer in range(3)]
        keys = list(self.stances)
        comments = [
            make_comment(
                self.post,
                writers[place % 3],
                self.stances[keys[place % 3]],
                now=self.start + place * timedelta(hours=2),
            )
            for place in range(15)
        ]
        readers = [make_user(is_demo=True, joined_at=old) for _reader in range(16)]
        for reader in readers[:13]:
            self.answer(reader, random.choice(keys), self.start)
        self.mark(random, readers, comments, self.start + 3 * DAY)
        for reader in random.sample(readers, 4):
            self.answer(reader, random.choice(keys), self.start + 12 * DAY)
        # Within a day of a change, by accounts that are too young, and all alike.
        self.mark(random, readers[:8], comments[:4], self.start + 12 * DAY + timedelta(hours=1))
        alike = [make_user(is_demo=True, joined_at=self.start + 12 * DAY) for _one in range(4)]
        for one in alike:
            self.answer(one, "same", self.start + 12 * DAY)
        for one in alike:
            self.mark(random, [one], comments[4:14:2], self.start + 13 * DAY, share=1)
        tasks.rank(self.post, self.start + 20 * DAY)
        if random.random() < 0.5:
            reactions.settle_due(self.start + 20 * DAY)
        self.mark(random, readers, random.sample(comments, 4), self.start + 21 * DAY)
        for reader in random.sample(readers, 6):
            for pressed in reader.reactions.all()[:2]:
                reactions.take_back(pressed.comment, by=reader, now=self.start + 22 * DAY)
        return comments

    def answer(self, reader: User, key: str, at: datetime) -> None:
        question = self.post.question
        stances.record(
            reader=reader,
            question=question,
            version=question.versions.get(),
            stance=self.stances[key],
            source=StanceSource.BARE,
            now=at,
        )

    def mark(
        self,
        random: Random,
        readers: list[User],
        comments: list[Comment],
        at: datetime,
        share: float = 0.4,
    ) -> None:
        for place, comment in enumerate(comments):
            for reader in readers:
                if random.random() < share:
                    reactions.press(comment, by=reader, now=at + place * timedelta(minutes=20))

    def test_panel_page_and_number_agree_or_the_page_says_by_how_much_they_differ(self) -> None:
        said = set()
        for seed in range(3):
            with self.subTest(seed):
                for comment in self.discuss(Random(seed)):  # noqa: S311
                    said |= self.said_of(Comment.objects.get(pk=comment.pk))
        self.assertEqual(said, {_WITHOUT_ANSWER, _FURTHER, _LOWER, ""})

    def said_of(self, comment: Comment) -> set[str]:
        """Check what is said of a comment; return the patterns of the sentences that say it."""
        page = text_of(reverse("comments:well-argued", args=[comment.pk]))
        panel = text_of(reverse("comments:well-argued-split", args=[comment.pk]))
        sides = _SIDE.findall(page)
        self.assertEqual(_SIDE.findall(panel), [side for side in sides if side[2] != "0"])
        others = told(_WITHOUT_ANSWER, page)
        self.assertEqual(told(r"Without an answer (\d+)", panel), others)
        marks = sum(int(marks) for _word, marks, _chances in sides)
        rest = told(_FURTHER, page) - told(_LOWER, page)
        self.assertEqual(told(_FURTHER, panel) - told(_LOWER, panel), rest)
        number = reaction_summary.total(comment.well_argued)
        self.assertEqual(marks + others + rest, number, page)
        patterns = (_WITHOUT_ANSWER, _FURTHER, _LOWER)
        return {each for each in patterns if re.search(each, page)} or {""}

"""Hold every sentence of the stance, reasons, verdict and closing pages against the rows.

Discussions of 0 to 24 answers are made in rows, one after the other, spread and unanimous, with and
without marks and verdicts, before and after withdrawals. Whatever stands in a paragraph or an item
of a list has to match a claim, which is computed from the rows by other code than the site's.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import cycle, islice, product
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments import db_triggers
from comments.actions import reactions, steelmen
from comments.closings import judging
from comments.models import (
    Appraisal,
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
from comments.ranking import constants, tasks
from comments.ranking.stored_columns import SidesByAnswer
from posts.models import Question, Stance
from tests.cast import Cast
from tests.factories import make_comment, make_user

SIZES = (0, 1, 2, 3, 5, 7, 12, 19, 20, 24)
DAY = timedelta(days=1)
# The changes of mind of a discussion, among its first readers.
CHANGES = 15
_TEXT = re.compile(r"<(p|li|figcaption)\b[^>]*>(.*?)</\1>", re.DOTALL)
# What leads elsewhere, or names the page.
_FRAME = re.compile(r'<header.*?</header>|<p class="meta standing__ways">.*?</p>', re.DOTALL)
_TAG = re.compile(r"<svg.*?</svg>|<[^>]*>", re.DOTALL)


class Facts:
    """What the rows say of one discussion, counted afresh."""

    def __init__(self, test: "SentenceTests") -> None:
        self.test = test
        now = CurrentStance.objects.filter(question=test.question, stance__isnull=False)
        self.now = dict(now.values_list("reader", "stance__word"))
        first = StanceRecord.objects.filter(question=test.question, supersedes=None)
        self.first = dict(first.values_list("reader", "stance__word"))
        self.changed = [who for who, word in self.now.items() if self.first[who] != word]
        self.counts = Counter(self.now.values())
        presses = Reaction.objects.filter(post=test.post)
        self.pressed = [tuple(row) for row in presses.values_list("comment", "reader")]

    def left(self, word: str) -> tuple[int, int]:
        """Return how many left an answer, of how many who gave it first and give one now."""
        base = [who for who in self.now if self.first[who] == word]
        return sum(self.now[who] != word for who in base), len(base)


Claim = Callable[[Facts, "re.Match[str]"], bool]


def number(text: str) -> int:
    return int(text.replace("\u202f", "").replace(",", ""))


def left_is_true(facts: Facts, match: "re.Match[str]") -> bool:
    left, base = facts.left(match[3])
    share = f"({100 * left / base:.1f} %)" if base >= 10 else ""
    return (number(match[1]), number(match[2]), (match[4] or "").strip()) == (left, base, share)


def answers(facts: Facts) -> int:
    return len(facts.now)


# Of the stance page: a pattern, and when it is true.
STANCES: dict[str, Claim] = {
    r"There is no answer here now\. Yours would be the first\.": lambda f, _m: not f.now,
    r"(\d+) readers? (gives?) an answer\.( From 5 answers on you see here who stands where\.)?": (
        lambda f, m: (
            number(m[1]) == answers(f)
            and (m[2] == "gives") == (answers(f) == 1)
            and bool(m[3]) == (answers(f) < 5)
        )
    ),
    r"(\d+) (Different|Same|Overlap)": (
        lambda f, m: number(m[1]) == f.counts[m[2]] and 5 <= answers(f) < 20
    ),
    r"The range is what chance alone leaves open: .*": lambda f, _m: answers(f) >= 20,
    r"All who answer now give the answer they gave first\.": (
        lambda f, _m: answers(f) > 1 and not f.changed
    ),
    r"The one reader who answers now gives the answer they gave first\.": (
        lambda f, _m: answers(f) == 1 and not f.changed
    ),
    r"(\d+) readers? gives? another answer now than at first\. From 5 on you see .*": (
        lambda f, m: number(m[1]) == len(f.changed) and 0 < len(f.changed) < 5
    ),
    r"(\d+) of (\d+) left (\w+)( \([\d.]+ %\))?": left_is_true,
    r"Shares say how readily readers leave an answer, .*": lambda f, _m: len(f.changed) >= 5,
    r"Left the first answers, right the answers now; .*": lambda f, _m: len(f.changed) >= 10,
    r"(\d+) of (\d+) (\w+) readers? marked a comment for (\w+) as well argued( \(.*\))?": (
        lambda f, m: (
            f.test.crossed(m[3], m[4]) == (number(m[1]), number(m[2])) and number(m[2]) >= 5
        )
    ),
    r"Of those who marked any comment here, .*": lambda f, _m: bool(f.pressed),
    r"A case of \w+\.": lambda _f, _m: True,
    r"The whole comment by \S+": lambda _f, _m: True,
}


def side(facts: Facts, comment: Comment) -> SidesByAnswer:
    return SidesByAnswer.parse(Appraisal.objects.get(comment=comment).sides)


def some_side(facts: Facts) -> SidesByAnswer:
    return side(facts, facts.test.shown)


def live_answers(facts: Facts) -> int:
    return sum(each.chances >= 5 for each in some_side(facts).values())


def any_marks(facts: Facts) -> bool:
    totals = SidesByAnswer.parse(Ranking.objects.filter(post=facts.test.post)[0].totals)
    return any(each.approvals for each in totals.values())


def presses_of(facts: Facts, word: str) -> int:
    pressed = [who for comment, who in facts.pressed if comment == facts.test.shown.pk]
    return sum(facts.test.pressed_as[who] == word for who in pressed)


def tally_is_true(facts: Facts, match: "re.Match[str]") -> bool:
    parts = [part.rsplit(" ", 1) for part in re.split(r"(?<=\d) ", match[0])]
    has_base = {"/" in figures for _word, figures in parts}
    return len(has_base) == 1 and all(
        number(figures.split("/")[0]) == presses_of(facts, word) for word, figures in parts
    )


# Of the page about the rank of a comment.
REASONS: dict[str, Claim] = {
    r"A case of \w+\.|“Well argued” says that you respect .*|Sign in to say so": (
        lambda _f, _m: True
    ),
    r"Same|Different|Overlap|Back to the discussion|Settled: a confirmed account .*": (
        lambda _f, _m: True
    ),
    r"Nobody whose mark counts has said so yet\.": (
        lambda f, _m: not any(comment == f.test.shown.pk for comment, _who in f.pressed)
    ),
    r"((Different|Same|Overlap) \d+(/\d+)? ?)+": tally_is_true,
    r"Nobody whose answer counts was active around it since it was posted, .*": (
        lambda f, _m: not any(each.chances for each in some_side(f).values())
    ),
    r"Nobody whose answer counts has marked a comment here as well argued yet, .*": (
        lambda f, _m: not any_marks(f)
    ),
    r"Readers of all answers taken together like it ([\d.]+) times .*": (
        lambda f, m: (
            any_marks(f) and m[1] == f"{Appraisal.objects.get(comment=f.test.shown).lift:.2f}"
        )
    ),
    r"Fewer than two answers have 5 readers who had a chance to read it, .*": (
        lambda f, _m: live_answers(f) < 2
    ),
    r"It speaks for (\w+): readers who answer .*": (
        lambda f, m: presses_of(f, m[1]) >= 3 and f.counts[m[1]] >= 5
    ),
    r"It divides readers: .*": lambda f, _m: live_answers(f) > 1,
    r"It is well argued across .*": lambda f, _m: live_answers(f) > 1,
    r"What readers of the other answers pressed is at least .*": lambda f, _m: any_marks(f),
    r"It is among the first because, of all threads that answer (\w+), .* find best argued; .*": (
        lambda f, m: presses_of(f, m[1]) >= constants.CASE_APPROVALS
    ),
    r"It is among the first because readers who answer (\w+) find it well argued, .*": (
        lambda f, m: presses_of(f, m[1]) >= 1
    ),
    r"It is among the first because every answer .* who answer (\w+) and count, nobody .*": (
        lambda f, m: not presses_of(f, m[1])
    ),
    r"It is among the first because, of the threads that are not there .*": (
        lambda f, _m: live_answers(f) > 1
    ),
    r"It is among the first because, of those who marked anything here, a fifth .*": (
        lambda f, _m: any_marks(f)
    ),
    r"It is among the first by a draw .*": lambda _f, _m: True,
}


def judged(facts: Facts) -> tuple[int, int]:
    said = SteelmanVerdict.objects.filter(comment=facts.test.steelman)
    return said.filter(is_fair=True).count(), said.count()


VERDICTS: dict[str, Claim] = {
    r"Best reason for .*|The best reason.*|One job\.|Written by \S+|“Fair” says that .*": (
        lambda _f, _m: True
    ),
    r"Sign in, if you answer Same|Back to the discussion|.*Same.*gives? Different.*": (
        lambda _f, _m: True
    ),
    r"Fewer than 5 whose verdict counts have said so far\. .*": lambda f, _m: judged(f)[1] < 5,
    r"(\d+) of (\d+) readers? calls? it fair\.": (
        lambda f, m: (number(m[1]), number(m[2])) == judged(f) and judged(f)[1] >= 5
    ),
}


def closing_judged(facts: Facts, word: str) -> tuple[int, int]:
    said = ClosingVerdict.objects.filter(closing__post=facts.test.post, stance__word=word)
    return said.filter(is_fair=True).count(), said.count()


def finals(facts: Facts) -> list[bool]:
    """Return for each side whether most of at least three who judged find it fair."""
    both = [closing_judged(facts, word) for word in facts.test.sides]
    return [judges >= 3 and 2 * fair > judges for fair, judges in both]


CLOSINGS: dict[str, Claim] = {
    r"Some say this.*|A case of \w+\.|\w+ \S+ Read it in its place.*|ada .*": (lambda _f, _m: True),
    r"Are they different\?|Only readers of an answer say .* once 3 of each .*": (
        lambda _f, _m: True
    ),
    r"Sign in to say whether it is fair|To the discussion Where readers stand": (
        lambda _f, _m: True
    ),
    r"Final: of each answer it speaks of, most .*": (
        lambda f, _m: bool(f.test.sides) and all(finals(f))
    ),
    r"Draft, contested by (.*)\.": (
        lambda f, m: all(
            judges >= 3 and (fair + 1) / (judges + 2) < 0.6
            for word in f.test.sides
            if word in m[1]
            for fair, judges in [closing_judged(f, word)]
        )
    ),
    r"Draft: it waits for the readers of (.*)\.": (
        lambda f, m: all(
            (word in m[1]) == (closing_judged(f, word)[1] < 3) for word in f.test.sides
        )
    ),
    r"Draft\.": lambda f, _m: not f.test.sides,
    r"(\d+) more readers? who answers? (\w+) ha(s|ve) to say\.": (
        lambda f, m: number(m[1]) == 3 - closing_judged(f, m[2])[1] > 0
    ),
    r"(\d+) of (\d+) readers? who answers? (\w+) finds? it fair\.": (
        lambda f, m: (number(m[1]), number(m[2])) == closing_judged(f, m[3])
    ),
}


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

    def crossed(self, of: str, other: str) -> tuple[int, int]:
        """Return how many readers of an answer marked a comment for another, of how many."""
        rows = Reaction.objects.filter(post=self.post, comment__stance__isnull=False)
        rows = rows.filter(stance__word=of).select_related("comment__stance")
        now = CurrentStance.objects.filter(question=self.question, stance__word=of)
        still = set(now.values_list("reader", flat=True))
        mine = [row for row in rows if row.reader_id in still]
        marked = {row.reader_id for row in mine if row.comment.stance.word == other}  # type: ignore[union-attr]
        return len(marked), len({row.reader_id for row in mine})

    def untrue(self, url: str, claims: dict[str, Claim]) -> Iterable[str]:
        """Yield what a page says that is not true, or that no claim is known for."""
        facts = Facts(self)
        for text in said_on(self.client.get(url).text):
            found = [
                (claim, match)
                for pattern, claim in claims.items()
                if (match := re.fullmatch(pattern, text))
            ]
            if not found:
                yield f"unknown: {text}"
            elif not any(claim(facts, match) for claim, match in found):
                yield f"untrue: {text}"

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

"""What the stance, reasons, verdict and closing pages may say, each with when it is true.

A claim is a pattern of a text, and a condition that is computed from the rows by other code than
the site's.
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from comments.models import (
    Appraisal,
    ClosingVerdict,
    Comment,
    CurrentStance,
    Ranking,
    Reaction,
    StanceRecord,
    SteelmanVerdict,
)
from comments.ranking import constants
from comments.ranking.stored_columns import SidesByAnswer

if TYPE_CHECKING:
    from .test_sentences import SentenceTests


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
    share = f"({100 * left / base:.0f} %)" if base >= 10 else ""
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
    r"(\d+) of (\d+) left (\w+)( \(\d+ %\))?": left_is_true,
    r"Shares say how readily readers leave an answer, .*": lambda f, _m: len(f.changed) >= 5,
    r"Left the first answers, right the answers now; .*": lambda f, _m: len(f.changed) >= 10,
    r"(\d+) of (\d+) (\w+) readers? marked a comment for (\w+) as well argued( \(\d+ %\))?": (
        lambda f, m: (
            f.test.crossed(m[3], m[4]) == (number(m[1]), number(m[2])) and number(m[2]) >= 5
        )
    ),
    r"Counted are only readers who marked some comment .*": lambda f, _m: bool(f.pressed),
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
    r"Nobody else whose answer counts has written or marked a comment here since it was .*": (
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
    r"Fewer than two answers have 5 readers who had a chance to read it, so what follows .*": (
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
    r"Are they different\?|Only readers .* once 3 of each .* you see only how many more .*": (
        lambda _f, _m: True
    ),
    r"Sign in to say whether it is fair|To the discussion Where readers stand": (
        lambda _f, _m: True
    ),
    r"Final: of each answer it speaks of and readers still give, most .*": (
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
    r"Nobody answers (\w+) now\.": (
        lambda f, m: (
            not CurrentStance.objects.filter(stance__word=m[1], question__post=f.test.post).exists()
        )
    ),
    r"(\d+) more readers? who answers? (\w+) ha(s|ve) to say\.": (
        lambda f, m: number(m[1]) == 3 - closing_judged(f, m[2])[1] > 0
    ),
    r"(\d+) of (\d+) readers? who answers? (\w+) finds? it fair\.": (
        lambda f, m: (number(m[1]), number(m[2])) == closing_judged(f, m[3])
    ),
}

"""What the stance and reasons pages may say, each with when it is true.

A claim is a pattern of a text, and a condition that is computed from the rows by other code than
the site's.
"""

import re
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING

from comments.models import (
    Appraisal,
    Comment,
    CurrentStance,
    Ranking,
    Reaction,
    StanceRecord,
)
from comments.ranking import constants
from comments.ranking.stored_columns import NO_ANSWER, CountsByAnswer, RatesByAnswer, SidesByAnswer
from posts.models import Post

from .analytics.attack import tables

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
        self.words = [stance.word for stance in test.stances.values()]
        self.front = Post.objects.get(pk=test.post.pk).front
        presses = Reaction.objects.filter(post=test.post)
        self.pressed = [tuple(row) for row in presses.values_list("comment", "reader")]

    @property
    def ways(self) -> Counter[tuple[str, str]]:
        """How many readers went from one answer to another, or stayed."""
        return Counter((self.first[who], now) for who, now in self.now.items())

    def small_cells(self) -> list[tuple[str, str]]:
        """Return the ways of one or two readers; none of those who answer here comments."""
        return [way for way, readers in self.ways.items() if readers < 3]

    def is_told_by_sums(self) -> bool:
        """Return whether the sums tell of one or two readers, by listing all tables with them."""
        words = self.words
        left = [self.left(word)[0] for word in words]
        stayed = [self.left(word)[1] - number for word, number in zip(words, left, strict=True)]
        came = [self.counts[word] - number for word, number in zip(words, stayed, strict=True)]
        if {1, 2} & {*left, *stayed, *came}:
            return True
        found = list(tables(left, came))
        return any(
            first != now
            and len({table[words.index(first)][words.index(now)] for table in found}) == 1
            for first, now in self.small_cells()
        )

    def close(self) -> list[str]:
        """Return the pairs of answers of which chance alone may have put one before the other."""
        return [
            f"{one} and {other}"
            for one, other in combinations(self.words, 2)
            if (both := self.counts[one] + self.counts[other])
            and wilson(self.counts[one], both, -1.2816)
            <= 0.5
            <= wilson(self.counts[one], both, 1.2816)
        ]

    def left(self, word: str) -> tuple[int, int]:
        """Return how many left an answer, of how many who gave it first and give one now."""
        base = [who for who in self.now if self.first[who] == word]
        return sum(self.now[who] != word for who in base), len(base)


Claim = Callable[[Facts, "re.Match[str]"], bool]


SIDES_FROM = r"From 5 answers on you see what the readers of each answer think of it\."


def number(text: str) -> int:
    return int(text.replace("\u202f", "").replace(",", ""))


RATE = re.compile(r"(\d+) of (?:the )?(\d+) (?:who began )?with (\w+)((?: \(\d+\s%\))?)")


def rates_are_true(facts: Facts, text: str) -> bool:
    """Return whether each of "6 of the 15 who began with Different (40 %), …" is true."""
    for left, base, word, share in RATE.findall(text):
        counted = facts.left(word)
        percent = f" ({100 * counted[0] / counted[1]:.0f} %)" if counted[1] >= 10 else ""
        told = number(left), number(base), share.replace("\N{NO-BREAK SPACE}", " ")
        if told != (*counted, percent):
            return False
    return len(RATE.findall(text)) == len({facts.first[who] for who in facts.now})


def chance_is_true(facts: Facts, match: "re.Match[str]") -> bool:
    """Return whether the range is that of the first answer given, and the close pairs are told."""
    total, word = answers(facts), next(word for word in facts.words if facts.counts[word])
    ends = [round(100 * wilson(facts.counts[word], total, z)) for z in (-1.2816, 1.2816)]
    told, close = match[5] or "", facts.close()
    listed = f"Too close to tell which would have more: {'; '.join(close)}."
    every = "The answers are too close to tell which would have more."
    alone = f"{close[0]} are too close to tell which would have more." if close else ""
    return (
        (number(match[1]), match[2], [number(match[3]), number(match[4])]) == (total, word, ends)
        and total >= 20
        and told == (every if len(close) == 3 else listed if len(close) > 1 else alone)
    )


def ends_are_true(facts: Facts, text: str) -> bool:
    """Return whether the answers now end each of "Same from 12 to 7, Different 16 both times"."""
    ends = re.findall(r"(\w+) (?:from (\d+) to )?(\d+)( both times)?", text)
    return [word for word, *_rest in ends] == facts.words and all(
        number(last) == facts.counts[word] and bool(same) == (not before) and before != last
        for word, before, last, same in ends
    )


def answers(facts: Facts) -> int:
    return len(facts.now)


# What is said by answer, of any number of readers: nothing of it while fewer than five answer.
BY_ANSWER = re.compile(
    r"\d+/\d+|(Different|Same|Overlap) \d|It (speaks|divides)|Respected across|"
    r"(finds?|calls?) it fair\.|Final|Draft|(has|have) to judge|case for"
)


def few(facts: Facts, _match: "re.Match[str]") -> bool:
    return answers(facts) < 5


# Of the stance page: a pattern, and when it is true.
STANCES: dict[str, Claim] = {
    r"There is no answer here now\. Yours would be the first\.": lambda f, _m: not f.now,
    r"With only (\d+) readers, chance matters\. If many more like them answered, the share of "
    r"(\w+) would probably \(in about 8 of 10 cases\) lie between (\d+) % and (\d+) %: "
    r"the box on its bar\.(?: (.*[Tt]oo close .*))?": lambda f, m: chance_is_true(f, m),
    r"0 % 100 %": lambda f, _m: answers(f) >= 20,
    r"Be the first to answer": lambda f, _m: not f.now,
    r"(\d+) readers? (has|have) answered\.( From (5|20) answers on .*)?": (
        lambda f, m: (
            number(m[1]) == answers(f) < 20
            and (m[2] == "has") == (answers(f) == 1)
            and m[4] == ("5" if answers(f) < 5 else "20")
        )
    ),
    r"(\d+) readers have answered, and (no|one) answer has a majority\.": (
        lambda f, m: (
            number(m[1]) == answers(f) >= 20
            and (m[2] == "one") == (2 * max(f.counts.values()) > answers(f))
        )
    ),
    r"(Different|Same|Overlap) (\d+) (\d+) % \((\d+) to (\d+) %\)": (
        lambda f, m: (
            number(m[2]) == f.counts[m[1]]
            and answers(f) >= 20
            and round(100 * f.counts[m[1]] / answers(f)) == number(m[3])
        )
    ),
    r"(\d+) (Different|Same|Overlap)": (
        lambda f, m: number(m[1]) == f.counts[m[2]] and 5 <= answers(f) < 20
    ),
    r"Each reader counts once, with the latest answer\. .*": lambda f, _m: answers(f) >= 20,
    r"All who answer now give the answer they gave first\.": (
        lambda f, _m: answers(f) >= 5 and not f.changed
    ),
    r"(\d+) readers? changed their answer\. The breakdown appears from five\.": (
        lambda f, m: number(m[1]) == len(f.changed) < 5 <= answers(f) and bool(f.changed)
    ),
    r"(\d+) of (\d+) readers changed their answer: (.*)\.": (
        lambda f, m: (
            (number(m[1]), number(m[2])) == (len(f.changed), answers(f))
            and len(f.changed) >= 5
            and rates_are_true(f, m[3])
            and not (f.small_cells() and f.is_told_by_sums())
        )
    ),
    r"(\d+) of (\d+) readers changed their answer\. Which way they went is not shown: .*": (
        lambda f, m: (
            (number(m[1]), number(m[2])) == (len(f.changed), answers(f))
            and len(f.changed) >= 5
            and bool(f.small_cells())
            and f.is_told_by_sums()
        )
    ),
    r"Each share is of the readers who began .*": lambda f, _m: len(f.changed) >= 5,
    r"Strong bands moved, faint bands stayed\. Each number counts readers, each colour is the "
    r"answer at first\.": (lambda f, _m: len(f.changed) >= 10 and not f.small_cells()),
    r"(Faint bands are readers who stayed\. )?We do not show which way each group moved, .*": (
        lambda f, m: bool(f.small_cells()) and (m[1] is None or len(f.changed) >= 10)
    ),
    r"moves we do not split up": lambda f, _m: bool(f.small_cells()),
    # The legend of a drawing that has no room for words, and the name of a strongest case.
    r"Different|Same|Overlap": (
        lambda f, m: (
            answers(f) >= 20
            or len(f.changed) >= 10
            or presses_of(f, m[0]) >= constants.CASE_APPROVALS
        )
    ),
    r"From \d+ \w+ to \d+ \w+: (.*)\.": lambda f, m: ends_are_true(f, m[1]),
    r"By the first date (\d+) readers had answered(\.|, and some may have changed .*)": (
        lambda f, m: (
            5 <= number(m[1]) <= answers(f)
            and (m[2] == "." or (len(f.changed) >= 10 and answers(f) >= 20))
        )
    ),
    r"(All|(\d+) of the) (\d+) readers whose marks count here marked a comment for an answer "
    r"other .*": (
        lambda f, m: (
            (number(m[2] or m[3]), number(m[3])) == (len(f.test.across()), len(f.test.marking()))
        )
    ),
    r"Of the readers whose marks count here, nobody marked a comment for another answer\.": (
        lambda f, _m: not any(f.test.marked_across(word) for word in f.words)
    ),
    r"For example: of the (\d+) readers who answer (\w+) and marked .*, (\d+) .* for (\w+)\. "
    r"A dashed frame: comments for their own answer\."
    r"(?: (\d+) other readers? (?:is|are) not in it: "
    r".* present answer(, or fewer .*)?\.)?": (
        lambda f, m: (
            (number(m[3]), number(m[1])) == f.test.crossed(m[2], m[4])
            and number(m[1]) >= 5
            and number(m[5] or "0") == answers(f) - len(f.test.marking())
            and (m[6] is not None) == any(0 < f.test.crossed(w, w)[1] < 5 for w in f.words)
        )
    ),
    r"Each reader counts under the answer they give now\. .*": lambda f, _m: bool(f.pressed),
    r"For each answer, the comment that its own readers find best argued\.": (
        lambda f, _m: bool(f.pressed)
    ),
    r"For each answer, .* so far\. “A case” means .*": lambda f, _m: bool(f.pressed),
    r"A case of \w+\.": lambda _f, _m: True,
    r"The whole comment by \S+|(Give your answer )?What changed minds": lambda _f, _m: True,
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


def wilson(successes: float, trials: float, z: float) -> float:
    """Return the end of Wilson's interval for a share, by its textbook form."""
    p, n = successes / trials, trials
    middle, half = p + z * z / (2 * n), abs(z) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle + (half if z > 0 else -half)) / (1 + z * z / n)


def who_more_or_less_is_true(facts: Facts, said: str) -> bool:
    """Return whether those named, and no others, marked it more or less as their range tells."""
    rates = RatesByAnswer.parse(Ranking.objects.filter(post=facts.test.post)[0].rates)
    sides, words = some_side(facts), {each.pk: each.word for each in facts.test.stances.values()}
    more, less = set(), set()
    for key, rate in rates.items():
        marks, chances = sides.get(key, (0, 0))
        ends = [wilson(marks + 4 * rate, chances + 4, z) / rate for z in (-1.2816, 1.2816)]
        if float(f"{ends[0]:.1f}") > 1:
            more.add(words[key])
        if float(f"{ends[1]:.1f}") < 1:
            less.add(words[key])
    if "of every answer" in said:
        return more == set(words.values())
    named = re.fullmatch(
        r"(?:; .*?who answer (.*?) marked it more than usual)?"
        r"(?:(?:; .*?who answer (.*?) marked it less than usual)|(?:, .*?who answer (.*?) less))?",
        said,
    )
    if named is None:
        return False
    parts = [named[1] or "", named[2] or named[3] or ""]
    return [{word for word in words.values() if word in part} for part in parts] == [more, less]


def shown_figures(facts: Facts) -> dict[str, tuple[float, float, int, int]]:
    """Return of each answer the usual rate, the figure, the marks and the chances, by its word."""
    rates = RatesByAnswer.parse(Ranking.objects.filter(post=facts.test.post)[0].rates)
    sides, found = some_side(facts), {}
    for stance in facts.test.stances.values():
        if stance.pk in rates:
            marks, chances = sides.get(stance.pk, (0, 0))
            rate = rates[stance.pk]
            found[stance.word] = (
                rate,
                (marks + 4 * rate) / (chances + 4) / rate,
                marks,
                chances,
            )
    return found


def example_is_true(facts: Facts, match: "re.Match[str]") -> bool:
    """Return whether the figures of "For … that lowers …" are those of its answer."""
    said = match.groupdict()
    rate, figure, marks, chances = shown_figures(facts)[said["word"]]
    plain, times = marks / chances / rate, f"{figure:.1f}"
    moves = "lowers" if plain > figure else "raises"
    way = ("leaves", None) if f"{plain:.1f}" == times else (moves, times)
    shares = f"{100 * marks / chances:.0f} %", f"{100 * rate:.0f} %"
    told = said["plain"], said["share"], said["usual"], said["way"], said["times"]
    return told == (f"{plain:.1f}", *shares, *way)


def balanced_is_true(facts: Facts, match: "re.Match[str]") -> bool:
    """Return whether bounds are told exactly where a figure is beyond them."""
    figures = [figure for _rate, figure, _marks, _chances in shown_figures(facts).values()]
    return any(not 1 / 3 <= figure <= 3 for figure in figures) == bool(match[1])


def place_of_answer_is_true(facts: Facts, match: "re.Match[str]") -> bool:
    """Return whether the figure is that of readers of the answer, and few are called few."""
    _rate, figure, marks, chances = shown_figures(facts)[match[1]]
    is_few = chances < 5 or marks < constants.CASE_APPROVALS
    return (
        marks >= 1
        and (match[2] or "1.0") == f"{figure:.1f}"
        and (match[3] is not None) == is_few
        and f":strongest:{facts.test.stances[match[1].lower()].pk}" in facts.front
    )


def less_is_explained(facts: Facts, said: str | None) -> bool:
    """Return whether a place without regard to a low figure is said to be so, and no other."""
    is_low = float(f"{Appraisal.objects.get(comment=facts.test.shown).lift:.1f}") < 1
    places = dict(part.split(":", 1) for part in facts.front.split() if ":" in part)
    why = places.get(str(facts.test.shown.pk), "")
    return bool(said) == (is_low and bool(why) and not why.startswith("bridge"))


ORDINALS = ["first", "second", "third"]


def place_is_true(facts: Facts, match: "re.Match[str]") -> bool:
    """Return whether the number of a thread and the reason for it are those of the ranking."""
    place, because = number(match[1]), match[3]
    if (place, number(match[2])) != place_of_shown(facts):
        return False
    why = dict(re.findall(r"(\d+):(\w+)", facts.front)).get(str(facts.test.shown.pk))
    of_answer = re.fullmatch(
        r"each answer has one thread at the top"
        r"(?:, and (\w+) is the (\w+) answer of the question)?",
        because,
    )
    if of_answer:
        told = (of_answer[1], of_answer[2]) if of_answer[1] else None
        known = None if few(facts, match) else (facts.words[place - 1], ORDINALS[place - 1])
        return why == "strongest" and told == known
    others = re.fullmatch(r"from number (\d+) on threads follow by how often .*", because)
    if others:
        return why is None and number(others[1]) == facts.front.count(":") // 2 + 1
    return why == {
        "it does best across answers, of all threads but those above it": "bridge",
        "readers who marked none of the threads above marked this one": "serves",
        "this place is chosen at random": "unheard",
    }.get(because, "")


def place_of_shown(facts: Facts) -> tuple[int, int]:
    threads = Ranking.objects.filter(post=facts.test.post)[0].threads.split()
    return threads.index(str(facts.test.shown.pk)) + 1, len(threads)


def presses_of(facts: Facts, word: str) -> int:
    pressed = [who for comment, who in facts.pressed if comment == facts.test.shown.pk]
    return sum(facts.test.pressed_as[who] == word for who in pressed)


def marks_on_shown(facts: Facts) -> int:
    return sum(comment == facts.test.shown.pk for comment, _who in facts.pressed)


def live_marks(facts: Facts) -> CountsByAnswer:
    return CountsByAnswer.parse(Comment.objects.get(pk=facts.test.shown.pk).well_argued)


def unranked(facts: Facts) -> int:
    """Return how many marks with an answer the number counts beyond those of the ranking."""
    live = sum(marks for answer, marks in live_marks(facts).items() if answer != NO_ANSWER)
    return live - sum(each.approvals for each in some_side(facts).values())


def tally_is_true(facts: Facts, match: "re.Match[str]") -> bool:
    parts = [part.rsplit(" ", 1) for part in re.split(r"(?<=\d) ", match[0])]
    has_base = {"/" in figures for _word, figures in parts}
    return len(has_base) == 1 and all(
        number(figures.split("/")[0]) == presses_of(facts, word) for word, figures in parts
    )


# Of the page about the rank of a comment.
REASONS: dict[str, Claim] = {
    r"A case of \w+\.|Readers mark a comment as “well argued” when .*": lambda _f, _m: True,
    r"A thread is a comment with all replies to it\.": lambda f, _m: (
        bool(f.front) and not few(f, _m)
    ),
    r"A comment on .*, which asks: .*": lambda _f, _m: True,
    r"Sign in to say it is well argued|(Same|Different|Overlap) \S+": lambda _f, _m: True,
    r"Only settled readers count\. .*|Readers had a chance .*": (lambda f, _m: any_marks(f)),
    r"No reader whose mark counts has marked it yet\.": (
        lambda f, _m: not any(comment == f.test.shown.pk for comment, _who in f.pressed)
    ),
    r"((Different|Same|Overlap) \d+(/\d+)? ?)+": tally_is_true,
    r"(\d+) readers? finds? it well argued\.": lambda f, m: (
        few(f, m) and number(m[1]) == marks_on_shown(f)
    ),
    SIDES_FROM: few,
    r"As far as we know, no reader who counts has read it yet\. .*": (
        lambda f, _m: not any(each.chances for each in some_side(f).values())
    ),
    r"No reader who counts has marked a comment here yet, .*": (lambda f, _m: not any_marks(f)),
    r"None of the (\d+) readers who count and had a chance to read it has marked it\."
    r"( That is less than usual, but .*\.)?": (
        lambda f, m: (
            less_is_explained(f, m[2])
            and number(m[1]) == sum(each.chances for each in some_side(f).values())
            and not any(each.approvals for each in some_side(f).values())
        )
    ),
    r"Across answers, it was marked about (?:([\d.]+) times )?as often as usual(; .*?)?\."
    r"( That is less than usual, but .*\.)?": (
        lambda f, m: (
            any_marks(f)
            and (m[1] or "1.0") == f"{Appraisal.objects.get(comment=f.test.shown).lift:.1f}"
            and who_more_or_less_is_true(f, m[2] or "")
            and less_is_explained(f, m[3])
        )
    ),
    r"This says little yet: fewer than two answers have 5 readers who had a chance .*": (
        lambda f, _m: live_answers(f) < 2
    ),
    r"It speaks for (\w+): of readers who answer \1, .*": (
        lambda f, m: (
            presses_of(f, m[1]) >= 3
            and f.counts[m[1]] >= 5
            and all(
                round(figure, 1) < round(shown_figures(f)[m[1]][1], 1)
                for word, (_rate, figure, *_more) in shown_figures(f).items()
                if word != m[1]
            )
        )
    ),
    r"It divides readers: .*": lambda f, _m: live_answers(f) > 1,
    r"Its badge, “Respected across answers”, says: .*": lambda f, _m: live_answers(f) > 1,
    r"How sure is that\? Readers of the other answers .*": lambda f, _m: any_marks(f),
    r"It is number (\d+) of (\d+) threads in the order “Best of each side”, because (.*)\.": (
        place_is_true
    ),
    r"Of the threads for (\w+), this is the one that readers who answer \1 marked most: "
    r"about (?:([\d.]+) times )?as often as usual\.( They are too few yet .*)?": (
        place_of_answer_is_true
    ),
    r"Of readers who answer (\w+), nobody who counts has marked a thread for \1 yet\.": (
        lambda f, m: not presses_of(f, m[1])
    ),
    r"They are a fifth or more of all who marked anything here\.": lambda f, _m: any_marks(f),
    r"So new threads are read too: .*": lambda f, _m: ":unheard:" in f.front,
    r"“(\d+) of (\d+)” at (\w+): of the readers who answered \3 then, \2 had a chance to read "
    r"it, and \1 marked it; some may answer otherwise now\. “Usual”: how many of all .* here "
    r"they mark\.": (lambda f, m: shown_figures(f)[m[3]][2:] == (number(m[1]), number(m[2]))),
    r"To be safe while few have read a comment, we add 4 imaginary readers to each answer, who "
    r"mark as often as its readers usually do\. "
    r"For (?P<word>\w+) that (?P<way>leaves|lowers|raises) "
    r"(?P<plain>[\d.]+) \((?P<share>\d+ %) against (?P<usual>\d+ %)\) "
    r"(?:as it is|to (?P<times>[\d.]+))\.": example_is_true,
    r"In brackets, and as a pale band: how far chance may have moved the figure\. .*": (
        lambda f, _m: any_marks(f)
    ),
    r"“Across answers” is an average of the figures above it, .* number of readers\.": (
        lambda f, _m: any_marks(f)
    ),
    r"“Usual” is the share .*? cancel out\."
    r"( In “Across answers”, a figure above 3\.0 counts as 3\.0, one below 0\.3 as 0\.3\.)?": (
        balanced_is_true
    ),
    r"(\d+) more readers? marked it without an answer\. .*": (
        lambda f, m: number(m[1]) == live_marks(f)[NO_ANSWER]
    ),
    r"The number at the comment counts (\d+) further marks?, .*": (
        lambda f, m: number(m[1]) == unranked(f)
    ),
    r"The number at the comment is (\d+) lower than all these marks together\. .*": (
        lambda f, m: number(m[1]) == -unranked(f)
    ),
    r"Where nobody had a chance to read it, it counts as usual\.": (
        lambda f, _m: any(not chances for *_more, chances in shown_figures(f).values())
    ),
    r"Comments are in the order in which they came\.": lambda f, _m: not f.front,
}

"""What the pages of verdicts and closings may say, each with when it is true."""

import re

from comments.models import ClosingVerdict, CurrentStance, SteelmanVerdict

from .sentence_claims import SIDES_FROM, Claim, Facts, few, number


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
    SIDES_FROM: few,
    r"Fewer than 5 readers whose judgement counts have judged it so far\. .*": lambda f, _m: (
        judged(f)[1] < 5
    ),
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
    SIDES_FROM: few,
    r"Some say this.*|A case of \w+\.|\w+ \S+ Open in the discussion.*|ada .*": (
        lambda _f, _m: True
    ),
    r"Are they different\?|Readers of each answer .* 3 of each .* you see only how many more .*": (
        lambda _f, _m: True
    ),
    r"Sign in to say whether it is fair|To the discussion Where readers stand": (
        lambda _f, _m: True
    ),
    r"Final: for each answer it speaks of, most .*": (
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
    r"Draft: (.*) ha(ve|s) to judge it\.": lambda f, m: (
        {
            word: number(needed)
            for needed, word in re.findall(r"(\d+) more readers? who answered (\w+)", m[1])
        }
        == {word: 3 - n for word in f.test.sides if (n := closing_judged(f, word)[1]) < 3}
        and (m[2] == "s") == (m[1].startswith("1 more") and " and " not in m[1])
    ),
    r"Draft\.": lambda f, _m: not f.test.sides,
    r"Nobody answers (\w+) now\.": (
        lambda f, m: (
            not CurrentStance.objects.filter(stance__word=m[1], question__post=f.test.post).exists()
        )
    ),
    r"(\d+) more readers? who answered (\w+) ha(s|ve) to judge it\.": (
        lambda f, m: number(m[1]) == 3 - closing_judged(f, m[2])[1] > 0
    ),
    r"(\d+) of (\d+) readers? who answers? (\w+) finds? it fair\.": (
        lambda f, m: (number(m[1]), number(m[2])) == closing_judged(f, m[3])
    ),
}

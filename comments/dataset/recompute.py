#!/usr/bin/env python3
"""Work out again every lift and every evidence listed in comments.csv, from the counts alone.

Run `python3 recompute.py` in the folder of the files: it needs Python 3.11 or later and nothing
else. It prints each figure that comes out otherwise, and ends with 1 if there is one.
"""

import csv
import json
import sys
from math import exp, log, sqrt
from pathlib import Path

Counts = tuple[int, int]  # approvals, chances
Constants = dict[str, float]

# How far a figure may differ, as a part of it: it is listed with six decimals.
TOLERANCE = 1e-5
# Pieces of the interval over which the evidence is a mean; twice as many change no listed digit.
PIECES = 4000


def usual_rate(a: int, n: int, c: Constants) -> float:
    """Return how often readers of an answer press, from all their presses and chances."""
    rate = (a + c["BASE_READERS"] * c["BASE_RATE"]) / (n + c["BASE_READERS"])
    return min(max(rate, c["LOWEST_RATE"]), c["HIGHEST_RATE"])


def ratio(a: int, n: int, rate: float, c: Constants) -> float:
    """Return how much readers of an answer like a comment against their usual."""
    return (a + c["PRIOR_READERS"] * rate) / (n + c["PRIOR_READERS"]) / rate


def lift(sides: dict[str, Counts], totals: dict[str, Counts], c: Constants) -> float:
    """Return the geometric mean of the ratios of all answers, each within bounds."""
    most = log(c["MOST_RATIO"])
    logs: list[float] = []
    for answer, (a, n) in sides.items():
        rate = usual_rate(*totals[answer], c)
        logs.append(min(max(log(ratio(a, n, rate, c)), -most), most))
    return exp(sum(logs) / len(logs)) if logs else 1.0


def wilson_upper(a: int, n: int, z: float) -> float:
    """Return the upper end of Wilson's interval for a share."""
    p = a / n
    return (p + z * z / (2 * n) + z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n)


def careful_rate(own: Counts, total: Counts, c: Constants) -> float | None:
    """Return the rate that a comment is held against, from all other comments; None if unknown."""
    a, n = total[0] - own[0], total[1] - own[1]
    if n < c["BASE_READERS"]:
        return None
    rate = max(usual_rate(*total, c), wilson_upper(a, n, c["BADGE_Z"]))
    return min(rate, c["HIGHEST_RATE"])


def log_favour(a: int, n: int, rate: float, c: Constants) -> float:
    """Return the log of E: the mean likelihood of rates above the usual, over that of the usual.

    By Simpson's rule; the largest term is taken out first, so that no exponential overflows.
    """
    top = min(c["FAVOUR_TOP"], c["FAVOUR_TIMES"] * rate)
    step = (top - rate) / PIECES
    points = [rate + step * number for number in range(PIECES + 1)]
    logs = [a * log(p / rate) + (n - a) * log((1 - p) / (1 - rate)) for p in points]
    largest = max(logs)
    weights = [1, *[4, 2] * (PIECES // 2 - 1), 4, 1]
    total = sum(weight * exp(each - largest) for weight, each in zip(weights, logs, strict=True))
    return largest + log(total / (3 * PIECES))


def evidence(
    own: str,
    sides: dict[str, Counts],
    of_badge: dict[str, Counts],
    totals: dict[str, Counts],
    c: Constants,
) -> float:
    """Return the evidence for a badge: the smaller product, over all other answers or live ones.

    `of_badge` are the sides of what counts for the badge; the rates are those of all counts.
    """
    every, live, is_live = 0.0, 0.0, False
    for answer, (a, n) in of_badge.items():
        if answer == own:
            continue
        rate = careful_rate(sides[answer], totals[answer], c)
        favour = log_favour(a, n, rate, c) if rate is not None and n else 0.0
        every += favour
        if n >= c["LIVE_READERS"]:
            live, is_live = live + favour, True
    return exp(min(every, live, log(c["EVIDENCE_MOST"]))) if is_live else 0.0


def check(folder: Path) -> tuple[int, list[str]]:
    """Return how many figures were worked out, and those that differ, as sentences.

    Cells by answer are empty while too few readers answer.
    """
    c = json.loads((folder / "constants.json").read_text(encoding="utf-8"))
    with (folder / "answers.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["n"]]
    totals = {row["key"]: (int(row["a"]), int(row["n"])) for row in rows}
    number = 0
    wrong: list[str] = []
    with (folder / "comments.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if not row["lift"]:
                continue
            sides = {key: (int(row["a_" + key]), int(row["n_" + key])) for key in totals}
            of_badge = {
                key: (int(row["badge_a_" + key]), int(row["badge_n_" + key])) for key in totals
            }
            again = {"lift": lift(sides, totals, c)}
            if row["evidence"]:
                again["evidence"] = evidence(row["answer"], sides, of_badge, totals, c)
            for name, value in again.items():
                number += 1
                if abs(value - float(row[name])) > TOLERANCE * max(1, abs(value)):
                    wrong.append(f"comment {row['comment']}: {name} {row[name]}, again {value:.6f}")
    return number, wrong


if __name__ == "__main__":
    NUMBER, WRONG = check(Path(__file__).resolve().parent)
    same = f"{NUMBER - len(WRONG)} of {NUMBER} figures come out the same."
    sys.stdout.write("\n".join([*WRONG, same]) + "\n")
    sys.exit(bool(WRONG))

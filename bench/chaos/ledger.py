"""Record requests and responses, and check them against the rules that no response may break.

Times are seconds of time.monotonic(), all from this process.
"""

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

# product: "A write shows to its writer at once and to everyone within 1 second".
SHOWN_WITHIN = 1.0
NO_ANSWER = 0  # the status of a request whose connection broke


@dataclass(frozen=True)
class LedgerAnswer:
    """The response to one request: its times, its status, and the rule it broke, if any."""

    began: float
    ended: float
    status: int
    broken: str = ""

    @property
    def is_right(self) -> bool:
        """Whether it is the page or redirect that was requested."""
        return not self.broken and NO_ANSWER < self.status < 400


@dataclass
class ChaosLedger:
    """All responses, sent texts and acknowledged comments; written by many threads."""

    answers: list[LedgerAnswer] = field(default_factory=list)
    sent: dict[str, float] = field(default_factory=dict)  # time of first sending by text
    acknowledged: dict[str, int] = field(default_factory=dict)  # id of the comment by text
    _roots: list[tuple[float, int]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, answer: LedgerAnswer) -> None:
        """Record a response."""
        with self._lock:
            self.answers.append(answer)

    def send(self, text: str, when: float) -> None:
        """Record that `text` was sent, acknowledged or not."""
        with self._lock:
            self.sent.setdefault(text, when)

    def acknowledge(self, text: str, comment: int, when: float, *, is_root: bool) -> None:
        """Record that the site acknowledged `text` as `comment`."""
        with self._lock:
            self.acknowledged[text] = comment
            if is_root:
                self._roots.append((when, comment))

    def is_right_since(self, moment: float) -> bool:
        """Return whether there were responses since `moment`, and all of them right."""
        with self._lock:
            late = [each for each in self.answers if each.ended >= moment]
        return bool(late) and all(each.is_right for each in late)

    def newest_due(self, asked: float) -> int:
        """Return the newest thread that a page requested at `asked` has to show; 0 if none."""
        with self._lock:
            for when, comment in reversed(self._roots):
                if when <= asked - SHOWN_WITHIN:
                    return comment
        return 0


def is_stale(shown: Iterable[int], due: int) -> bool:
    """Return whether a page of the newest threads lacks `due` without being full of newer ones."""
    ids = set(shown)
    return due not in ids and not (ids and min(ids) > due)


@dataclass
class LedgerRow:
    """The responses between one fault and the next."""

    fault: str
    began: float
    ended: float
    answers: list[LedgerAnswer]
    lost: int = 0
    doubled: int = 0

    @classmethod
    def of(cls, fault: str, began: float, ended: float, ledger: ChaosLedger) -> "LedgerRow":
        """Return the row of the requests sent while `fault` was the latest."""
        asked = [each for each in list(ledger.answers) if began <= each.began < ended]
        return cls(fault, began, ended, asked)

    @property
    def right_after(self) -> float:
        """Seconds until every response was right again."""
        wrong = [each.ended for each in self.answers if not each.is_right]
        return max(wrong) - self.began if wrong else 0.0

    @property
    def slowest(self) -> float:
        """Seconds of the slowest response."""
        return max((each.ended - each.began for each in self.answers), default=0.0)

    @property
    def errors(self) -> Counter[int]:
        """The number of errors by status."""
        return Counter(a.status for a in self.answers if not a.is_right and not a.broken)

    @property
    def broken(self) -> Counter[str]:
        """The number of responses that broke a rule, by rule."""
        return Counter(each.broken for each in self.answers if each.broken)

    def count_stored(self, ledger: ChaosLedger, stored: Counter[str]) -> None:
        """Count the lost and doubled texts among those first sent in this row."""
        for text, when in ledger.sent.items():
            if self.began <= when < self.ended:
                self.lost += text in ledger.acknowledged and not stored[text]
                self.doubled += stored[text] > 1

    def faults(self, settled: float) -> list[str]:
        """Return a sentence for each rule that was broken.

        All responses of the last `settled` seconds have to be right.
        """
        found = [f"{what}: {number} answers" for what, number in self.broken.items()]
        found += [f"{self.lost} acknowledged comments are lost"] if self.lost else []
        found += [f"{self.doubled} comments are stored twice"] if self.doubled else []
        if self.right_after > self.ended - self.began - settled:
            found.append("answers were not right again in time")
        if self.fault == "none" and self.errors:
            found.append("errors without any fault")
        if not any(each.is_right for each in self.answers):
            found.append("nothing was answered")
        return [f"{self.fault}: {each}" for each in found]

"""Render the totals of a question: a bar or dots, the figures, and the reader's own answer."""

from functools import lru_cache
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.caching.reverse import cached_reverse
from core.csrf import drawn_for, form_token
from core.numbers import grouped
from core.templating.slots import SlotTemplate, marks
from core.timestamps import moment_of
from posts.models import Post, Stance

from ..analytics import minimums
from ..analytics.totals import Totals
from ..sentences import answered, sides_from
from ..stance_label import StanceLabel
from .context import shows_totals

# Variants that a process remembers: a few for each set of stances in use.
VARIANTS = 500


class TotalsVariant(NamedTuple):
    """Everything that decides the shape of the totals; figures fill slots.

    `bar` has the stances with a segment of the bar, `dots` one stance per reader.
    """

    stances: tuple[StanceLabel, ...]
    bar: tuple[StanceLabel, ...]
    dots: tuple[StanceLabel, ...]
    own: str
    has_answers: bool
    swap: bool
    may_reveal: bool

    @classmethod
    def of(
        cls, totals: Totals, own: Stance | None, *, swap: bool, may_reveal: bool
    ) -> "TotalsVariant":
        """Return the variant of `totals` for a reader with `own` stance.

        With `may_reveal` they are hidden, and the reader may ask to see them before answering.
        """
        tallies = [(StanceLabel.of(tally.stance), tally.count) for tally in totals.tallies]
        return cls(
            stances=tuple(stance for stance, _count in tallies),
            bar=tuple(stance for stance, count in tallies if count) if totals.shows_bar else (),
            dots=tuple(map(StanceLabel.of, totals.dots)) if totals.shows_dots else (),
            own=own.word if own else "",
            has_answers=totals.count > 0,
            swap=swap,
            may_reveal=may_reveal,
        )

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of the slots."""
        places = range(len(self.stances))
        counts = [f"{name}_{place}" for place in places for name in ("count", "shown")]
        bar = [f"{name}_{place}" for place in range(len(self.bar)) for name in ("x", "width")]
        return (
            "note",
            "reveal_url",
            "stances_url",
            "withdrawal_url",
            "csrf_token",
            "drawn_for",
            *counts,
            *bar,
        )


def render_totals(
    request: HttpRequest,
    post: Post,
    totals: Totals,
    own: Stance | None,
    *,
    swap: bool = False,
    hidden: bool = False,
    waits: bool = False,
) -> SafeString:
    """Return the totals as HTML, for a reader with `own` stance.

    With `swap` they replace the totals on a page that is shown; `hidden` says that `totals` are
    empty because the reader may not see them yet, `waits` that a comment of theirs waits for
    approval.
    """
    may_reveal = hidden and request.user.is_authenticated and _shows_on_asking(post)
    variant = TotalsVariant.of(totals, own, swap=swap, may_reveal=may_reveal)
    values: dict[str, str | int] = {
        "note": hidden_note(post) if hidden else _answered(totals.count, waits=waits),
        "reveal_url": f"{post.get_absolute_url()}?totals=show#question",
        "stances_url": cached_reverse("comments:stances", post.slug),
        "withdrawal_url": cached_reverse("comments:withdrawal", post.slug) if own else "",
        "csrf_token": form_token(request) if own else "",
        "drawn_for": drawn_for(request) if own else "",
    }
    for place, tally in enumerate(totals.tallies):
        values |= {f"count_{place}": tally.count, f"shown_{place}": grouped(tally.count)}
    if variant.bar:
        for place, segment in enumerate(totals.segments):
            values |= {f"x_{place}": f"{segment.x:.2f}", f"width_{place}": f"{segment.width:.2f}"}
    return _template(variant, get_language()).fill(values)


@lru_cache(maxsize=VARIANTS)
def _template(variant: TotalsVariant, language: str) -> SlotTemplate:
    slots = marks(variant.slots)
    context = {
        "tallies": [
            {
                "stance": stance,
                "count": slots[f"count_{place}"],
                "shown": slots[f"shown_{place}"],
            }
            for place, stance in enumerate(variant.stances)
        ],
        "segments": [
            {"colour": stance.colour, "x": slots[f"x_{place}"], "width": slots[f"width_{place}"]}
            for place, stance in enumerate(variant.bar)
        ],
        "dots": variant.dots,
        "own": variant.own,
        "has_answers": variant.has_answers,
        "swap": variant.swap,
        "may_reveal": variant.may_reveal,
    }
    return SlotTemplate("comments/_totals.html", context, variant.slots)


def _answered(readers: int, *, waits: bool) -> SafeString | str:
    """Return how many readers answer; where none does, what the reader can do about it."""
    if readers:
        return answered(readers)
    if waits:
        return _("Your answer counts once your comment is approved. Nobody else has answered yet.")
    return _("Be the first to answer.")


def hidden_note(post: Post) -> str:
    """Return the sentence in place of hidden totals: when they will be shown."""
    closes_at = post.question.closes_at
    if closes_at is None or _shows_on_asking(post):
        return _("You see where others stand once you have answered.")
    return _("From %(when)s on you see where readers stand.") % {"when": moment_of(closes_at)}


def why_no_sides(post: Post, own: Stance | None) -> str:
    """Return why nothing is said by answer to a reader who answers `own`; "" where it is.

    `post` asks a question.
    """
    if not shows_totals(post, own):
        return hidden_note(post)
    return "" if minimums.show_counts(post.question.answer_count) else sides_from()


def _shows_on_asking(post: Post) -> bool:
    return post.question.shows_totals(has_answered=True)

"""A post's words as its page shows them: with marks on its promises and a note beside each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.markdown.html import trusted

from ..models import Part, Post, Promise, PromiseState
from ..text.anchors import Anchor
from .annotations import Mark, annotate


@dataclass(frozen=True)
class Note:
    """What is said about one promise: where it stands, what became of it, which parts keep it."""

    promise: Promise
    state: PromiseState
    kept: list[Part]
    ahead: list[Part]

    @property
    def anchor_id(self) -> str:
        """The id of the promise's sentence on the page of its post."""
        return anchor_id(self.promise)

    @property
    def ahead_label(self) -> str:
        """The parts that are still to come, in words: "Parts 2 to 6"."""
        return label_of(self.ahead)

    @property
    def ahead_url(self) -> str:
        """Where the first part still to come is announced."""
        return self.ahead[0].get_absolute_url() if self.ahead else ""


@dataclass(frozen=True)
class MarkedSpan:
    """Some of the prose, up to a place where notes stand."""

    html: SafeString
    notes: list[Note]


@dataclass(frozen=True)
class Prose:
    """The whole prose; `lost` are notes on sentences that the text no longer has."""

    stretches: list[MarkedSpan]
    lost: list[Note]


def prose_of(post: Post, promises: Iterable[Promise], now: datetime) -> Prose:
    """Return the shown words of `post`, those of its own `promises` marked, as of `now`."""
    html = post.shown_revision.body_html if post.shown_revision else ""
    own = [promise for promise in promises if promise.post_id == post.pk]
    notes = {anchor_id(promise): note_on(promise, now) for promise in own}
    woven = annotate(html, tuple(_mark(note) for note in notes.values()))
    stretches = [
        MarkedSpan(trusted(piece.html), [notes[mark_id] for mark_id in piece.ends])
        for piece in woven.pieces
    ]
    return Prose(stretches, [notes[mark_id] for mark_id in woven.lost])


def note_on(promise: Promise, now: datetime) -> Note:
    """Return what is to be said about `promise` at `now`."""
    kept = promise.kept_parts(now)
    ahead = [part for part in promise.parts.all() if part not in kept]
    return Note(promise, promise.state(now), kept, ahead)


def anchor_id(promise: Promise) -> str:
    """Return the id of the promise's sentence on the page of its post."""
    return f"promise-{promise.pk}"


def label_of(parts: Sequence[Part]) -> str:
    """Return the numbers of `parts` in words: "Part 2", "Parts 2 to 6", "Parts 2, 4 and 5"."""
    numbers = sorted(part.position for part in parts)
    if not numbers:
        return ""
    first, last = numbers[0], numbers[-1]
    if first == last:
        return _("Part %(number)d") % {"number": first}
    if len(numbers) > 2 and numbers == list(range(first, last + 1)):
        return _("Parts %(first)d to %(last)d") % {"first": first, "last": last}
    listed = ", ".join(map(str, numbers[:-1]))
    return _("Parts %(numbers)s and %(last)d") % {"numbers": listed, "last": last}


def _mark(note: Note) -> Mark:
    promise = note.promise
    anchor = Anchor(promise.exact, promise.prefix, promise.suffix)
    return Mark(note.anchor_id, anchor, (("class", "promise"), ("data-state", note.state.value)))

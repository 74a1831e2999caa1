"""Mark the promises in a post's text, and describe in a note beside each what became of it."""

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
    """Describe one promise: its state, its published parts (`kept`) and those `ahead`."""

    promise: Promise
    state: PromiseState
    kept: list[Part]
    ahead: list[Part]

    @property
    def anchor_id(self) -> str:
        """Return the HTML id of the promise's sentence on the page of its post."""
        return anchor_id(self.promise)

    @property
    def ahead_label(self) -> str:
        """Return the numbers of the parts ahead as text, like "Parts 2 to 6"."""
        return label_of(self.ahead)

    @property
    def ahead_url(self) -> str:
        """Return the path of the entry of the first part ahead, or an empty string."""
        return self.ahead[0].get_absolute_url() if self.ahead else ""


@dataclass(frozen=True)
class MarkedSpan:
    """Hold HTML of a post's text and the notes to show after it."""

    html: SafeString
    notes: list[Note]


@dataclass(frozen=True)
class Prose:
    """Hold the whole text of a post; `lost` are notes on sentences no longer in the text."""

    spans: list[MarkedSpan]
    lost: list[Note]


def prose_of(post: Post, promises: Iterable[Promise], now: datetime) -> Prose:
    """Return the shown text of `post` with its own among `promises` marked, as of `now`."""
    html = post.shown_revision.body_html if post.shown_revision else ""
    own = [promise for promise in promises if promise.post_id == post.pk]
    notes = {anchor_id(promise): note_on(promise, now) for promise in own}
    annotated = annotate(html, tuple(_mark(note) for note in notes.values()))
    spans = [
        MarkedSpan(trusted(piece.html), [notes[mark_id] for mark_id in piece.ends])
        for piece in annotated.pieces
    ]
    return Prose(spans, [notes[mark_id] for mark_id in annotated.lost])


def note_on(promise: Promise, now: datetime) -> Note:
    """Return the note on `promise` as of `now`."""
    kept = promise.kept_parts(now)
    ahead = [part for part in promise.parts.all() if part not in kept]
    return Note(promise, promise.state(now), kept, ahead)


def anchor_id(promise: Promise) -> str:
    """Return the HTML id of the promise's sentence on the page of its post."""
    return f"promise-{promise.pk}"


def label_of(parts: Sequence[Part]) -> str:
    """Return the numbers of `parts` as text: "Part 2", "Parts 2 to 6", "Parts 2, 4 and 5"."""
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

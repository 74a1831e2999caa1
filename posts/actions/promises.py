"""Write the promises of a post: which sentences announce more, and which parts keep them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.db.transactions import retried
from core.exceptions import ActionRefused

from ..models import Part, Post, Promise
from ..text.anchors import Anchor
from ..text.html_text import text_of
from . import announcements
from .locking import locked

# Characters, the width of the column.
EXACT_MAX = Promise._meta.get_field("exact").max_length or 0


@dataclass(frozen=True)
class PromiseInput:
    """Hold an author's input for one promise; `id` refers to an existing promise.

    `prefix` and `suffix` select an occurrence of `exact`; empty ones select the first. A
    `withdrawn_reason` withdraws the promise, an empty one restores it.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""
    note: str = ""
    part_ids: tuple[int, ...] = ()
    withdrawn_reason: str = ""
    id: int | None = None


@retried
def set_promises(
    post: Post, promises: Sequence[PromiseInput], *, now: datetime | None = None
) -> list[Promise]:
    """Set the promises of `post` and return them; existing ones not in the list are deleted.

    Raises `ActionRefused` for a sentence that is not in the newest text of the post, unless it
    belongs to an existing promise and is unchanged.
    """
    locked(post)
    present = {promise.pk: promise for promise in post.promises.all()}
    before = announcements.kept(present.values())
    text = text_of(post.newest_revision.body_html) if post.newest_revision else ""
    post.promises.exclude(pk__in=[given.id for given in promises if given.id]).delete()
    saved = [
        _save(present.get(given.id or 0) or Promise(post=post), given, text, now or timezone.now())
        for given in promises
    ]
    announcements.kept_since(promise for promise in saved if promise.pk not in before)
    return saved


def _save(promise: Promise, given: PromiseInput, text: str, now: datetime) -> Promise:
    _anchor(promise, given, text)
    promise.note = given.note
    promise.withdrawn_reason = given.withdrawn_reason
    if given.withdrawn_reason:
        promise.withdrawn_at = promise.withdrawn_at or now
    else:
        promise.withdrawn_at = None
    _refuse_double(promise)
    promise.save()
    promise.parts.set(Part.objects.filter(pk__in=given.part_ids))
    return promise


def _anchor(promise: Promise, given: PromiseInput, text: str) -> None:
    """Set the anchor of the promise from its sentence in `text` and the text around it."""
    wanted = Anchor(given.exact.strip(), given.prefix, given.suffix)
    if promise.pk and wanted == Anchor(promise.exact, promise.prefix, promise.suffix):
        return
    found = wanted.completed_from(text)
    if found is None:
        raise ActionRefused(
            _("This sentence is not in the text, word for word: “%(exact)s”")
            % {"exact": wanted.exact},
            field="exact",
        )
    if len(found.exact) > EXACT_MAX:
        raise ActionRefused(
            _("A promise is a sentence, of at most %(limit)d characters.") % {"limit": EXACT_MAX},
            field="exact",
        )
    promise.exact, promise.prefix, promise.suffix = found.exact, found.prefix, found.suffix


def _refuse_double(promise: Promise) -> None:
    same = Promise.objects.filter(
        post=promise.post, exact=promise.exact, prefix=promise.prefix
    ).exclude(pk=promise.pk)
    if same.exists():
        raise ActionRefused(_("This sentence is marked as a promise already."), field="exact")

"""The promises of a post: which sentence announces more, and which parts keep it."""

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

EXACT_MAX = Promise._meta.get_field("exact").max_length or 0


@dataclass(frozen=True)
class PromiseWords:
    """One promise as its author gives it; `id` names one that is there already.

    `prefix` and `suffix` say which occurrence of `exact` is meant; left empty, the first one.
    A reason withdraws the promise, an empty one takes the withdrawal back.
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
    post: Post, promises: Sequence[PromiseWords], *, now: datetime | None = None
) -> list[Promise]:
    """Make these the promises of `post` and return them; those not named any more are deleted.

    Raises `ActionRefused` for a sentence that is not in the newest words of the post, unless it is
    kept unchanged from before.
    """
    Post.objects.select_for_update().get(pk=post.pk)
    present = {promise.pk: promise for promise in post.promises.all()}
    text = text_of(post.newest_revision.body_html) if post.newest_revision else ""
    post.promises.exclude(pk__in=[words.id for words in promises if words.id]).delete()
    return [
        _save(present.get(words.id or 0) or Promise(post=post), words, text, now or timezone.now())
        for words in promises
    ]


def _save(promise: Promise, words: PromiseWords, text: str, now: datetime) -> Promise:
    _quote(promise, words, text)
    promise.note = words.note
    promise.withdrawn_reason = words.withdrawn_reason
    if words.withdrawn_reason:
        promise.withdrawn_at = promise.withdrawn_at or now
    else:
        promise.withdrawn_at = None
    _refuse_double(promise)
    promise.save()
    promise.parts.set(Part.objects.filter(pk__in=words.part_ids))
    return promise


def _quote(promise: Promise, words: PromiseWords, text: str) -> None:
    """Tie the promise to its sentence, with what stands around it if nobody said."""
    wanted = Anchor(words.exact.strip(), words.prefix, words.suffix)
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

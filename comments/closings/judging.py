"""Readers judge a closing, each for the answer they hold. Each write is one transaction.

The figures of each side, the status that follows from them and what the post keeps of it change
with the verdict, under the lock of the post: simultaneous verdicts leave one row each and the right
figures.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.db.transactions import retried
from core.exceptions import ActionRefused
from posts.models import Post

from ..actions import stances
from ..locks import lock_person
from ..models import Closing, ClosingSide, ClosingVerdict
from ..models.counted import COUNTED
from ..permissions import can_write, wrote_post
from .status import ClosingOutcome, Judged
from .summary import Summary

CHANGED = _("The summary has changed since you opened this page. Please read it again.")


@retried
def judge(
    closing: Closing, *, by: User, is_fair: bool, now: datetime | None = None
) -> ClosingVerdict:
    """Note what `by` says of `closing`, for the answer they hold; a second time replaces the first.

    Raises `ActionRefused`: 409 where there is a newer version, else 403.
    """
    now = now or timezone.now()
    reader = lock_person(by)
    post = lock_post(closing.post)
    if newest(post) != closing:
        raise ActionRefused(CHANGED, status=409)
    refusal = why_not(reader, closing, now)
    if refusal:
        raise ActionRefused(refusal, status=403)
    current = stances.current_stance(reader, post.question)
    assert current is not None
    assert current.stance is not None
    verdict, _is_new = ClosingVerdict.objects.update_or_create(
        closing=closing,
        reader=reader,
        defaults={"stance": current.stance, "is_fair": is_fair, "judged_at": now},
    )
    settle(post, [closing])
    return verdict


@retried
def take_back(closing: Closing, *, by: User) -> bool:
    """Forget what `by` said of `closing`; return False if that was nothing."""
    post = lock_post(closing.post)
    if not ClosingVerdict.objects.filter(closing=closing, reader=by).delete()[0]:
        return False
    settle(post, [closing])
    return True


def why_not(reader: User, closing: Closing, now: datetime | None = None) -> str:
    """Return in a sentence why `reader` cannot judge `closing`, nothing where they can."""
    if not can_write(reader, now):
        return str(_("You cannot write at the moment. You can still read."))
    if wrote_post(reader, closing.post):
        return str(_("This is your own summary. Readers say whether it is fair to their answer."))
    current = stances.current_stance(reader, closing.post.question)
    if current is None or current.stance is None:
        return str(_("Answer the question first: each reader judges for the answer they give."))
    if not closing.sides.filter(stance=current.stance).exists():
        return str(
            _("The summary speaks of answers that enough readers give. %(word)s was none of them.")
            % {"word": current.stance.word}
        )
    return ""


def newest(post: Post) -> Closing | None:
    """Return the version of the closing of `post` that stands, None where none is written."""
    found = Closing.objects.filter(post=post).select_related("written_by").last()
    if found is not None:
        found.post = post
    return found


def lock_post(post: Post) -> Post:
    """Lock `post` until the transaction ends, so that one closing is written or judged at a time.

    Return it as it is given, with what was loaded with it.
    """
    Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    return post


def settle(post: Post, closings: Iterable[Closing]) -> None:
    """Recount `closings`, versions of the closing of `post`, and let its page show the newest."""
    for closing in closings:
        _recount(closing)
    last = newest(post)
    post.put_closing(stored(last) if last else "")


def _recount(closing: Closing) -> None:
    counted = count(closing)
    for side in closing.sides.all():
        found = counted[side.stance_id]
        if (side.fair, side.judges) != found:
            side.fair, side.judges = found
            side.save(update_fields=["fair", "judges"])
    # As it was read, it may be older than the lock: whatever it says is written over.
    closing.status = ClosingOutcome.of(counted).status
    closing.save(update_fields=["status"])


def count(closing: Closing) -> dict[int, Judged]:
    """Return how each side of `closing` judges it, as its rows have it, of readers who count."""
    verdicts = ClosingVerdict.objects.filter(COUNTED, closing=closing).order_by()
    by_stance = verdicts.values_list("stance").annotate(
        fair=Count("pk", filter=Q(is_fair=True)), judges=Count("pk")
    )
    found = {stance: Judged(fair, judges) for stance, fair, judges in by_stance}
    sides = ClosingSide.objects.filter(closing=closing)
    return {key: found.get(key, Judged(0, 0)) for key in sides.values_list("stance", flat=True)}


def stored(closing: Closing) -> str:
    """Return what the post keeps of `closing`, as its rows have it."""
    return str(Summary(ClosingOutcome.of(count(closing)), closing.beginning))


def recount_reader(reader: User) -> None:
    """Recount the closings that `reader` judged, after a ban or its end."""
    for post, closings in _judged_by(reader).items():
        _settle_some(post, closings)


def forget_reader(reader: User) -> None:
    """Delete what `reader` said of closings; each post is one transaction."""
    for post, closings in _judged_by(reader).items():
        _forget_some(reader, post, closings)


def _judged_by(reader: User) -> dict[Post, list[Closing]]:
    judged = Closing.objects.filter(verdicts__reader=reader).select_related("post")
    found: dict[Post, list[Closing]] = defaultdict(list)
    for closing in judged.order_by("post", "number"):
        found[closing.post].append(closing)
    return found


@retried
def _settle_some(post: Post, closings: list[Closing]) -> None:
    settle(lock_post(post), closings)


@retried
def _forget_some(reader: User, post: Post, closings: list[Closing]) -> None:
    lock_post(post)
    ClosingVerdict.objects.filter(reader=reader, closing__in=closings).delete()
    settle(post, closings)

"""Readers' verdicts on a closing, each given for the reader's own answer.

Each write is one transaction. It updates the verdict, the figures of each side, the status of the
closing and its summary stored with the post, under the lock of the post; so simultaneous verdicts
leave one row each and correct figures.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import why_not_write
from core.db.transactions import retried
from core.exceptions import ActionRefused
from notifications.actions import News, notify_all, withdraw_all
from posts.models import Post

from ..actions import settling, stances
from ..locks import lock_person
from ..models import Closing, ClosingSide, ClosingVerdict, Comment, CommentRevision
from ..models.counted import COUNTED
from ..notifications import CLOSING_CHANGED, CLOSING_DROPPED, CLOSING_WAITS
from ..permissions import can_write, wrote_post
from . import notifying, sides
from .status import ClosingOutcome, Judged, Sides
from .summary import Summary

# The notifications that ask for a verdict.
_ASKING = (CLOSING_WAITS, CLOSING_CHANGED, CLOSING_DROPPED)
CHANGED = _("The summary has changed since you opened this page. Please read it again.")


@retried
def judge(
    closing: Closing, *, by: User, is_fair: bool, now: datetime | None = None
) -> ClosingVerdict:
    """Record the verdict of `by` on `closing`, for their current answer; replace an earlier one.

    Raises `ActionRefused`: 409 if there is a newer version, 403 if `by` may not judge.
    """
    now = now or timezone.now()
    reader = lock_person(by)
    post = lock_post(closing.post)
    if newest(post) != closing:
        raise ActionRefused(CHANGED, status=409)
    refusal = judging_refusal(reader, closing, now)
    if refusal:
        raise ActionRefused(refusal, status=403)
    current = stances.current_stance(reader, post.question)
    assert current is not None
    assert current.stance is not None
    since = settling.of_verdict(reader, current, now=now, text_at=closing.written_at)
    verdict, _is_new = ClosingVerdict.objects.update_or_create(
        closing=closing,
        reader=reader,
        defaults={"is_fair": is_fair, "judged_at": now, **since._asdict()},
    )
    withdraw_all(_ASKING, [reader.pk], notifying.versions_of(closing))
    update_figures(post, [closing])
    return verdict


@retried
def take_back(closing: Closing, *, by: User) -> bool:
    """Delete the verdict of `by` on `closing`; return whether there was one."""
    post = lock_post(closing.post)
    if not ClosingVerdict.objects.filter(closing=closing, reader=by).delete()[0]:
        return False
    update_figures(post, [closing])
    return True


def judging_refusal(reader: User, closing: Closing, now: datetime | None = None) -> str:
    """Return the reason why `reader` cannot judge `closing`, as a sentence; "" if they can."""
    if not can_write(reader, now):
        return why_not_write(reader)
    if wrote_post(reader, closing.post):
        return str(_("This is your own summary. Readers say whether it is fair to their answer."))
    current = stances.current_stance(reader, closing.post.question)
    if current is None or current.stance is None:
        return str(_("Answer the question first: each reader judges for the answer they give."))
    if not closing.sides.filter(stance=current.stance).exists():
        return str(
            _(
                "The summary speaks of answers that enough readers give. %(word)s was not one of "
                "them."
            )
            % {"word": current.stance.word}
        )
    return ""


def newest(post: Post) -> Closing | None:
    """Return the newest version of the closing of `post`, or None."""
    found = Closing.objects.filter(post=post).select_related("written_by").last()
    if found is not None:
        found.post = post
    return found


def lock_post(post: Post) -> Post:
    """Lock the row of `post` until the transaction ends, and return the same object.

    One closing of a post is written or judged at a time. The object keeps its loaded relations.
    """
    Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    return post


def update_figures(post: Post, closings: Iterable[Closing]) -> None:
    """Recount `closings` of `post` and its newest, and store that one's summary with the post."""
    last = newest(post)
    counted = list(closings)
    for closing in [*counted, *([last] if last and last not in counted else [])]:
        _recount(closing)
    post.set_closing(stored_summary(last) if last else "")


def _recount(closing: Closing) -> None:
    """Store how many readers of each side judge `closing`, and the status that follows."""
    counted = count(closing)
    for side in closing.sides.all():
        judged = counted[side.stance_id]
        if Judged.of(side) != judged:
            for name, value in judged._asdict().items():
                setattr(side, name, value)
            side.save(update_fields=Judged._fields)
    # Saved even if it seems unchanged: `closing` may have been read before the lock.
    closing.status = ClosingOutcome.of(counted).status
    closing.save(update_fields=["status"])


def count(closing: Closing) -> dict[int, Judged]:
    """Count the verdicts on `closing`: stance id to `Judged`, for each of its sides.

    Only the verdicts that count, of settled readers.
    """
    verdicts = ClosingVerdict.objects.filter(COUNTED, closing=closing).order_by()
    by_stance = verdicts.values_list("stance").annotate(
        fair=Count("pk", filter=Q(is_fair=True)), judges=Count("pk")
    )
    found = {stance: (fair, judges) for stance, fair, judges in by_stance}
    now = sides.found().filter(closing=closing).order_by()
    facts = ("given_now", "cited_now", "contested_before")
    return {
        stance: Judged(*found.get(stance, (0, 0)), *each)
        for stance, *each in now.values_list("stance", *facts)
    }


def outcome_of(closing: Closing) -> ClosingOutcome:
    """Return how `closing` stands, counted from its verdicts and what is stored of those before."""
    return ClosingOutcome.of(count(closing), stored_before(closing))


def stored_before(closing: Closing) -> list[Sides]:
    """Return what is stored of the sides of the versions before `closing`, the newest first."""
    rows = ClosingSide.objects.filter(
        closing__post=closing.post_id, closing__number__lt=closing.number
    )
    found: dict[int, dict[int, Judged]] = defaultdict(dict)
    for side in rows.order_by("-closing__number").select_related("closing"):
        found[side.closing.number][side.stance_id] = Judged.of(side)
    return list(found.values())


def stored_summary(closing: Closing) -> str:
    """Return the text that `Post.closing` holds for `closing`, counted from its verdicts.

    Empty for a closing whose words were erased with its writer.
    """
    if not closing.beginning:
        return ""
    return str(Summary(outcome_of(closing), closing.beginning))


def drop_verdicts(*, comment: Comment, before: CommentRevision, **_more: object) -> None:
    """Drop the verdicts on the closing that cites `comment`, which was edited.

    Its judges are notified. `comment` is locked; `before` is its text until now.
    """
    if not ClosingVerdict.objects.filter(closing__citations__comment=comment).exists():
        return
    post = lock_post(comment.post)
    closing = newest(post)
    if closing is None or not closing.citations.filter(comment=comment).exists():
        return
    verdicts = ClosingVerdict.objects.filter(closing=closing)
    judges = list(verdicts.order_by("pk").values_list("reader", flat=True))
    if not judges:
        return
    _remember_contesting(closing)
    verdicts.delete()
    closing.judged_anew_from = before.replaced_at
    closing.save(update_fields=["judged_anew_from"])
    update_figures(post, [closing])
    asked = (News(judge, subject=before.pk, target=closing.pk) for judge in judges)
    notify_all(CLOSING_DROPPED, asked, cause=before.replaced_by)


def _remember_contesting(closing: Closing) -> None:
    """Store which sides contest `closing`, whose verdicts will be dropped."""
    said = count(closing)
    for side in closing.sides.all():
        side.contested_before = said[side.stance_id].last_contested_it
        side.save(update_fields=["contested_before"])


def ask_again(before: Closing, closing: Closing) -> None:
    """Notify those who judged `before` of `closing`, the version that took its place."""
    judges = before.verdicts.order_by("pk").values_list("reader", flat=True)
    asked = (News(judge, subject=closing.pk, target=closing.pk) for judge in judges)
    notify_all(CLOSING_CHANGED, asked, cause=closing.written_by)


def settle(ids: Iterable[int], now: datetime) -> None:
    """Let the verdicts on the closings with `ids` count or not, and recount these closings."""
    closings = Closing.objects.filter(pk__in=set(ids)).select_related("post")
    for closing in closings.order_by("post", "number"):
        _settle(closing, now)


@retried
def _settle(closing: Closing, now: datetime) -> None:
    post = lock_post(closing.post)
    settling.CLOSING_VERDICTS.settle(ClosingVerdict.objects.filter(closing=closing), now)
    update_figures(post, [closing])


def recount_reader(reader: User) -> None:
    """Recount the closings that `reader` judged, after a ban begins or ends."""
    for post, closings in _judged_by(reader).items():
        _update_post(post, closings)


def forget_reader(reader: User) -> None:
    """Delete the verdicts of `reader` on closings, one transaction per post."""
    for post, closings in _judged_by(reader).items():
        _delete_verdicts(reader, post, closings)


def erase_written_by(author: User) -> None:
    """Erase the words of the closings that `author` wrote, one transaction per post."""
    written = Closing.objects.filter(written_by=author).exclude(body="").select_related("post")
    for post in {closing.post for closing in written}:
        _erase_words(author, post)


@retried
def _erase_words(author: User, post: Post) -> None:
    post = lock_post(post)
    written = Closing.objects.filter(written_by=author, post=post)
    written.update(body="", body_html="", beginning="")
    update_figures(post, [])


def _judged_by(reader: User) -> dict[Post, list[Closing]]:
    """Return the closings that `reader` judged, oldest version first, by post."""
    judged = Closing.objects.filter(verdicts__reader=reader).select_related("post")
    found: dict[Post, list[Closing]] = defaultdict(list)
    for closing in judged.order_by("post", "number"):
        found[closing.post].append(closing)
    return found


@retried
def _update_post(post: Post, closings: list[Closing]) -> None:
    update_figures(lock_post(post), closings)


@retried
def _delete_verdicts(reader: User, post: Post, closings: list[Closing]) -> None:
    lock_post(post)
    ClosingVerdict.objects.filter(reader=reader, closing__in=closings).delete()
    update_figures(post, closings)

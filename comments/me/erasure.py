"""Erase an account. Its row stays, anonymous, because other people's rows refer to it."""

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.naming import hiding, rules
from core.db.transactions import retried
from notifications.models import Notification
from posts.models import SealedAnswer

from ..actions import changes_of_mind, reactions, stances, states, steelmen
from ..closings import judging
from ..locks import lock_person
from ..models import Comment, CommentRevision, CommentState
from ..models.moderation import DecisionNote, Flag
from ..moderation.actions.roles import refuse_if_last_admin

# Comments per transaction, so that locks are short. After a failure, erasing again continues.
BATCH = 50


def erase(person: User, *, delete_texts: bool) -> None:
    """Erase the account of `person`; with `delete_texts` also the texts of published comments.

    Texts that nobody else can read (held, removed, deleted) are erased in any case. Raises
    `ActionRefused` (409) for the last admin. Texts are erased in batches before the account, so
    that erasing can be resumed.
    """
    with transaction.atomic():
        refuse_if_last_admin(person)
    while _wipe_batch(person, delete_texts=delete_texts):
        pass
    reactions.forget_reader(person)
    changes_of_mind.forget_reader(person)
    steelmen.forget_reader(person)
    judging.forget_reader(person)
    with transaction.atomic():
        rules.lock()
        person = lock_person(person)
        refuse_if_last_admin(person)
        _wipe_traces(person)
        person.erase()
        hiding.show_again()
        stances.recount_reader(person)


@retried
def _wipe_batch(person: User, *, delete_texts: bool) -> int:
    """Erase the texts of the next `BATCH` comments and return how many there were."""
    comments = Comment.objects.filter(author=person).exclude(body="")
    if not delete_texts:
        comments = comments.filter(~Q(state=CommentState.PUBLISHED) | Q(deleted_at__isnull=False))
    batch = list(comments.select_related("author").order_by("post_id", "pk")[:BATCH])
    for comment in batch:
        states.mark_deleted(comment)
    ids = [comment.pk for comment in batch]
    CommentRevision.objects.filter(comment__in=ids).delete()
    Comment.objects.filter(pk__in=ids).update(body="", body_html="")
    return len(batch)


def _wipe_traces(person: User) -> None:
    """Delete the person's notifications, notes by and about them, and texts nobody else saw."""
    SealedAnswer.objects.filter(author=person, opened_at__isnull=True).delete()
    Notification.objects.filter(recipient=person).delete()
    Flag.objects.filter(reporter=person).update(note="")
    DecisionNote.objects.filter(
        Q(decision__person=person)
        | Q(decision__comment__author=person)
        | Q(decision__change__giver=person)
    ).delete()
    CommentRevision.objects.filter(comment__author=person, is_public=False).delete()

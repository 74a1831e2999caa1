"""Changes of mind: readers credit a comment or a paragraph, in their own words."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import limits
from posts.models import Authorship, Post, Question, Stance

from ..querysets import READABLE, TEXTS, text_where
from .comment import Comment
from .comment_text import WithheldLineField
from .stance import StanceRecord


class ChangeKind(models.TextChoices):
    """The kinds of a change of mind."""

    MOVED = "moved", _("My answer changed")
    SOFTENED = "softened", _("Same answer, less sure")
    NEW_REASON = "new_reason", _("Same answer, better reasons")


class ChangeQuerySet(models.QuerySet["ChangeOfMind"]):
    """Queries of changes of mind."""

    def readable(self) -> "ChangeQuerySet":
        """Return those that are read and counted: neither revoked nor removed, giver not banned."""
        return self.shown().filter(removed_at__isnull=True)

    def shown(self) -> "ChangeQuerySet":
        """Return those that lists show: the readable ones, and removed ones without their text."""
        return self.filter(
            revoked_at__isnull=True, giver__banned_at__isnull=True, giver__erased_at__isnull=True
        )

    def unanswered_by(self, person: Any) -> "ChangeQuerySet":
        """Return those that credit comments of `person` and that `person` has not yet answered."""
        waiting = self.readable().filter(confirmed_at__isnull=True, disputed_at__isnull=True)
        return waiting.filter(comment__author=person)

    def with_words_for(self, user: Any) -> "ChangeQuerySet":
        """Return them with the people, answers and post that a list names, in one query.

        They have the words that `user` may read. `by_author` is annotated: whether an author of the
        post gave it.
        """
        wrote = Authorship.objects.filter(post=OuterRef("post"), user=OuterRef("giver"))
        related = ("giver", "question", "from_stance", "to_stance", "comment__author", "post")
        texts = (f"comment__{column}" for column in TEXTS)
        rows = self.select_related(*related).defer(*texts, *_WRITERS)
        words = {f"{READABLE}{column}": _words_for(user, column) for column in _WRITERS}
        return rows.annotate(by_author=Exists(wrote), **words)


# The texts of a change of mind, each with the person who wrote it.
_WRITERS = {"words": "giver", "dispute": "comment__author"}


def _words_for(user: Any, column: str) -> Combinable:
    """Return the text in `column` where `user` may read it, else an empty text.

    What moderators removed is for them and for the person whose words it is.
    """
    if user.is_authenticated and user.is_moderator:
        return F(column)
    may_read = Q(removed_at__isnull=True, revoked_at__isnull=True)
    if user.is_authenticated:
        may_read |= Q(**{_WRITERS[column]: user})
    return text_where(may_read, column)


class ChangeOfMind(models.Model):
    """A reader credits a comment, or a paragraph of the article, with changing how they see it."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="changes_of_mind")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="changes_of_mind")
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes_given"
    )
    # Credited is either a comment or a paragraph, given by its text (`posts.text.anchors`).
    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.PROTECT, related_name="changes_of_mind"
    )
    paragraph = models.TextField(blank=True)
    kind = models.CharField(max_length=16, choices=ChangeKind.choices)
    words = WithheldLineField(max_length=limits.CHANGE_WORDS_MAX)
    from_stance = models.ForeignKey(Stance, on_delete=models.PROTECT, related_name="+")
    to_stance = models.ForeignKey(Stance, on_delete=models.PROTECT, related_name="+")
    # The record of the changed answer; only for the kind "moved".
    record = models.OneToOneField(
        StanceRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="change"
    )
    created_at = models.DateTimeField(default=timezone.now)
    # The response of the credited writer: confirmed, or disputed with a reason.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    dispute = WithheldLineField(max_length=limits.CHANGE_WORDS_MAX, blank=True)
    # Revoked by the giver within `CHANGE_REVOKE_WINDOW`: the row stays, shown to nobody.
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Removed by a moderator, with a public reason; the log has the moderator.
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_reason = models.CharField(max_length=32, blank=True, default="")

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="change_has_one_target",
                condition=Q(comment__isnull=False, paragraph="")
                | (Q(comment__isnull=True) & ~Q(paragraph="")),
            ),
            models.CheckConstraint(
                name="change_kind_known",
                condition=Q(kind__in=[value for value, _label in ChangeKind.choices]),
            ),
            models.CheckConstraint(
                name="change_moved_has_record",
                condition=Q(kind=ChangeKind.MOVED, record__isnull=False)
                | (~Q(kind=ChangeKind.MOVED) & Q(record__isnull=True)),
            ),
            models.CheckConstraint(
                name="change_one_verdict",
                condition=Q(confirmed_at__isnull=True) | Q(disputed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="change_removal_has_reason",
                condition=Q(removed_at__isnull=True, removed_reason="")
                | (Q(removed_at__isnull=False) & ~Q(removed_reason="")),
            ),
            models.UniqueConstraint(
                fields=["giver", "comment"],
                condition=Q(comment__isnull=False, revoked_at__isnull=True),
                name="change_once_for_a_comment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["post", "-id"], name="change_by_post"),
            models.Index(fields=["giver", "-id"], name="change_by_giver"),
        ]

    def __str__(self) -> str:
        return f"change of mind {self.pk} of {self.giver_id}"

    def get_absolute_url(self) -> str:
        """Return the address of a page that lists it: of its comment while there is one to read."""
        if self.comment is not None and self.comment.is_readable:
            return reverse("comments:changes", args=[self.comment.pk])
        return reverse("comments:post-changes", args=[self.post.slug])

    @property
    def is_shown(self) -> bool:
        """Whether lists show it, with its text or without: see `ChangeQuerySet.shown`."""
        giver = self.giver
        return self.revoked_at is None and giver.banned_at is None and giver.erased_at is None

    @property
    def is_readable(self) -> bool:
        """Whether it is shown and counted."""
        return self.revoked_at is None and self.removed_at is None

    @property
    def is_unconfirmed(self) -> bool:
        """Whether the credited writer has not responded for `CHANGE_UNCONFIRMED_AFTER` seconds."""
        if self.comment_id is None or self.confirmed_at or self.disputed_at:
            return False
        age = timezone.now() - self.created_at
        return age.total_seconds() >= limits.CHANGE_UNCONFIRMED_AFTER

    def is_within_revoke_window(self, now: datetime | None = None) -> bool:
        """Return whether the giver may still revoke it at the time `now`."""
        age = (now or timezone.now()) - self.created_at
        return age.total_seconds() <= limits.CHANGE_REVOKE_WINDOW

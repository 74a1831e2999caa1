"""The comment: its text, stance, position in the tree, state and derived figures."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core import limits
from posts.models import Post, QuestionVersion, Stance

from ..choices import CommentKind, CommentState, SeenTotals
from ..querysets import CommentQuerySet, TextlessManager
from ..tree import paths
from .comment_status import MAX_DEPTH, CommentStatus
from .comment_text import CommentTextField
from .path_field import PathField


class Comment(CommentStatus, models.Model):
    """A text that a person wrote under a post, with their stance at the time of writing."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments"
    )
    kind = models.CharField(max_length=16, choices=CommentKind.choices, default=CommentKind.READER)
    stance = models.ForeignKey(
        Stance, null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    # The answer that a steelman gives the best reason for; its writer holds another, `stance`.
    argues_for = models.ForeignKey(
        Stance,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="steelmen",
        db_index=False,
    )
    question_version = models.ForeignKey(
        QuestionVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    body = CommentTextField()
    body_html = CommentTextField()
    markup_version = models.PositiveSmallIntegerField()
    # Copied to the writer's stance record when that is written.
    seen_totals = models.CharField(
        max_length=8, choices=SeenTotals.choices, default=SeenTotals.UNKNOWN
    )
    # One per rendered form: submitting it again finds the comment that it created.
    form_key = models.UUIDField(null=True, blank=True)

    # Position in the tree. The root of a thread is its own `thread`.
    thread = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=paths.WIDTH * (MAX_DEPTH + 1))
    depth = models.PositiveSmallIntegerField()

    # State and history.
    state = models.CharField(max_length=16, choices=CommentState.choices)
    held_reason = models.CharField(max_length=32, blank=True)
    removed_reason = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)

    # Derived, written in the transaction of their source rows; `check_integrity` recounts them.
    thread_published_at = models.DateTimeField(null=True, blank=True)
    is_shown = models.BooleanField(default=False)
    reply_count = models.PositiveIntegerField(default=0)
    thread_size = models.PositiveIntegerField(default=0)
    # Readers who find it well argued, by the answer each gave then (`ranking.stored_columns`).
    well_argued = models.TextField(blank=True, default="")
    # Readers whose answer it changed, by the answer each had before.
    minds_moved = models.TextField(blank=True, default="")
    # For a steelman: how many readers of its answer find it fair, of how many
    # (`ranking.stored_columns`).
    verdicts = models.TextField(blank=True, default="")
    # The page version of the post when it last became readable (`comments.listing.new_since`).
    arrival = models.PositiveBigIntegerField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()
    textless = TextlessManager()

    class Meta:
        # Relations are followed without texts: `comment.parent` is no right to the text there.
        base_manager_name = "textless"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "path"], name="comment_path_unique"),
            models.UniqueConstraint(fields=["author", "form_key"], name="comment_form_key_unique"),
            models.CheckConstraint(
                name="comment_depth_in_range", condition=Q(depth__gte=0, depth__lte=MAX_DEPTH)
            ),
            models.CheckConstraint(
                name="comment_root_has_no_parent",
                condition=Q(parent__isnull=True, depth=0) | Q(parent__isnull=False, depth__gt=0),
            ),
            models.CheckConstraint(
                name="comment_root_is_its_thread",
                condition=Q(depth=0, thread=F("id")) | (Q(depth__gt=0) & ~Q(thread=F("id"))),
            ),
            models.CheckConstraint(
                name="comment_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
            ),
            models.CheckConstraint(
                name="comment_state_known",
                condition=Q(state__in=[value for value, _label in CommentState.choices]),
            ),
            models.CheckConstraint(
                name="comment_published_has_time",
                condition=~Q(state=CommentState.PUBLISHED) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="comment_removed_has_reason",
                condition=~Q(state=CommentState.REMOVED) | ~Q(removed_reason=""),
            ),
            models.CheckConstraint(
                name="comment_note_has_no_stance",
                condition=~Q(kind__in=[CommentKind.NOTE, CommentKind.IMPORTED])
                | Q(stance__isnull=True),
            ),
            models.CheckConstraint(
                name="comment_steelman_argues_for",
                condition=Q(
                    kind=CommentKind.STEELMAN, argues_for__isnull=False, stance__isnull=False
                )
                | (~Q(kind=CommentKind.STEELMAN) & Q(argues_for__isnull=True)),
            ),
            models.CheckConstraint(
                name="comment_argues_for_another",
                condition=Q(argues_for__isnull=True) | ~Q(argues_for=F("stance")),
            ),
            models.CheckConstraint(
                name="comment_stance_knows_wording",
                condition=Q(stance__isnull=True) | Q(question_version__isnull=False),
            ),
            models.CheckConstraint(
                name="comment_lock_is_on_root", condition=Q(locked_at__isnull=True) | Q(depth=0)
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["post", "thread_published_at", "thread", "path"],
                condition=Q(is_shown=True, depth__lte=limits.INDENT_WIDE),
                name="comment_threads_oldest",
            ),
            models.Index(
                fields=["post", "-thread_published_at", "-thread", "path"],
                condition=Q(is_shown=True, depth__lte=limits.INDENT_WIDE),
                name="comment_threads_newest",
            ),
            models.Index(
                fields=["post", "stance", "published_at", "id"],
                condition=Q(state=CommentState.PUBLISHED, deleted_at__isnull=True),
                name="comment_by_stance",
            ),
            models.Index(
                fields=["post", "-thread_size", "id"],
                condition=Q(is_shown=True, parent__isnull=True),
                name="comment_threads_replied",
            ),
            models.Index(
                fields=["post", "stance", "-reply_count", "id"],
                condition=Q(state=CommentState.PUBLISHED, deleted_at__isnull=True),
                name="comment_stance_replied",
            ),
            models.Index(
                fields=["post", "arrival", "id"],
                condition=Q(state=CommentState.PUBLISHED, deleted_at__isnull=True),
                name="comment_arrivals",
            ),
            models.Index(
                fields=["thread", "path"], condition=Q(is_shown=True), name="comment_branch"
            ),
            models.Index(fields=["author", "-created_at"], name="comment_by_author"),
            models.Index(
                fields=["argues_for"],
                condition=Q(argues_for__isnull=False),
                name="comment_steelmen",
            ),
            models.Index(
                fields=["created_at", "id"],
                condition=Q(state=CommentState.HELD, deleted_at__isnull=True),
                name="comment_held",
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the permalink."""
        return reverse("comments:permalink", args=[self.pk])

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Any] | None = None,
    ) -> None:
        """Read the row again, with its text if it was read with it."""
        if from_queryset is None:
            manager = type(self).objects.db_manager(using, hints={"instance": self})
            from_queryset = manager.all()
        super().refresh_from_db(using, fields, from_queryset)

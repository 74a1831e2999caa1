"""A post, its authors, and the revisions of its text."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.caching.reverse import cached_reverse
from core.db.prepared import PreparedUpdate

from ..querysets import PostQuerySet
from ..slugs import SLUG_LENGTH

if TYPE_CHECKING:
    from accounts.models import User

    from .question import Question
    from .series import Part

# Adults read English prose silently at 238 words a minute (Brysbaert 2019, over 190 studies).
WORDS_PER_MINUTE = 238


class PostState(models.TextChoices):
    """Where a post is on its way to readers; it follows from the time alone."""

    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")


class Post(models.Model):
    """An article. Its words lie in revisions; readers see the live one."""

    class Direction(models.TextChoices):
        """Which way the post's script runs."""

        LTR = "ltr", _("left to right")
        RTL = "rtl", _("right to left")

    slug = models.SlugField(_("address"), max_length=SLUG_LENGTH, unique=True)
    authors: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="posts.Authorship", related_name="posts"
    )
    language = models.CharField(_("language"), max_length=16, default="en")
    direction = models.CharField(
        _("direction"), max_length=3, choices=Direction.choices, default=Direction.LTR
    )
    # Null is a draft, a moment to come is scheduled, a moment gone by is published.
    published_at = models.DateTimeField(_("publication time"), null=True, blank=True)
    live_revision = models.ForeignKey(
        "posts.Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    newest_revision = models.ForeignKey(
        "posts.Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    # One per form that was filled in: sending it again finds what it made.
    form_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    # Kept by `comments` through the method below; `check_integrity` recounts it.
    comment_count = models.PositiveIntegerField(default=0)
    # The first threads in the order readers come to, as `comments` notes them; empty for arrival.
    front = models.TextField(blank=True, default="", editable=False)
    # How its authors sum the discussion up, as `comments` notes it; empty until they do.
    closing = models.TextField(blank=True, default="", editable=False)
    # Moves with every write that the discussion on the page shows (`posts.pages.page_versions`).
    page_version = models.PositiveBigIntegerField(default=0)
    # The parts that asked its question before, where the page is drawn (`posts.carried_questions`).
    asked_before: "tuple[Part, ...]" = ()

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-published_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["-published_at", "-id"], name="post_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="post_published_has_text",
                condition=Q(published_at__isnull=True) | Q(live_revision__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Return the address of the post's page."""
        return cached_reverse("posts:detail", self.slug)

    @property
    def shown_revision(self) -> "Revision | None":
        """The live revision, else the newest one."""
        return self.live_revision or self.newest_revision

    @property
    def title(self) -> str:
        """The title readers see, else the draft's."""
        return self.shown_revision.title if self.shown_revision else ""

    @property
    def standfirst(self) -> str:
        """The standfirst readers see, else the draft's."""
        return self.shown_revision.standfirst if self.shown_revision else ""

    @property
    def byline(self) -> "list[User]":
        """The authors, in the order of the byline."""
        return [authorship.user for authorship in self.authorships.all()]

    @property
    def question_or_none(self) -> "Question | None":
        """The question it asks, None where it asks none; no query where it was loaded."""
        return getattr(self, "question", None)

    @property
    def author_ids(self) -> frozenset[int]:
        """The accounts of those who wrote it."""
        return frozenset(authorship.user_id for authorship in self.authorships.all())

    def state(self, now: datetime | None = None) -> PostState:
        """Return where the post is at `now`."""
        if self.published_at is None:
            return PostState.DRAFT
        return PostState.PUBLISHED if self.is_published(now) else PostState.SCHEDULED

    def is_published(self, now: datetime | None = None) -> bool:
        """Return whether readers may see the post at `now`."""
        return self.published_at is not None and self.published_at <= (now or timezone.now())

    @property
    def has_unpublished_changes(self) -> bool:
        """Whether there is a newer text than the one readers see."""
        return self.live_revision_id != self.newest_revision_id

    def lock(self) -> None:
        """Lock the row until the transaction ends, as `bump_page_version` does."""
        Post.objects.select_for_update(no_key=True).only("pk").get(pk=self.pk)

    def bump_page_version(self, *, comments: int = 0) -> None:
        """Say that the discussion changed, by so many published `comments` more.

        To be called last in a transaction: until that ends, other writers of the post wait.
        """
        _MOVE.run(pk=self.pk, comments=comments)

    def set_front_page(self, threads: str) -> None:
        """Note which threads come first, in words of `comments`, and that the page changed."""
        Post.objects.filter(pk=self.pk).update(front=threads, page_version=F("page_version") + 1)

    def put_closing(self, closing: str) -> None:
        """Note how the discussion is summed up, in words of `comments`, and that the page changed.

        To be called last in a transaction, as `bump_page_version` is.
        """
        Post.objects.filter(pk=self.pk).update(closing=closing, page_version=F("page_version") + 1)


_MOVE = PreparedUpdate(
    lambda pk, comments: (
        Post.objects.filter(pk=pk),
        {"page_version": F("page_version") + 1, "comment_count": F("comment_count") + comments},
    ),
    pk=int,
    comments=int,
)


class Authorship(models.Model):
    """One of the authors of a post, in the order of the byline."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="authorships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="authorships"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "user"], name="authorship_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.post_id}"


class Revision(models.Model):
    """One state of a post's words. Revisions are added, never changed."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    standfirst = models.CharField(_("standfirst"), max_length=300, blank=True)
    body = models.TextField(_("text"))
    body_html = models.TextField(editable=False)
    markup_version = models.PositiveSmallIntegerField(editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "number"], name="revision_number_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} r{self.number}"

    @property
    def reading_minutes(self) -> int:
        """How many minutes it takes to read, at least one."""
        return max(1, round(len(self.body.split()) / WORDS_PER_MINUTE))

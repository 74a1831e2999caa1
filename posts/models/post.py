"""Store posts, their authors and the revisions of their text."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.caching.reverse import cached_reverse
from core.db.prepared import Prepared, PreparedUpdate

from ..querysets import PostQuerySet
from ..slugs import SLUG_LENGTH
from ..text.reading_time import reading_minutes

if TYPE_CHECKING:
    from accounts.models import User

    from .question import Question
    from .series import Part


class PostState(models.TextChoices):
    """Name the states of a post, which follow from its publication time alone."""

    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")


class Post(models.Model):
    """Store an article. Its text is in revisions; readers see the live one."""

    class Direction(models.TextChoices):
        """Name the directions of writing."""

        LTR = "ltr", _("left to right")
        RTL = "rtl", _("right to left")

        @classmethod
        def of(cls, language: str) -> "Post.Direction":
            """Return the direction in which `language`, a code such as "ar", is written."""
            info: dict[str, Any] = LANG_INFO.get(language, {})
            return cls.RTL if info.get("bidi") else cls.LTR

    class MailedAs(models.TextChoices):
        """Name what followers are e-mailed of an article."""

        BEGINNING = "beginning", _("Its beginning, with a link to read on")
        WHOLE = "whole", _("The whole article")
        NONE = "none", _("No e-mail: they find it on the site")

    slug = models.SlugField(_("address"), max_length=SLUG_LENGTH, unique=True, allow_unicode=True)
    authors: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="posts.Authorship", related_name="posts"
    )
    language = models.CharField(_("language"), max_length=16, default="en")
    direction = models.CharField(
        _("direction"), max_length=3, choices=Direction.choices, default=Direction.LTR
    )
    # Null: draft. In the future: scheduled. In the past: published.
    published_at = models.DateTimeField(_("publication time"), null=True, blank=True)
    # When readers could first see it, of a post that was taken back since: it comes out again with
    # this time. Set with it, by triggers too (`posts.db_triggers`), and never changed.
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    mailed_as = models.CharField(
        _("E-mail to followers"),
        max_length=9,
        choices=MailedAs.choices,
        default=MailedAs.BEGINNING,
        db_default=MailedAs.BEGINNING,
    )
    live_revision = models.ForeignKey(
        "posts.Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    newest_revision = models.ForeignKey(
        "posts.Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    # Unique per form sent, so that sending a form again finds the post it made.
    form_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    # When it was thrown away: it is in the bin then, and nowhere else (`posts.actions.bin`).
    binned_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The part of a series that it had; it takes it again if that is still free.
    binned_from = models.ForeignKey(
        "posts.Part",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Written by `comments` through `bump_page_version`; `check_integrity` recounts it.
    comment_count = models.PositiveIntegerField(default=0)
    # The first screen of threads, encoded by `comments`; empty for the order of arrival.
    front = models.TextField(blank=True, default="", editable=False)
    # The closing summary, encoded by `comments`; empty while there is none.
    closing = models.TextField(blank=True, default="", editable=False)
    # Since when the discussion takes no comments, and why, as a code of `comments`. Written through
    # `set_closed`; `check_integrity` compares both with the log of decisions.
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_reason = models.CharField(
        max_length=32, blank=True, default="", db_default="", editable=False
    )
    # Raised by every write to the discussion that the page shows (`posts.pages.page_versions`).
    page_version = models.PositiveBigIntegerField(default=0)
    # The parts that asked its question before (`posts.carried_questions`); set to render the page.
    asked_before: "tuple[Part, ...]" = ()

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-published_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["-published_at", "-id"], name="post_newest"),
            models.Index(
                fields=["binned_at"], condition=Q(binned_at__isnull=False), name="post_in_bin"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="post_published_has_text",
                condition=Q(published_at__isnull=True) | Q(live_revision__isnull=False),
            ),
            models.CheckConstraint(
                name="post_in_bin_is_draft",
                condition=Q(binned_at__isnull=True) | Q(published_at__isnull=True),
            ),
            models.CheckConstraint(
                name="post_mailed_as_known",
                condition=Q(mailed_as__in=["beginning", "whole", "none"]),
            ),
            models.CheckConstraint(
                name="post_closed_has_reason",
                condition=Q(closed_at__isnull=True, closed_reason="")
                | Q(closed_at__isnull=False) & ~Q(closed_reason=""),
            ),
            models.CheckConstraint(
                name="post_keeps_first_time",
                condition=Q(published_at__isnull=True)
                | Q(first_published_at__isnull=True)
                | Q(published_at=F("first_published_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Return the path of the post's page."""
        return cached_reverse("posts:detail", self.slug)

    @property
    def shown_revision(self) -> "Revision | None":
        """Return the live revision, else the newest one, None for a post without revisions."""
        return self.live_revision or self.newest_revision

    @property
    def title(self) -> str:
        """Return the title of the shown revision, or an empty string."""
        return self.shown_revision.title if self.shown_revision else ""

    @property
    def standfirst(self) -> str:
        """Return the standfirst of the shown revision, or an empty string."""
        return self.shown_revision.standfirst if self.shown_revision else ""

    @property
    def byline(self) -> "list[User]":
        """Return the authors, in the order of the byline."""
        return [authorship.user for authorship in self.authorships.all()]

    @property
    def announced_by(self) -> "User | None":
        """The first author who is not suspended, or the first if all are; None without any."""
        authors = self.byline
        return next(
            (each for each in authors if not each.is_suspended()), next(iter(authors), None)
        )

    @property
    def question_or_none(self) -> "Question | None":
        """The question it asks, None where it asks none; no query where it was loaded."""
        return getattr(self, "question", None)

    @property
    def author_ids(self) -> frozenset[int]:
        """Return the ids of the authors' accounts; no query where the authorships were loaded."""
        loaded = getattr(self, "_prefetched_objects_cache", {}).get("authorships")
        if loaded is not None:
            return frozenset(authorship.user_id for authorship in loaded)
        return frozenset(user for (user,) in _AUTHORS.rows(post=self.pk))

    def state(self, now: datetime | None = None) -> PostState:
        """Return the state of the post at `now`."""
        if self.published_at is None:
            return PostState.DRAFT
        return PostState.PUBLISHED if self.is_published(now) else PostState.SCHEDULED

    def is_published(self, now: datetime | None = None) -> bool:
        """Return whether readers may see the post at `now`."""
        return self.published_at is not None and self.published_at <= (now or timezone.now())

    def first_publication(self, now: datetime | None = None) -> datetime | None:
        """Return when readers could first see the post, None for one that never came out."""
        return self.published_at if self.is_published(now) else self.first_published_at

    @property
    def has_unpublished_changes(self) -> bool:
        """Return whether the newest revision differs from the live one."""
        return self.live_revision_id != self.newest_revision_id

    def live_html(self) -> str:
        """Return the HTML of the text that readers see; empty before the first publication."""
        live = Revision.objects.filter(pk=self.live_revision_id or 0)
        return live.values_list("body_html", flat=True).first() or ""

    def lock(self) -> None:
        """Lock the row until the transaction ends, as `bump_page_version` does."""
        Post.objects.select_for_update(no_key=True).only("pk").get(pk=self.pk)

    def lock_if_open(self) -> bool:
        """Lock the row as `lock` does; return False, without a lock, if it is closed."""
        return bool(_OPEN.rows(pk=self.pk))

    def bump_page_version(self, *, comments: int = 0) -> None:
        """Raise the page version, and add `comments` to the number of published comments.

        Call it last in a transaction: it locks the row, so other writers wait until the end.
        """
        _BUMP.run(pk=self.pk, comments=comments)

    def add_comments(self, number: int) -> bool:
        """Do as `bump_page_version`; return False and change nothing if the discussion is closed.

        Closing waits for this lock and this for closing, so none gets in beside the other.
        """
        return bool(_ADD_TO_OPEN.run(pk=self.pk, comments=number))

    def set_front_page(self, threads: str, *, is_shown: bool = True) -> None:
        """Store the first screen of threads, encoded by `comments`.

        The page version is raised if public pages show it.
        """
        version = F("page_version") + int(is_shown)
        Post.objects.filter(pk=self.pk).update(front=threads, page_version=version)

    def set_closing(self, closing: str) -> None:
        """Store the closing summary, encoded by `comments`, and raise the page version.

        Call it last in a transaction, as `bump_page_version`.
        """
        Post.objects.filter(pk=self.pk).update(closing=closing, page_version=F("page_version") + 1)

    def set_closed(self, at: datetime | None, reason: str) -> None:
        """Store since when and why the discussion is closed, None and "" for an open one.

        The page version is raised. Call it last in a transaction, as `bump_page_version`.
        """
        self.closed_at, self.closed_reason = at, reason
        Post.objects.filter(pk=self.pk).update(
            closed_at=at, closed_reason=reason, page_version=F("page_version") + 1
        )


def _counted(posts: PostQuerySet, comments: Any) -> tuple[PostQuerySet, dict[str, Any]]:
    """Return the update that raises the page version of `posts` and adds `comments`."""
    changes = {
        "page_version": F("page_version") + 1,
        "comment_count": F("comment_count") + comments,
    }
    return posts, changes


_BUMP = PreparedUpdate(
    lambda pk, comments: _counted(Post.objects.filter(pk=pk), comments), pk=int, comments=int
)
_ADD_TO_OPEN = PreparedUpdate(
    lambda pk, comments: _counted(Post.objects.filter(pk=pk, closed_at__isnull=True), comments),
    pk=int,
    comments=int,
)
_OPEN = Prepared(
    lambda pk: (
        Post.objects.select_for_update(no_key=True)
        .filter(pk=pk, closed_at__isnull=True)
        .order_by()
        .values_list("pk")
    ),
    pk=int,
)


class Authorship(models.Model):
    """Store one author of a post, at a position in the byline."""

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


# Asked at each write under a post.
_AUTHORS = Prepared(
    lambda post: Authorship.objects.filter(post=post).order_by().values_list("user_id"), post=int
)


class Revision(models.Model):
    """Store one version of a post's text. Revisions are added, never changed."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    standfirst = models.CharField(_("standfirst"), max_length=300, blank=True)
    body = models.TextField(_("text"))
    body_html = models.TextField(editable=False)
    markup_version = models.PositiveSmallIntegerField(editable=False)
    # How long the text takes to read, worked out when it is saved; None for texts from before.
    minutes = models.PositiveIntegerField(null=True, editable=False)
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the revision with its reading time."""
        if self._state.adding:
            self.minutes = reading_minutes(self.body)
        super().save(*args, **kwargs)

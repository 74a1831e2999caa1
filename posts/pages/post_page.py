"""Render the page of a post; everything except its discussion is rendered once and cached.

Cached are the post as it was loaded and the page as a holed template, for one site edition and
until `page_versions.next_change`.
"""

from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import limits
from core.caching.lru import Memory
from core.db.prepared import Prepared
from core.markdown.html import plain
from core.templatetags.core_tags import MARK_SHAPE, known_shape
from core.templating.holes import HoledTemplate
from notifications.following import buttons, known
from publication import current

from .. import carried_questions
from ..actions.announcements import due_of
from ..models import Post, Question
from ..querysets import PostQuerySet
from . import loading, page_versions
from .promise_notes import prose_of
from .series_position import series_position_of

# Characters of a description that search engines show.
DESCRIPTION_LENGTH = 160
# Bytes in each process: some forty articles of usual length.
HOLED_PAGES_SIZE = 4 * 1024 * 1024


class ViewerChrome(NamedTuple):
    """Decide which links the page shows around an article: to sign in, or to one's own pages.

    Takes the place of the user in templates, so that a cached page depends on nothing else of them.
    """

    public: bool = True
    is_authenticated: bool = False
    is_author: bool = False
    is_moderator: bool = False
    is_admin: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> "ViewerChrome":
        """Return the chrome for the user of `request`."""
        user = request.user
        if not user.is_authenticated:
            return cls(public=request.public)  # type: ignore[attr-defined]
        return cls(False, True, user.is_author, user.is_moderator, user.is_admin)


@dataclass(frozen=True)
class HoledPage:
    """Hold a post with everything its page shows, and the page as a holed template.

    Requests share it, so nothing may change `post`; `post_with` returns a copy. It is valid until
    `until`, in seconds since 1970.
    """

    post: Post
    template: HoledTemplate
    until: float

    def post_with(self, row: "PostPageRow") -> Post:
        """Return a copy of the post with the live columns of `row`."""
        post = copy(self.post)
        post.comment_count, post.page_version = row.comment_count, row.page_version
        post.front, post.closing = row.front, row.closing
        return post

    @property
    def size(self) -> int:
        """Return the approximate size in memory, in bytes."""
        shown = self.post.shown_revision
        return self.template.size + (2 * len(shown.body_html) if shown else 0)


holed_pages: Memory[HoledPage] = Memory(HOLED_PAGES_SIZE)


class PostPageRow(NamedTuple):
    """Hold the columns of a post that are queried at every request, edition and site profile."""

    pk: int
    comment_count: int
    page_version: int
    front: str
    closing: str
    edition: int
    profile: int | None
    # What the person asking follows, as `notifications.following.known` reads it.
    followed: str | None = None
    is_published: bool = True


_COLUMNS = ("pk", "comment_count", "page_version", "front", "closing", "edition", "profile")


def render_post_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the page of the post with `slug`; 404 for one that the user may not read."""
    now = timezone.now()
    row = _row(request.user, slug, now)
    current.saw(row.profile)
    buttons.know(request, known.read(row.followed))
    page = _holed_page(row, ViewerChrome.of(request), now)
    post = page.post_with(row)
    page_versions.allow_caching(request, row.edition, [post], until=page.until)
    edit_url = _edit_url(request.user, post)
    mail_due = due_of(post) if edit_url and _is_fresh(post, now) else None
    live = {"post": post, "edit_url": edit_url, "mail_due": mail_due}
    response = HttpResponse(page.template.fill(request, live))
    if not post.is_published(now):
        response["X-Robots-Tag"] = "noindex"
    return response


def _row(user: Any, slug: str, now: datetime) -> PostPageRow:
    """Return the row of the post with `slug`; 404 for one that `user` may not read."""
    found = (
        _PUBLISHED_FOR.rows(slug=slug, now=now, reader=user.pk)
        if user.is_authenticated
        else _PUBLISHED.rows(slug=slug, now=now)
    )
    if found:
        return PostPageRow(*found[0])
    drafts = _columns(Post.objects.visible_to(user, now), slug) if user.is_authenticated else None
    unpublished = drafts.first() if drafts is not None else None
    if unpublished is None:
        raise Http404(_("There is no such article."))
    return PostPageRow(*unpublished)._replace(is_published=False)


def _edit_url(user: Any, post: Post) -> str | None:
    """Return the address to edit `post`, None for those who may not: `Post.objects.editable_by`."""
    may = user.is_authenticated and (
        user.is_admin or (user.is_author and user.pk in post.author_ids)
    )
    return reverse("posts:studio-post", args=[post.pk]) if may else None


def _is_fresh(post: Post, now: datetime) -> bool:
    """Return whether the e-mail of `post` may still be to come; of an older one no page asks."""
    since = now - timedelta(seconds=limits.TELL_AFTER)
    return post.published_at is not None and post.published_at > since


def _columns(posts: PostQuerySet, slug: str, **more: Any) -> Any:
    edition = Subquery(page_versions.edition_query())
    rows = posts.filter(slug=slug).order_by()
    rows = rows.annotate(edition=edition, profile=page_versions.newest_profile(), **more)
    return rows.values_list(*_COLUMNS, *more)


_PUBLISHED = Prepared(
    lambda slug, now: _columns(Post.objects.published(now), slug), slug=str, now=datetime
)
_PUBLISHED_FOR = Prepared(
    lambda slug, now, reader: _columns(
        Post.objects.published(now), slug, followed=known.column(reader)
    ),
    slug=str,
    now=datetime,
    reader=int,
)


def _holed_page(row: PostPageRow, viewer: ViewerChrome, now: datetime) -> HoledPage:
    """Return the holed page of the post, cached while valid; drafts are rendered each time."""
    if not row.is_published:
        return _build(row, viewer, now)
    key = row.pk, row.edition, viewer, get_language()
    page = holed_pages.get(key)
    if page is None or now.timestamp() >= page.until:
        page = _build(row, viewer, now)
        holed_pages.put(key, page)
    return page


def _build(row: PostPageRow, viewer: ViewerChrome, now: datetime) -> HoledPage:
    until = page_versions.next_change(now)
    post = get_object_or_404(loading.with_page(Post.objects.all(), now), pk=row.pk)
    post.asked_before = carried_questions.asked_before(post, now)
    template = HoledTemplate("posts/post_detail.html", _context(post, viewer, now))
    return HoledPage(post, template, until)


def _context(post: Post, viewer: ViewerChrome, now: datetime) -> dict[str, Any]:
    promises = loading.promises_about(post)
    question = post.question_or_none
    path = post.get_absolute_url()
    return {
        "post": post,
        "prose": prose_of(post, promises, now),
        "series_position": series_position_of(post, promises, now),
        "question": question if question and question.version else None,
        "description": description_of(post),
        "is_published": post.is_published(now),
        "user": viewer,
        "public": viewer.public,
        "shapes": _shapes(question) if viewer.public else None,
        "request": {"path": path},
        "site_url": settings.SITE_URL,
        "canonical_url": f"{settings.SITE_URL}{path}",
    }


def _shapes(question: Question | None) -> set[str]:
    """Return the shapes that the public page may show: those of all answers, and the mark's.

    Somebody signed in may see the answer they gave to an earlier wording, of any shape.
    """
    stances = question.stances.all() if question else ()
    return {MARK_SHAPE, *(known_shape(stance.shape) for stance in stances)}


def description_of(post: Post) -> str:
    """Return the description of `post` for search engines and link previews, as plain text."""
    if post.standfirst or post.shown_revision is None:
        return post.standfirst
    return plain(post.shown_revision.body_html, DESCRIPTION_LENGTH)

"""The page of a post: everything but its discussion is drawn once and kept while it holds.

What is kept is a frame: the post as it was loaded, and the page drawn around its live parts. It
holds for one edition, until the next post comes out or a sealed answer opens.
"""

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.caching.lru import Memory
from core.db.prepared import Prepared
from core.markdown.html import plain
from core.templating.holes import HoledTemplate

from .. import carried_questions
from ..models import Post
from ..querysets import PostQuerySet
from . import loading, page_versions
from .promise_notes import prose_of
from .series_position import place_of

# As much as search engines show of a description.
DESCRIPTION_LENGTH = 160
# Bytes in each process: some forty articles of usual length.
FRAMES_SIZE = 4 * 1024 * 1024


class ViewerChrome(NamedTuple):
    """What of a person shows around an article: the way in, or the way to their desks."""

    public: bool = True
    is_authenticated: bool = False
    is_author: bool = False
    is_moderator: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> "ViewerChrome":
        """Return the face of the page for `request`."""
        user = request.user
        if not user.is_authenticated:
            return cls(public=request.public)  # type: ignore[attr-defined]
        return cls(False, True, user.is_author, user.is_moderator)


@dataclass(frozen=True)
class Frame:
    """A post with all that its page says of it, and that page around its live parts.

    It is shared by all requests; only `post_as` may be changed.
    """

    post: Post
    shell: HoledTemplate
    until: float

    def post_as(self, row: "PostPageRow") -> Post:
        """Return the post with the figures of `row`."""
        post = copy(self.post)
        post.comment_count, post.page_version = row.comment_count, row.page_version
        post.front, post.closing = row.front, row.closing
        return post

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        live = self.post.shown_revision
        return self.shell.size + (2 * len(live.body_html) if live else 0)


frames: Memory[Frame] = Memory(FRAMES_SIZE)


class PostPageRow(NamedTuple):
    """What is asked of a post at every request."""

    pk: int
    comment_count: int
    page_version: int
    front: str
    closing: str
    edition: int
    is_out: bool = True


_COLUMNS = ("pk", "comment_count", "page_version", "front", "closing", "edition")


def render_post_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the page of a post; 404 for one that the person may not read."""
    now = timezone.now()
    row = _row(request.user, slug, now)
    frame = _frame(row, ViewerChrome.of(request), now)
    post = frame.post_as(row)
    page_versions.keep(request, row.edition, [post], until=frame.until)
    response = HttpResponse(frame.shell.fill(request, {"post": post}))
    if not post.is_published(now):
        response["X-Robots-Tag"] = "noindex"
    return response


def _row(user: Any, slug: str, now: datetime) -> PostPageRow:
    """Return the row of the post with `slug`; 404 for one that `user` may not read."""
    found = _PUBLISHED.rows(slug=slug, now=now)
    if found:
        return PostPageRow(*found[0])
    drafts = _columns(Post.objects.visible_to(user, now), slug) if user.is_authenticated else None
    unpublished = drafts.first() if drafts is not None else None
    if unpublished is None:
        raise Http404(_("There is no such post."))
    return PostPageRow(*unpublished)._replace(is_out=False)


def _columns(posts: PostQuerySet, slug: str) -> Any:
    rows = posts.filter(slug=slug).order_by().annotate(edition=Subquery(page_versions.numbers()))
    return rows.values_list(*_COLUMNS)


_PUBLISHED = Prepared(
    lambda slug, now: _columns(Post.objects.published(now), slug), slug=str, now=datetime
)


def _frame(row: PostPageRow, face: ViewerChrome, now: datetime) -> Frame:
    """Return the frame of the post, from memory if it holds; drafts are drawn each time."""
    if not row.is_out:
        return _build(row, face, now)
    key = row.pk, row.edition, face, get_language()
    frame = frames.get(key)
    if frame is None or now.timestamp() >= frame.until:
        frame = _build(row, face, now)
        frames.put(key, frame, frame.size)
    return frame


def _build(row: PostPageRow, face: ViewerChrome, now: datetime) -> Frame:
    until = page_versions.next_publication(now)
    post = get_object_or_404(loading.with_page(Post.objects.all(), now), pk=row.pk)
    post.asked_before = carried_questions.asked_before(post, now)
    return Frame(post, HoledTemplate("posts/post_detail.html", _context(post, face, now)), until)


def _context(post: Post, face: ViewerChrome, now: datetime) -> dict[str, Any]:
    promises = loading.promises_about(post)
    question = post.question_or_none
    path = post.get_absolute_url()
    return {
        "post": post,
        "prose": prose_of(post, promises, now),
        "place": place_of(post, promises, now),
        "question": question if question and question.version else None,
        "description": description_of(post),
        "is_out": post.is_published(now),
        "user": face,
        "public": face.public,
        "request": {"path": path},
        "site_url": settings.SITE_URL,
        "canonical_url": f"{settings.SITE_URL}{path}",
    }


def description_of(post: Post) -> str:
    """Return what a search engine or a link elsewhere may say of `post`."""
    if post.standfirst or post.shown_revision is None:
        return post.standfirst
    return plain(post.shown_revision.body_html, DESCRIPTION_LENGTH)

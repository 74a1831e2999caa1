"""Load notifications about publications: of the site, an author, a series, or of a promise kept."""

from collections.abc import Mapping, Sequence

from django.db.models import Prefetch
from django.utils.text import Truncator

from accounts.models import User
from notifications.kinds import Content, loads
from notifications.models import Notification
from posts.followed import SENTENCE
from posts.models import Authorship, Part, Post, Promise
from posts.notifications import AUTHOR_PUBLISHED, NEXT_PART, PROMISE_KEPT, SITE_PUBLISHED

from ..posts import place_of


@loads(NEXT_PART, AUTHOR_PUBLISHED, PROMISE_KEPT, SITE_PUBLISHED)
def publications(person: User, rows: Sequence[Notification]) -> Mapping[int, Content]:
    """Return the posts that are published still, with the promises that are still made."""
    posts = _posts([row.target_id for row in rows if row.target_id])
    kept = [row.subject_id for row in rows if row.kind == PROMISE_KEPT.name]
    made = Promise.objects.filter(pk__in=kept, post__in=Post.objects.published())
    promises = {each.pk: each.note or each.exact for each in made}
    return {
        row.pk: _content(post, promises.get(row.subject_id, ""))
        for row in rows
        if (post := posts.get(row.target_id or 0))
        and (row.kind != PROMISE_KEPT.name or row.subject_id in promises)
    }


def _posts(ids: Sequence[int]) -> Mapping[int, Post]:
    authors = Prefetch("authorships", Authorship.objects.select_related("user"))
    part = Prefetch("part", Part.objects.select_related("series"))
    found = Post.objects.published().filter(pk__in=ids).select_related("live_revision")
    found = found.defer("live_revision__body", "live_revision__body_html")
    return {post.pk: post for post in found.prefetch_related(authors, part)}


def _content(post: Post, promise: str) -> Content:
    part = getattr(post, "part", None)
    return Content(
        url=post.get_absolute_url(),
        place=place_of(post),
        quote=post.standfirst,
        person=post.announced_by,
        facts={
            "title": post.title,
            "authors": {writer.pk: writer.display_name for writer in post.byline},
            "series": part.series.title if part else "",
            "series_by_id": {part.series_id: part.series.title} if part else {},
            "promise": Truncator(promise).chars(SENTENCE),
        },
    )

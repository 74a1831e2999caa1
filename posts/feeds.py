"""Serve the Atom feed of posts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.http import require_safe

from publication import current

from .models import Post
from .pages import loading

# Posts. Feed readers fetch often and store the entries they have seen.
FEED_LENGTH = 20


class PostFeed(Atom1Feed):
    """Write Atom with elements that Django omits: full text, all authors, language of an entry."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write the elements of one entry to `handler`, Django's elements first."""
        super().add_item_elements(handler, item)
        for name, url in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.addQuickElement("uri", url)
            handler.endElement("author")
        handler.addQuickElement(
            "content",
            item["content"],
            {"type": "html", "xml:lang": item["language"], "xml:base": item["link"]},
        )


@require_safe
def post_feed(request: HttpRequest) -> HttpResponse:
    """Return the newest `FEED_LENGTH` posts with their full text as an Atom feed."""
    published = loading.with_text(Post.objects.published()).order_by("-published_at", "-id")
    feed = feed_of(published[:FEED_LENGTH])
    return HttpResponse(feed.writeString("utf-8"), content_type=PostFeed.content_type)


def feed_of(posts: Iterable[Post]) -> PostFeed:
    """Return the feed of `posts`, all of them published."""
    site = current.current()
    feed = PostFeed(
        title=site.name,
        link=absolute(reverse("posts:home")),
        feed_url=absolute(reverse("posts:feed")),
        feed_guid=tag(datetime(2026, 11, 1), "posts"),  # noqa: DTZ001
        description=site.description,
        subtitle=site.tagline or site.description,
        language=site.language,
    )
    for post in posts:
        _add_entry(feed, post)
    return feed


def _add_entry(feed: PostFeed, post: Post) -> None:
    revision = post.live_revision
    if revision is None or post.published_at is None:
        return
    feed.add_item(
        title=revision.title,
        link=absolute(post.get_absolute_url()),
        # Django writes the summary as HTML, and a standfirst is plain text; None omits the element.
        description=escape(revision.standfirst) or None,  # type: ignore[arg-type]
        content=revision.body_html,
        authors=[
            (writer.display_name, absolute(writer.get_absolute_url())) for writer in post.byline
        ],
        unique_id=tag(post.created_at, f"post-{post.pk}"),
        pubdate=post.published_at,
        updateddate=max(post.published_at, revision.created_at),
        language=post.language,
    )


def tag(since: datetime, name: str) -> str:
    """Return the tag: URI (RFC 4151) of `name`, which stays the same when an address changes."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{since:%Y-%m-%d}:{name}"


def absolute(path: str) -> str:
    """Return the absolute URL of `path` on this site."""
    return f"{settings.SITE_URL}{path}"

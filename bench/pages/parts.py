"""Time the parts of a page one by one, in process: `make bench-parts`."""

from random import Random
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.listing.cursors import TreeCursor
from comments.models import Comment
from comments.seeding.generator import GeneratedDiscussion
from comments.seeding.text import rendered
from comments.tree.nesting import nest
from core import limits
from core.markdown.html import Profile
from core.markdown.pipeline import Pipeline
from core.markdown.sanitizers import sanitizers
from posts.models import Post
from tests import factories

COMMENTS, PAGE = 200, 50  # of the discussion, and of one page


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    """Return realistic texts, each with its HTML."""
    return rendered(Random(1))[:PAGE]


@pytest.fixture
def post(db: None) -> Post:
    """Return a post with a discussion of more than a page."""
    author = factories.make_user("author")
    post = factories.make_post(author)
    factories.make_question(post)
    assert sum(GeneratedDiscussion(post, COMMENTS, 1, timezone.now()).write()) == COMMENTS
    return post


def test_render_fifty_comments(benchmark: Any, texts: list[tuple[str, str]]) -> None:
    pipeline = Pipeline(Profile.COMMENT)
    assert len(benchmark(lambda: [pipeline.html(text) for text, _html in texts])) == PAGE


@pytest.mark.parametrize("number", [0, 1], ids=["bleach", "nh3"])
def test_sanitize_fifty_comments(benchmark: Any, texts: list[tuple[str, str]], number: int) -> None:
    clean = sanitizers(Profile.COMMENT)[number]
    assert len(benchmark(lambda: [clean(html) for _text, html in texts])) == PAGE


def test_nest_fifty_comments(benchmark: Any, post: Post) -> None:
    rows = list(Comment.objects.filter(post=post).order_by("thread_id", "path")[:PAGE])
    assert benchmark(lambda: nest(rows, max_indent=limits.INDENT_WIDE))


def test_read_a_cursor(benchmark: Any, post: Post) -> None:
    comment = Comment.objects.filter(post=post).latest("path")
    assert comment.thread_published_at
    text = str(TreeCursor(comment.thread_published_at, comment.thread_id, comment.path))
    assert str(benchmark(lambda: TreeCursor.parse(text))) == text


def test_build_a_page(benchmark: Any, post: Post) -> None:
    """Request another address each time, so that no cached page can be the response.

    Django's test client copies the context of every template, which takes longer than the page.
    """
    site = get_wsgi_application()
    comment = Comment.objects.filter(post=post, depth=0).earliest("pk")
    assert comment.thread_published_at
    start = iter(range(1, 10_000_000))

    def build() -> bytes:
        micros = next(start)
        path = f"{post.get_absolute_url()}?after=t{micros}-0-0000000"
        response = site.get_response(RequestFactory().get(path))
        assert isinstance(response, HttpResponse)
        return response.content

    with CaptureQueriesContext(connection) as queries:
        build()
    assert len(queries), "the page came from somewhere else"
    assert b"data-comment-id" in benchmark(build)

"""Answer with the figures of a discussion as an archive for researchers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core.caching import pages
from posts.pages import page_versions

from ..access import get_asking_post
from ..dataset.archive import packed
from ..dataset.tables import Dataset
from ..rendering.context import shows_totals
from ..rendering.totals import hidden_note


@require_safe
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the archive; while totals are hidden from anybody, 404 says from when on."""
    edition = page_versions.edition_for(request)
    post = get_asking_post(request.user, slug)
    if not shows_totals(post, None):
        context = {"post": post, "note": hidden_note(post)}
        return render(request, "comments/stances_hidden.html", context, status=404)
    if post.is_published():
        page_versions.allow_caching(request, edition, [post])
    dataset = Dataset.of(post, timezone.now())
    if dataset.next_tally:
        pages.end(request, dataset.next_tally.timestamp())
    response = HttpResponse(packed(post.slug, dataset.files), content_type="application/zip")
    response.headers["Content-Disposition"] = content_disposition_header(
        True, f"{post.slug}-data.zip"
    )
    return response

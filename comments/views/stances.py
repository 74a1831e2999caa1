"""Show the answers to the question of a post and how they moved: page, JSON, CSV."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core.caching import pages
from posts import carried_questions
from posts.models import Post
from posts.pages import page_versions

from ..access import get_asking_post
from ..actions.stances import stance_of
from ..analytics import charts
from ..analytics.page import StancePage
from ..rendering.context import shows_totals
from ..rendering.totals import hidden_note

# The first characters of what a spreadsheet evaluates as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def stances(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the totals, the flow between answers, and the best case for each answer."""
    edition = page_versions.edition_for(request)
    post = get_asking_post(request.user, slug)
    if post.is_published():
        page_versions.allow_caching(request, edition, [post])
    context: dict[str, Any] = {
        "post": post,
        "asked_before": carried_questions.asked_before(post)[:1],
    }
    if not _may_see(request, post):
        context["note"] = hidden_note(post)
        return render(request, "comments/stances_hidden.html", context)
    page = context["page"] = StancePage.of(post)
    if page.next_tally:
        pages.end(request, page.next_tally.timestamp())
    context["sizes"] = {name: getattr(charts, name) for name in dir(charts) if name.isupper()}
    return render(request, "comments/stances.html", context)


@require_safe
def as_json(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the figures of the stance page."""
    return JsonResponse(
        _data(request, get_asking_post(request.user, slug)),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )


@require_safe
def as_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the figures of the stance page as one table."""
    post = get_asking_post(request.user, slug)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{post.slug}.csv")
    writer = csv.writer(response)
    writer.writerow(["figure", "when", "from", "to", "readers"])
    data = _data(request, post)
    if "answers" in data:
        writer.writerow(["answers", "", "", "", data["answers"]])
    for row in data.get("stances", ()):
        writer.writerow(["answers", "", "", _plain(row["key"]), row["answers"]])
    for row in data.get("moves", ()):
        readers = "hidden" if row["readers"] is None else row["readers"]
        writer.writerow(["moves", "", _plain(row["from"]), _plain(row["to"]), readers])
    for key, count in {row["from"]: row["of"] for row in data.get("marks", ())}.items():
        writer.writerow(["readers who marked comments", "", _plain(key), "", count])
    for row in data.get("marks", ()):
        writer.writerow(["marks", "", _plain(row["from"]), _plain(row["for"]), row["readers"]])
    for row in data.get("weeks", ()):
        until = row.pop("until")
        for key, count in row.items():
            writer.writerow(["answers", until, "", _plain(key), count])
    return response


def _plain(text: Any) -> str:
    """Return `text` in a form that no spreadsheet evaluates."""
    return f"'{text}" if str(text).startswith(_FORMULA) else str(text)


def _data(request: HttpRequest, post: Post) -> dict[str, Any]:
    """Return the figures, or the time from which this reader may see them."""
    if not _may_see(request, post):
        return {"question": str(post.question), "hidden": hidden_note(post)}
    return StancePage.of(post).data()


def _may_see(request: HttpRequest, post: Post) -> bool:
    return shows_totals(post, stance_of(request.user, post))

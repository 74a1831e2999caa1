"""Where readers stand on the question of a post, and how their answers moved."""

import csv
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from posts import editions

from .. import charts
from ..access import get_post
from ..stance_page import StancePage

# A spreadsheet would read what begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def stances(request: HttpRequest, slug: str) -> HttpResponse:
    """Show where readers stand, how answers moved, and the best case for each answer."""
    edition = editions.begin(request)
    page = _page(request, slug)
    if page.post.is_published():
        editions.keep(request, edition, [page.post])
    sizes = {name: getattr(charts, name) for name in dir(charts) if name.isupper()}
    context = {"page": page, "post": page.post, "sizes": sizes}
    return render(request, "comments/stances.html", context)


@require_safe
def as_json(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the figures of the stance page."""
    page = _page(request, slug)
    return JsonResponse(page.data(), json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def as_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the figures of the stance page as one table."""
    page = _page(request, slug)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{page.post.slug}.csv"'
    writer = csv.writer(response)
    writer.writerow(["figure", "when", "from", "to", "readers"])
    data = page.data()
    writer.writerow(["answers", "", "", "", data["answers"]])
    for row in data["stances"]:
        writer.writerow(["answers", "", "", _plain(row["key"]), row["answers"]])
    for row in data["moves"]:
        writer.writerow(["moves", "", _plain(row["from"]), _plain(row["to"]), row["readers"]])
    for row in data["weeks"]:
        until = row.pop("until")
        for key, count in row.items():
            writer.writerow(["answers", until, "", _plain(key), count])
    return response


def _plain(text: Any) -> str:
    """Return `text` so that no spreadsheet reckons with it."""
    return f"'{text}" if str(text).startswith(_FORMULA) else str(text)


def _page(request: HttpRequest, slug: str) -> StancePage:
    post = get_post(request.user, slug)
    if not hasattr(post, "question"):
        raise Http404(_("This article asks no question."))
    return StancePage.of(post)

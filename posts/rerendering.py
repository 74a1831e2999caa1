"""Render stored HTML again from its source text after the Markdown pipeline has changed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from core.markdown.html import PIPELINE_VERSION, MarkupRefused, Profile, render

from .models import Revision, Series
from .pages import page_versions

# Rows per transaction: few enough that no writer waits long for the locks.
BATCH = 100


@dataclass(frozen=True)
class StoredHtml:
    """Name a model that stores HTML, its field of source text and its field of HTML.

    `people` returns the addresses of those whom a text mentions, where mentions are links.
    """

    model: type[models.Model]
    profile: Profile
    text: str = "body"
    html: str = "body_html"
    people: Callable[[str], Mapping[str, str]] | None = None


@dataclass(frozen=True)
class RerenderBatch:
    """Report one batch: the rows written, how many changed, and (id, reason) of each refused."""

    written: int
    changed: int
    refused: list[tuple[int, str]]


POSTS = (
    StoredHtml(Revision, Profile.POST),
    StoredHtml(Series, Profile.POST, "description", "description_html"),
)


def rerender(stored: StoredHtml, *, everything: bool = False) -> Iterator[RerenderBatch]:
    """Render the rows of `stored` that an older pipeline made, or all, and yield each batch.

    A second run resumes where the first stopped, since rendered rows have the new version. A row
    that cannot be rendered keeps its HTML. A row edited during the run is left as the edit made it.
    """
    rows = stored.model._default_manager.order_by("pk")
    if not everything:
        rows = rows.exclude(markup_version=PIPELINE_VERSION)
    last = 0
    while found := list(
        rows.filter(pk__gt=last).values_list("pk", stored.text, stored.html)[:BATCH]
    ):
        last = found[-1][0]
        batch = _rerender(stored, found)
        page_versions.bump_edition()
        yield batch


def _rerender(stored: StoredHtml, rows: list[tuple[int, str, str]]) -> RerenderBatch:
    rendered: dict[int, str] = {}
    refused = []
    for pk, text, _html in rows:
        try:
            people = stored.people(text) if stored.people else None
            rendered[pk] = render(text, stored.profile, people) if text else ""
        except MarkupRefused as refusal:
            refused.append((pk, str(refusal.message)))
    written = changed = 0
    with transaction.atomic():
        for pk, text, before in rows:
            if pk in rendered and _write(stored, pk, text, rendered[pk]):
                written += 1
                changed += rendered[pk] != before
    return RerenderBatch(written, changed, refused)


def _write(stored: StoredHtml, pk: int, text: str, html: str) -> bool:
    """Store `html` if the row still has `text`; return whether it had."""
    changes: dict[str, Any] = {stored.html: html, "markup_version": PIPELINE_VERSION}
    unchanged = stored.model._default_manager.filter(pk=pk, **{stored.text: text})
    return unchanged.update(**changes) == 1

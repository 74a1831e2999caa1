"""Render stored HTML again from its source text after the Markdown pipeline has changed."""

from collections.abc import Iterator
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
    """Name a model that stores HTML, its field of source text and its field of HTML."""

    model: type[models.Model]
    profile: Profile
    text: str = "body"
    html: str = "body_html"


@dataclass(frozen=True)
class RerenderBatch:
    """Report one batch: the number of rows written, and (id, reason) for each row refused."""

    written: int
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
    while found := list(rows.filter(pk__gt=last).values_list("pk", stored.text)[:BATCH]):
        last = found[-1][0]
        batch = _rerender(stored, found)
        page_versions.bump_edition()
        yield batch


def _rerender(stored: StoredHtml, rows: list[tuple[int, str]]) -> RerenderBatch:
    rendered: dict[int, str] = {}
    refused = []
    for pk, text in rows:
        try:
            rendered[pk] = render(text, stored.profile) if text else ""
        except MarkupRefused as refusal:
            refused.append((pk, str(refusal.message)))
    texts = dict(rows)
    with transaction.atomic():
        written = sum(_write(stored, pk, texts[pk], html) for pk, html in rendered.items())
    return RerenderBatch(written, refused)


def _write(stored: StoredHtml, pk: int, text: str, html: str) -> int:
    """Store `html` if the row still has `text`; return the number of rows written, 0 or 1."""
    changes: dict[str, Any] = {stored.html: html, "markup_version": PIPELINE_VERSION}
    unchanged = stored.model._default_manager.filter(pk=pk, **{stored.text: text})
    return unchanged.update(**changes)

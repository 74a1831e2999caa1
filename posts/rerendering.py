"""Making stored HTML anew from its text, after the pipeline from text to HTML has changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from core.markdown.html import PIPELINE_VERSION, MarkupRefused, Profile, render

from .models import Revision, Series
from .pages import page_versions

# Rows to a transaction: short enough that no writer waits long for it.
BATCH = 100


@dataclass(frozen=True)
class StoredHtml:
    """Where HTML is kept: a model, the field with the text, the field with its HTML."""

    model: type[models.Model]
    profile: Profile
    text: str = "body"
    html: str = "body_html"


@dataclass(frozen=True)
class RerenderBatch:
    """What became of some rows: how many were written, and which cannot be rendered any more."""

    written: int
    refused: list[tuple[int, str]]


POSTS = (
    StoredHtml(Revision, Profile.POST),
    StoredHtml(Series, Profile.POST, "description", "description_html"),
)


def rerender(kept: StoredHtml, *, everything: bool = False) -> Iterator[RerenderBatch]:
    """Render the rows of `kept` that an older pipeline made, or all, and yield each batch.

    Stopped and started again it goes on where it was: rows that are done are no longer old. A row
    that is refused keeps the HTML it has. One that is edited meanwhile has been rendered by that.
    """
    rows = kept.model._default_manager.order_by("pk")
    if not everything:
        rows = rows.exclude(markup_version=PIPELINE_VERSION)
    last = 0
    while found := list(rows.filter(pk__gt=last).values_list("pk", kept.text)[:BATCH]):
        last = found[-1][0]
        batch = _rerender(kept, found)
        page_versions.move()
        yield batch


def _rerender(kept: StoredHtml, rows: list[tuple[int, str]]) -> RerenderBatch:
    rendered: dict[int, str] = {}
    refused = []
    for pk, text in rows:
        try:
            rendered[pk] = render(text, kept.profile) if text else ""
        except MarkupRefused as refusal:
            refused.append((pk, str(refusal.message)))
    texts = dict(rows)
    with transaction.atomic():
        written = sum(_write(kept, pk, texts[pk], html) for pk, html in rendered.items())
    return RerenderBatch(written, refused)


def _write(kept: StoredHtml, pk: int, text: str, html: str) -> int:
    changes: dict[str, Any] = {kept.html: html, "markup_version": PIPELINE_VERSION}
    unchanged = kept.model._default_manager.filter(pk=pk, **{kept.text: text})
    return unchanged.update(**changes)

"""Register the stored texts in which pictures may stand: a picture that one names is kept.

An app declares its columns in `AppConfig.ready`. The texts of posts, which are many and long, are
not among them: for each of their pictures there is a row (`posts.PostPicture`).
"""

import re
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db.models import Q

from .files import DIGEST_LENGTH

_DIGEST = re.compile(rf"[0-9a-f]{{{DIGEST_LENGTH}}}")


@dataclass(frozen=True)
class PicturedText:
    """The columns of `model` ("app.Model") whose text may name pictures; of drafts, or saved."""

    model: str
    columns: tuple[str, ...]
    is_draft: bool = False


_declared: dict[str, PicturedText] = {}


def declare(model: str, *columns: str, is_draft: bool = False) -> None:
    """Register the `columns` of `model`: HTML or Markdown of `Profile.POST`, or drafts of it."""
    _declared[model] = PicturedText(model, columns, is_draft)


def declared() -> set[str]:
    """Return all registered columns, as "app.Model.column"."""
    return {f"{text.model}.{column}" for text in _declared.values() for column in text.columns}


def named_digests(*, drafts: bool = True) -> set[str]:
    """Return the digests of all pictures that registered texts name; no drafts without `drafts`."""
    found: set[str] = set()
    for text in _declared.values():
        if drafts or not text.is_draft:
            found |= _digests_in(text)
    return found


def _digests_in(text: PicturedText) -> set[str]:
    named = Q()
    for column in text.columns:
        named |= Q(**{f"{column}__contains": settings.MEDIA_URL})
    rows = apps.get_model(text.model)._base_manager.filter(named).values_list(*text.columns)
    return {digest for row in rows.iterator() for value in row for digest in _DIGEST.findall(value)}

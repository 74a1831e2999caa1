"""Addresses of posts and series: what stands last in them, made from a title."""

from django.db.models import Model
from django.utils.text import slugify

SLUG_LENGTH = 80


def free_slug(model: type[Model], wish: str) -> str:
    """Return an address of at most `SLUG_LENGTH` characters made from `wish` that no row has."""
    stem = slugify(wish)[:SLUG_LENGTH].strip("-") or str(model._meta.model_name)
    slug, number = stem, 1
    while model._default_manager.filter(slug=slug).exists():
        number += 1
        slug = f"{stem[: SLUG_LENGTH - len(str(number)) - 1]}-{number}"
    return slug

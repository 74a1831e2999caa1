"""Make unique slugs for posts and series from their titles."""

from django.db.models import Model
from django.utils.text import slugify

# Characters, the width of the columns.
SLUG_LENGTH = 80


def free_slug(model: type[Model], text: str) -> str:
    """Return a slug made from `text`, of at most `SLUG_LENGTH` characters, new to `model`."""
    stem = slugify(text)[:SLUG_LENGTH].strip("-") or str(model._meta.model_name)
    slug, number = stem, 1
    while model._default_manager.filter(slug=slug).exists():
        number += 1
        slug = f"{stem[: SLUG_LENGTH - len(str(number)) - 1]}-{number}"
    return slug

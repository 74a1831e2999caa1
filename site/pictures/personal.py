"""Declare whose the uploaded pictures are. The table has no words of anybody."""

from typing import Any

from core import personal
from core.personal import Erasure, Holding, Rows

from . import deleting
from .models import Picture


def _forget(erasure: Erasure) -> None:
    """Delete the person's pictures but those in use, such as the logo of the site."""
    deleting.delete_of(erasure.person)


def _pictures(person: Any) -> Rows:
    found = Picture.objects.filter(uploaded_by=person).order_by("pk")
    return [
        {
            "address": picture.address,
            "purpose": picture.purpose,
            "width": picture.width,
            "height": picture.height,
            "bytes": picture.size,
            "uploaded_at": picture.uploaded_at,
        }
        for picture in found
    ]


personal.declare(
    "pictures",
    Holding(name="pictures", model="pictures.Picture", erase=_forget, download=_pictures),
)
personal.nobodys("the digest of what a file shows", pictures__Picture="digest")
personal.nobodys("a code, one of a few words", pictures__Picture="kind purpose")

"""Note which uploaded pictures stand in the text of a post: those that nothing uses are deleted."""

import re

from django.conf import settings

from pictures.deleting import lock
from pictures.files import digest_of
from pictures.models import Picture
from pictures.purposes import Purpose

from ..models import Post, PostPicture

_SOURCE = re.compile(rf'<img src="{re.escape(settings.MEDIA_URL)}([^"]+)"')


def note_pictures(post: Post, html: str) -> None:
    """Note the pictures of articles that `html`, a text of `post`, shows; in a transaction."""
    digests = {digest_of(name) for name in _SOURCE.findall(html)}
    if not digests:
        return
    lock()
    found = Picture.objects.filter(digest__in=digests, purpose=Purpose.ARTICLE)
    rows = [PostPicture(post=post, picture=picture) for picture in found]
    PostPicture.objects.bulk_create(rows, ignore_conflicts=True)

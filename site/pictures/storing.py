"""Store a picture that somebody uploads."""

from hashlib import sha256
from typing import Any

from django.utils import timezone

from core import limits
from core.db.transactions import retried
from core.images.cleaning import clean
from core.images.messages import Encoded
from core.images.refusal import PictureFault, PictureRefused

from . import files, texts
from .deleting import lock
from .models import Picture
from .purposes import Purpose


def store(file: bytes, purpose: Purpose, by: Any) -> Picture:
    """Clean the picture in `file`, and return it stored; the same one again is the same row.

    Until something refers to it, it is kept for `limits.PICTURE_KEPT` seconds. Raises
    PictureRefused, also for too many pictures of `by` that no saved text shows, or OSError if the
    disk fails or is full.
    """
    whole = clean(file, purpose.frame)
    # From the whole one, which is smaller than what was uploaded.
    further = {end: clean(whole.content, frame) for end, frame in purpose.further.items()}
    return _store(whole, further, purpose, by)


@retried
def _store(whole: Encoded, further: dict[str, Encoded], purpose: Purpose, by: Any) -> Picture:
    lock()
    own = {"digest": sha256(whole.content).hexdigest(), "purpose": purpose, "uploaded_by": by}
    if not Picture.objects.filter(**own).exists():
        _refuse_beyond_quota(by, len(whole.content))
    picture, _is_new = Picture.objects.update_or_create(
        **own,
        defaults={"uploaded_at": timezone.now()},
        create_defaults={
            "kind": whole.kind,
            "width": whole.width,
            "height": whole.height,
            "size": len(whole.content),
        },
    )
    for end, encoded in {"": whole, **further}.items():
        files.write(picture.file_name(end), encoded.content)
    return picture


def _refuse_beyond_quota(by: Any, size: int) -> None:
    """Refuse `size` more bytes if the pictures of `by` that no saved text shows take too many."""
    room = limits.PICTURES_UNUSED_BYTES - size
    unused = Picture.objects.filter(uploaded_by=by).unused().values_list("digest", "size")
    if sum(size for _digest, size in unused) <= room:
        return
    named = texts.named_digests(drafts=False)
    if sum(size for digest, size in unused if digest not in named) > room:
        raise PictureRefused(PictureFault.UNUSED)

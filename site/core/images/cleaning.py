"""Turn an uploaded file into a picture that may be shown, or say why not."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .. import limits
from ..db import sqlite_serial
from .messages import Encoded, Frame, Limits
from .refusal import PictureFault, PictureRefused
from .worker import PictureWorker

# Seconds of processor time. The largest picture that is taken needs about three.
DECODE_LIMIT = 10.0

SENTENCES = {
    PictureFault.EMPTY: _("This file is empty. Choose another."),
    PictureFault.BYTES: _(
        "This file is larger than %(megabytes)s MB. Save the picture smaller and choose it again."
    ),
    PictureFault.DRAWING: _(
        "This is a drawing or a page (SVG or HTML), whatever its name says. "
        "Export it as PNG and choose that."
    ),
    PictureFault.KIND: _("We cannot read this file as a picture. Choose a PNG, JPEG, WebP or GIF."),
    PictureFault.SIDES: _(
        "This picture has too many pixels: at most %(side)s a side and %(millions)s million "
        "in all. Make it smaller and choose it again."
    ),
    PictureFault.SMALL: _(
        "This picture is too small: an icon needs %(least)s pixels a side. Choose a larger one."
    ),
    PictureFault.MOVING: _(
        "This picture is animated. Save one frame of it as PNG and choose that."
    ),
    PictureFault.DAMAGED: _(
        "This picture is damaged or incomplete. Save it again in the program it comes from."
    ),
    PictureFault.COSTLY: _(
        "This picture takes too long or too much memory to read. "
        "Open it in a picture program, save it as PNG or JPEG, and choose that."
    ),
    PictureFault.BROKEN: _("The picture could not be read just now. Please try again."),
    PictureFault.UNUSED: _(
        "You have %(unused)s MB of pictures that no saved text shows. Save the text that shows "
        "them, then add more; pictures in no text are deleted after a month."
    ),
}

_worker = PictureWorker()


def sentence(reason: PictureFault) -> Promise | str:
    """Return why a picture is refused and what to do, for the person who chose it."""
    return SENTENCES[reason] % {
        "megabytes": f"{limits.PICTURE_BYTES / 1_000_000:g}",
        "side": f"{limits.PICTURE_SIDE:,}",
        "millions": f"{limits.PICTURE_PIXELS / 1_000_000:g}",
        "least": limits.ICON_LEAST,
        "unused": f"{limits.PICTURES_UNUSED_BYTES / 1_000_000:g}",
    }


def clean(file: bytes, frame: Frame) -> Encoded:
    """Return the picture in `file`, encoded anew to fit into `frame`.

    Raises PictureRefused, whose reason `sentence` explains.
    """
    if not file:
        raise PictureRefused(PictureFault.EMPTY)
    if len(file) > limits.PICTURE_BYTES:
        raise PictureRefused(PictureFault.BYTES)
    # Only an icon is enlarged, and one of few pixels would be a blur.
    least = limits.ICON_LEAST if frame.is_filled else 1
    taken = Limits(limits.PICTURE_SIDE, limits.PICTURE_PIXELS, least, frame)
    with sqlite_serial.released():
        return _worker.encoded_anew(file, taken, DECODE_LIMIT)

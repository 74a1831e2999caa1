"""Decode a picture and encode it anew with Pillow; runs in the process of `core.images` alone."""

import re
import warnings
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from .messages import Encoded, Frame, Limits
from .refusal import PictureFault, PictureRefused

# What Pillow may try, and how each is encoded again. MPO is what phones make: JPEG with a second
# picture behind it. A GIF that does not move is smaller as PNG.
ENCODED_AS = {"PNG": "png", "JPEG": "jpg", "MPO": "jpg", "WEBP": "webp", "GIF": "png"}
_TRIED = ("PNG", "JPEG", "WEBP", "GIF")
_OPTIONS: dict[str, dict[str, Any]] = {
    "png": {"format": "PNG", "optimize": True},
    "jpg": {"format": "JPEG", "quality": 88, "progressive": True, "optimize": True},
    "webp": {"format": "WEBP", "quality": 88},
}
_OPAQUE = 255
_WHITE, _CLEAR = (255, 255, 255, 255), (0, 0, 0, 0)
# What begins like a document of tags, after a byte order mark and space.
_TAGS = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*<")

# A small file may claim any size, and we compare it ourselves before a pixel is decoded.
warnings.simplefilter("ignore", Image.DecompressionBombWarning)
Image.MAX_IMAGE_PIXELS = None


def encoded_anew(file: bytes, limits: Limits) -> Encoded:
    """Return the pixels of `file`, upright and without anything else; raise PictureRefused."""
    try:
        return _encoded(_opened(file, limits), limits.frame)
    except PictureRefused:
        raise
    except UnidentifiedImageError as error:
        drawing = PictureFault.DRAWING if _TAGS.match(file) else PictureFault.KIND
        raise PictureRefused(drawing) from error
    except MemoryError as error:
        raise PictureRefused(PictureFault.COSTLY) from error
    except Exception as error:
        # Decoders raise anything at nonsense: OSError, SyntaxError, struct.error, IndexError.
        raise PictureRefused(PictureFault.DAMAGED) from error


def _opened(file: bytes, limits: Limits) -> Image.Image:
    """Return the picture with its header read, which says enough to refuse most."""
    picture = Image.open(BytesIO(file), formats=_TRIED)
    width, height = picture.size
    if max(width, height) > limits.side or width * height > limits.pixels:
        raise PictureRefused(PictureFault.SIDES)
    if min(width, height) < limits.least:
        raise PictureRefused(PictureFault.SMALL)
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        raise PictureRefused(PictureFault.MOVING)
    return picture


def _encoded(picture: Image.Image, frame: Frame) -> Encoded:
    kind = "png" if frame.is_filled else ENCODED_AS[picture.format or ""]
    picture.load()
    pixels = ImageOps.exif_transpose(picture)
    has_alpha = kind != "jpg" and pixels.has_transparency_data
    pixels = pixels.convert("RGBA" if has_alpha or frame.is_filled else "RGB")
    if frame.is_filled:
        pixels = _filled(pixels, frame)
    else:
        pixels.thumbnail((frame.width, frame.height))
    # Comments, profiles and positions are in `info`, from which some encoders write.
    pixels.info = {}
    target = BytesIO()
    pixels.save(target, **_OPTIONS[kind])
    return Encoded(kind, *pixels.size, target.getvalue())


def _filled(pixels: Image.Image, frame: Frame) -> Image.Image:
    """Return an area of the size of `frame` with `pixels` in its middle."""
    room = (frame.width - 2 * frame.margin, frame.height - 2 * frame.margin)
    inner = ImageOps.contain(pixels, room)
    size = (frame.width, frame.height)
    area = Image.new("RGBA", size, _colour_around(inner) if frame.is_opaque else _CLEAR)
    area.alpha_composite(inner, ((size[0] - inner.width) // 2, (size[1] - inner.height) // 2))
    return area.convert("RGB") if frame.is_opaque else area


def _colour_around(pixels: Image.Image) -> tuple[int, ...]:
    """Return the colour of the corner of `pixels`, against which no edge shows; else white."""
    corner = pixels.getpixel((0, 0))
    return corner if isinstance(corner, tuple) and corner[3] == _OPAQUE else _WHITE

"""Make pictures, good and hostile, for the tests of everything that takes one."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

# What must be found in nothing that is stored.
MARKER = b"<script>alert(1)</script>"
_PNG = b"\x89PNG\r\n\x1a\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    return _saved(image, kind, **options)


def moving(frames: int, kind: str = "GIF") -> bytes:
    """Return an animation."""
    images = [Image.new("L", (8, 8), number * 80 % 256) for number in range(frames)]
    return _saved(images[0], kind, save_all=True, append_images=images[1:])


def claimed(width: int, height: int, data: bytes = b"") -> bytes:
    """Return a PNG whose header claims a size that `data`, its compressed rows, need not have."""
    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return _PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def bomb() -> bytes:
    """Return a PNG of less than 200 kB that decodes to 300 MB of zeros."""
    return claimed(10_000, 10_000, zlib.compress(bytes(10_000 * 30_001 // 10), 9))


def text_bomb() -> bytes:
    """Return a small PNG with a comment that unpacks to 64 MB."""
    packed = zlib.compress(bytes(64 * 1024**2), 9)
    text = _chunk(b"zTXt", b"Comment\0\0" + packed)
    whole = picture()
    return whole[:33] + text + whole[33:]


def with_metadata() -> dict[str, bytes]:
    """Return pictures that say more than their pixels, each with MARKER in it."""
    exif = Image.Exif()
    exif[0x010E] = exif[0x8298] = MARKER.decode()
    info = PngInfo()
    info.add_text("Comment", MARKER.decode())
    return {
        "EXIF": picture("JPEG", exif=exif),
        "a comment": picture("JPEG", comment=MARKER),
        "a profile": picture("JPEG", icc_profile=MARKER * 20),
        "a text": picture(pnginfo=info),
        "XMP": picture("WEBP", xmp=MARKER),
        "a page behind it": picture() + MARKER,
        "an archive behind it": picture("JPEG") + b"PK\x03\x04" + MARKER,
        "a GIF that is a script": picture("GIF", comment=MARKER) + b"/*" + MARKER + b"*/",
    }


def refused() -> dict[str, tuple[bytes, str]]:
    """Return files that are not taken, each with a part of the sentence that refuses it."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    return {
        "nothing": (b"", "empty"),
        "too many bytes": (picture() + bytes(2_000_000), "larger than 1.9 MB"),
        "an SVG": (svg, "Export it as PNG"),
        "an SVG with a declaration": (b'\xef\xbb\xbf\n<?xml version="1.0"?>' + svg, "drawing"),
        "a page": (b"<!doctype html>" + MARKER, "drawing"),
        "a text": (b"GIF89 is no picture", "cannot read this file"),
        "a TIFF": (picture("TIFF"), "cannot read this file"),
        "a BMP": (picture("BMP"), "cannot read this file"),
        "an icon": (picture("ICO"), "cannot read this file"),
        "EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "cannot read this file"),
        "50,000 x 50,000": (claimed(50_000, 50_000), "too many pixels"),
        "long and narrow": (claimed(10_001, 1), "too many pixels"),
        "a bomb": (bomb(), "too many pixels"),
        "a bomb of text": (text_bomb(), "damaged"),
        "cut off": (picture(size=(400, 300))[:-200], "damaged"),
        "a JPEG cut off": (picture("JPEG", (400, 300))[:-900], "damaged"),
        "a header alone": (claimed(100, 100), "damaged"),
        "a thousand frames": (moving(1000), "animated"),
        "a moving WebP": (moving(3, "WEBP"), "animated"),
        "a moving PNG": (moving(3, "PNG"), "animated"),
    }


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = struct.pack("!I", zlib.crc32(name + data))
    return struct.pack("!I", len(data)) + name + data + checksum

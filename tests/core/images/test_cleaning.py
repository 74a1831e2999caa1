"""Test what becomes of pictures, good and hostile."""

from io import BytesIO

import pytest
from PIL import Image

from core import limits
from core.images import cleaning
from core.images.messages import Frame
from core.images.refusal import PictureRefused

from . import hostile

SHOWN = Frame(1000, 1000)


@pytest.mark.parametrize(
    ("kind", "stored"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp"), ("GIF", "png")]
)
def test_a_picture_is_encoded_anew(kind: str, stored: str) -> None:
    cleaned = cleaning.clean(hostile.picture(kind), SHOWN)
    again = Image.open(BytesIO(cleaned.content))
    assert (cleaned.kind, cleaned.width, cleaned.height) == (stored, 40, 30)
    assert again.size == (40, 30)
    red, _green, blue = again.convert("RGB").getpixel((5, 15))  # type: ignore[misc]
    assert red > 200 > blue


def test_a_large_one_is_shrunk_and_transparency_stays() -> None:
    target = BytesIO()
    Image.new("RGBA", (300, 100), (0, 0, 0, 0)).save(target, "PNG")
    cleaned = cleaning.clean(target.getvalue(), Frame(150, 150))
    assert (cleaned.width, cleaned.height) == (150, 50)
    assert Image.open(BytesIO(cleaned.content)).getpixel((0, 0)) == (0, 0, 0, 0)


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    cleaned = cleaning.clean(hostile.picture("JPEG", exif=exif), SHOWN)
    assert (cleaned.width, cleaned.height) == (30, 40)


@pytest.mark.parametrize("what", hostile.with_metadata())
def test_nothing_but_pixels_is_left(what: str) -> None:
    file = hostile.with_metadata()[what]
    assert hostile.MARKER in file
    cleaned = cleaning.clean(file, SHOWN)
    assert hostile.MARKER not in cleaned.content
    again = Image.open(BytesIO(cleaned.content))
    assert not again.getexif()
    assert not {"icc_profile", "comment", "xmp", "exif", "Comment"} & again.info.keys()


def test_a_filled_frame_is_filled_by_any_picture() -> None:
    target = BytesIO()
    Image.new("RGBA", (400, 200), (0, 0, 255, 255)).save(target, "PNG")
    clear, opaque, within = (
        Image.open(BytesIO(cleaning.clean(target.getvalue(), frame).content))
        for frame in (
            Frame(512, 512, is_filled=True),
            Frame(180, 180, is_filled=True, is_opaque=True),
            Frame(512, 512, is_filled=True, margin=112),
        )
    )
    assert (clear.size, clear.mode, opaque.size, opaque.mode) == (
        (512, 512), "RGBA", (180, 180), "RGB",
    )  # fmt: skip
    assert [clear.getpixel(at) for at in ((0, 0), (256, 256))] == [(0, 0, 0, 0), (0, 0, 255, 255)]
    assert opaque.getpixel((0, 0)) == (0, 0, 255)
    assert within.getbbox() == (112, 184, 400, 328)
    with pytest.raises(PictureRefused) as refused:
        cleaning.clean(hostile.picture(), Frame(512, 512, is_filled=True))
    assert "needs 180 pixels a side" in str(cleaning.sentence(refused.value.reason))


def test_each_hostile_file_is_refused_with_a_sentence_and_the_next_picture_works() -> None:
    for what, (file, sentence) in hostile.refused().items():
        with pytest.raises(PictureRefused) as refused:
            cleaning.clean(file, SHOWN)
        assert sentence in str(cleaning.sentence(refused.value.reason)), what
    assert cleaning.clean(hostile.picture(), SHOWN).kind == "png"


def test_the_largest_picture_fits_into_the_limits() -> None:
    side = int(limits.PICTURE_PIXELS**0.5)
    assert cleaning.clean(hostile.picture("PNG", (side, side)), SHOWN).width == SHOWN.width

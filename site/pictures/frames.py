"""The sizes in which pictures are stored, in pixels, for each purpose."""

from core.images.messages import Frame

# Twice the height of the masthead's logo, for fine screens, and twice the width that fits.
LOGO = Frame(640, 96)
# The largest icon of a home screen.
ICON = Frame(512, 512, is_filled=True)
# An icon's further files, by what stands behind its digest in their names. One with another frame
# needs another name, since browsers keep for ever what they have of one. iOS paints clear pixels
# black. "maskable" is cut to any shape, of which only the middle circle of 80 % is always left: of
# three quarters of the side that takes nothing but the corners.
ICON_FILES = {
    "32": Frame(32, 32, is_filled=True),
    "180": Frame(180, 180, is_filled=True, is_opaque=True),
    "192": Frame(192, 192, is_filled=True),
    "maskable": Frame(512, 512, is_filled=True, is_opaque=True, margin=64),
}
# Twice the width of an article's column, for fine screens, and as high for one that stands upright.
ARTICLE = Frame(1_600, 1_600)

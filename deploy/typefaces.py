"""Cut the typefaces of the site from their originals: smaller axes, only the features we use.

The originals are those of Fontsource, split by script already. In an empty folder:

    npm pack @fontsource-variable/newsreader@5.3.0 @fontsource-variable/figtree@5.3.0
    for file in *.tgz; do tar xzf "$file" --transform "s,^package,${file%%-5*},"; done

Then here: `.venv/bin/python deploy/typefaces.py FOLDER`. What it writes is committed, and named in
site/static/css/typefaces.css with the characters that each file holds.
"""

import sys
from pathlib import Path
from typing import NamedTuple

from fontTools import subset
from fontTools.varLib import instancer

FONTS = Path(__file__).resolve().parent.parent / "site/static/fonts"
# What the style sheets ask of a typeface, and what a script needs to be written correctly.
FEATURES = ["kern", "liga", "tnum", "locl", "ccmp", "mark", "mkmk", "rvrn"]
# Copyright, name, version and licence.
NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]
REGULAR, BOLD = 400, 700
SCRIPTS = {
    "newsreader": ("latin", "latin-ext", "vietnamese"),
    "newsreader-italic": ("latin", "latin-ext", "vietnamese"),
    "figtree": ("latin", "latin-ext"),
}


class Cut(NamedTuple):
    """One file of the site: which original it comes from, and its lightest and boldest weight."""

    name: str
    original: str
    weights: tuple[int, int] = (REGULAR, BOLD)


def cuts() -> list[Cut]:
    """Return every file of the site."""
    found = [
        Cut(f"{face}-{script}", original(face, script))
        for face, scripts in SCRIPTS.items()
        for script in scripts
    ]
    # Nearly all that is italic is of one weight, and half as large without the others.
    regular = Cut("newsreader-italic-latin", original("newsreader-italic", "latin"), (REGULAR,) * 2)
    bold = Cut("newsreader-italic-bold-latin", regular.original)
    return [each for each in found if each.name != regular.name] + [regular, bold]


def original(face: str, script: str) -> str:
    """Return where Fontsource keeps a face of one script."""
    family, _, style = face.partition("-")
    file = f"{family}-{script}-wght-{style or 'normal'}.woff2"
    return f"fontsource-variable-{family}/files/{file}"


def cut(source: Path, target: Path, weights: tuple[int, int]) -> None:
    """Write what the site needs of the font in `source` to `target`."""
    options = subset.Options(layout_features=FEATURES, name_IDs=NAMES, hinting=False)
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=list(font.getBestCmap()))
    subsetter.subset(font)
    lightest, boldest = weights
    limit = lightest if lightest == boldest else (lightest, boldest)
    instancer.instantiateVariableFont(font, {"wght": limit}, inplace=True)
    font.flavor = "woff2"
    font.save(target)


def main() -> None:
    """Write all files from the folder that the command names, and say how large they are."""
    folder = Path(sys.argv[1])
    for name, source, weights in cuts():
        target = FONTS / f"{name}.woff2"
        cut(folder / source, target, weights)
        print(f"{target.stat().st_size:>7,} {target.name}")


if __name__ == "__main__":
    main()

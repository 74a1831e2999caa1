"""The names that members of an archive may have."""

MANIFEST = "manifest.json"
# In the form of `sha256sum`, so that it can be checked by hand.
SEAL = "manifest.sha256"
DATABASE = "database"
MEDIA = "media"


def is_allowed(name: str) -> bool:
    """Whether a member may be called so: one of ours, or a plain path below `media/`."""
    if name in {MANIFEST, SEAL, DATABASE}:
        return True
    top, *steps = name.split("/")
    return top == MEDIA and bool(steps) and all(_is_plain(step) for step in steps)


def _is_plain(step: str) -> bool:
    """Whether one step of a path leads down, and can be written and read on any system."""
    return step not in {"", ".", ".."} and step.isprintable() and "\\" not in step

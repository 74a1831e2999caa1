"""The names of the members of an archive."""

MANIFEST = "manifest.json"
# In the format of `sha256sum`, so that it can be checked by hand.
CHECKSUM = "manifest.sha256"
DATABASE = "database"
MEDIA = "media"
# Without it the handles of erased accounts would be free again.
HANDLE_KEY = "handle.key"


def is_allowed(name: str) -> bool:
    """Return whether `name` is valid for a member: a constant here, or a path below `media/`."""
    if name in {MANIFEST, CHECKSUM, DATABASE, HANDLE_KEY}:
        return True
    top, *parts = name.split("/")
    return top == MEDIA and bool(parts) and all(_is_plain(part) for part in parts)


def _is_plain(part: str) -> bool:
    """Return whether a part of a path is an ordinary name, valid on any system."""
    return part not in {"", ".", ".."} and part.isprintable() and "\\" not in part

"""Read the text of a file, and refuse binary, oversized and empty files."""

import re
from pathlib import Path

from django.utils.translation import gettext as _

from core import limits
from core.exceptions import ActionRefused

# Control characters except white space: they occur in binary files only.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def read_text(path: Path) -> str:
    """Return the text of the file at `path`, in UTF-8 or UTF-16.

    Raises `ActionRefused` for a file that is missing, unreadable, binary, in another encoding,
    empty, or longer than `limits.POST_MAX` characters.
    """
    try:
        with path.open("rb") as file:
            found = file.read(4 * limits.POST_MAX + 4)
    except FileNotFoundError:
        raise ActionRefused(
            _("There is no file %(path)s. Check its name and folder.") % {"path": path}
        ) from None
    except IsADirectoryError:
        raise ActionRefused(
            _("%(path)s is a folder. Name an article in it.") % {"path": path}
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise ActionRefused(
            _("%(path)s cannot be read (%(reason)s). Check its permissions.")
            % {"path": path, "reason": reason}
        ) from None
    return _decode(found, path)


def _decode(found: bytes, path: Path) -> str:
    is_utf16 = found.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in found and not is_utf16:
        raise ActionRefused(
            _("%(path)s is not a text file. Save it as plain text or Markdown.") % {"path": path}
        )
    try:
        text = found.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise ActionRefused(
            _("%(path)s is not in UTF-8. Save it in that encoding.") % {"path": path}
        ) from None
    if CONTROL_CHARACTERS.search(text):
        raise ActionRefused(
            _("%(path)s is not a text file. Save it as plain text or Markdown.") % {"path": path}
        )
    if len(text) > limits.POST_MAX:
        raise ActionRefused(
            _("%(path)s is longer than %(limit)d characters. Split it into parts.")
            % {"path": path, "limit": limits.POST_MAX}
        )
    if not text.strip():
        raise ActionRefused(_("%(path)s is empty. Write the article first.") % {"path": path})
    return text

"""Storage of static files: joined style sheets, and hashed names that can be cached forever."""

import re
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage, storages
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The sheets that pages name; what they import becomes part of them.
SHEETS = ("css/site.css", "css/writing.css")
_IMPORT = re.compile(r'@import "([^"]+)";')
# What browsers skip. Shorter still is what a minifier makes, but those of Python take the space in
# `a :is(b)` for one too many.
_SKIPPED = re.compile(r"/\*.*?\*/\s*|^\s+|(?<=[{};,])\n", re.DOTALL | re.MULTILINE)
# No text of ours that runs over several lines has a line that begins so.
_COMMENTED = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)
_OUR_SCRIPT = re.compile(r"js/.*\.js")

# Names of files below `static/`, and where each is kept under which name.
Paths = dict[str, tuple[Storage, str]]


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Joins style sheets, hashes and compresses files, and rewrites imports between JS modules.

    Scripts are served without the lines that are comments alone.
    """

    support_js_module_import_aggregation = True
    # Only ours: vendored libraries have comments with imports of files that do not exist.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Yield what became of each of `paths`."""
        joined = InMemoryStorage()
        for name in filter(paths.__contains__, SHEETS):
            sheet = _SKIPPED.sub("", with_imports(name, paths))
            paths[name] = (joined, joined.save(name, ContentFile(sheet.encode())))
        for name in [each for each in paths if _OUR_SCRIPT.fullmatch(each)]:
            script = _COMMENTED.sub("", text_of(name, paths))
            paths[name] = (joined, joined.save(name, ContentFile(script.encode())))
        yield from super().post_process(paths, dry_run=dry_run, **options)


def require_manifest() -> None:
    """Exit with a sentence if pages would find no static file; for web servers, before they serve.

    Only hashed names have a manifest; a site that is being developed has none.
    """
    storage = storages["staticfiles"]
    if isinstance(storage, HashedStaticFilesStorage) and not storage.hashed_files:
        sys.exit(
            "Counterpoint cannot start: the static files are not collected in "
            f"{storage.location}. Run `manage.py collectstatic --noinput` with the same settings."
        )


def with_imports(name: str, paths: Paths) -> str:
    """Return the style sheet `name` with the sheets that it imports in their places.

    They lie beside it, so that the addresses in them stay right.
    """
    beside = PurePosixPath(name)
    return _IMPORT.sub(
        lambda found: with_imports(str(beside.with_name(found[1])), paths), text_of(name, paths)
    )


def text_of(name: str, paths: Paths) -> str:
    """Return the text of the file `name`, which is in UTF-8."""
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())

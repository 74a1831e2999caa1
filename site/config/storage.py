"""Storage of static files under hashed names, so that browsers can cache them forever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashes and compresses static files, and rewrites imports between our JS modules."""

    support_js_module_import_aggregation = True
    # Only ours: vendored libraries have comments with imports of files that do not exist.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

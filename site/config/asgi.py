"""ASGI entry point for production servers."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.storage import require_manifest

require_manifest()
application = get_asgi_application()

from core.sent.content_types import OurASGIRequest  # noqa: E402 (needs the settings)

application.request_class = OurASGIRequest

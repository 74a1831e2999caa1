"""WSGI entry point for production servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.storage import require_manifest

require_manifest()
django = get_wsgi_application()

from core.caching.wsgi import replay_responses  # noqa: E402 (needs the apps loaded)
from core.sent.content_types import OurWSGIRequest  # noqa: E402

django.request_class = OurWSGIRequest

application = replay_responses(django)

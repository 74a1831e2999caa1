"""WSGI entry point for production servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django = get_wsgi_application()

from core.caching.wsgi import replaying  # noqa: E402  (it knows models, which are there only now)

application = replaying(django)
